"""What the script says, in the language of who ordered. Each sentence says that it is a test."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.words import Verdict


@dataclass(frozen=True, slots=True)
class Words:
    found: Mapping[FindingSeverity, str]
    summary: Mapping[Verdict, str]
    question: str
    not_covered: str
    explanation: str
    reviewed: str


_EN: Final = Words(
    found={
        FindingSeverity.CONFIRMED: "Test: the characters are of one depth and pitch.",
        FindingSeverity.ANOMALY: "Test: the last characters stand lower than the others.",
        FindingSeverity.CONTRADICTION: "Test: the panel with the number is welded in.",
        FindingSeverity.UNUSUAL: "Test: the photo is out of focus.",
    },
    summary={
        Verdict.CLEAN: "Test: no signs that the marking was altered.",
        Verdict.DOUBTS: "Test: there are doubts about the marking.",
        Verdict.FORGERY_SIGNS: "Test: there are signs that the marking was altered.",
        Verdict.INSUFFICIENT_DATA: "Test: the photos do not suffice for an answer.",
    },
    question="Test: please photograph the number again, from nearer by.",
    not_covered="Test: what could not be seen or asked.",
    explanation="Test: the paper of a repair explains it.",
    reviewed="Test: the dispute was looked at.",
)
_RU: Final = Words(
    found={
        FindingSeverity.CONFIRMED: "Тест: знаки одной глубины и с одним шагом.",
        FindingSeverity.ANOMALY: "Тест: последние знаки стоят ниже остальных.",
        FindingSeverity.CONTRADICTION: "Тест: панель с номером вварена.",
        FindingSeverity.UNUSUAL: "Тест: снимок не в фокусе.",
    },
    summary={
        Verdict.CLEAN: "Тест: признаков изменения маркировки нет.",
        Verdict.DOUBTS: "Тест: маркировка вызывает сомнения.",
        Verdict.FORGERY_SIGNS: "Тест: есть признаки изменения маркировки.",
        Verdict.INSUFFICIENT_DATA: "Тест: по этим снимкам ответить нельзя.",
    },
    question="Тест: снимите номер ещё раз, поближе.",
    not_covered="Тест: то, что не удалось увидеть или спросить.",
    explanation="Тест: это объясняет документ о ремонте.",
    reviewed="Тест: возражение рассмотрено.",
)


def words_in(language: str) -> Words:
    return _EN if language == "en" else _RU
