"""The catalogues: the same in both languages, and each sentence of legal weight with its reason."""

import json
import re
from typing import Any, Final, get_args

import pytest

from shared_schemas.report.content import ReportLanguage
from shared_schemas.report.presented import Reader
from shared_schemas.report.presenting.catalogue import FOLDER, LEGAL, SAID, Words

CATALOGUES: Final = (SAID, LEGAL)
NOT_FOR_SELLERS: Final = ("clock.", "seen.worry")
PLACEHOLDER: Final = re.compile(r"\{(.*?)\}")
# Of legal weight: they stand in the files that a lawyer reads, and in no other.
FOR_A_LAWYER: Final = re.compile(
    r"маркировк\w+ (?:не )?(?:изменен|менял)|изменени\w+ маркировки|подделк|юрист|forge|lawyer|altered",
    re.IGNORECASE,
)


def written(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}.arb").read_text(encoding="utf-8"))


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=["usual", "legal"])
def test_both_languages_say_the_same_with_the_same_places_for_values(catalogue: Any) -> None:
    russian, english = (
        {key: sorted(PLACEHOLDER.findall(text)) for key, text in catalogue[language].items()}
        for language in ("ru", "en")
    )
    assert russian == english


@pytest.mark.parametrize("language", get_args(ReportLanguage))
@pytest.mark.parametrize("catalogue", CATALOGUES, ids=["usual", "legal"])
def test_each_text_is_in_its_language(catalogue: Any, language: ReportLanguage) -> None:
    for key, text in catalogue[language].items():
        words = PLACEHOLDER.sub("", text)
        if re.search(r"[^\W\d_]{3,}", words) and key != "identifier.vin":
            assert bool(re.search("[а-яё]", words, re.IGNORECASE)) == (language == "ru"), key


@pytest.mark.parametrize("language", get_args(ReportLanguage))
def test_each_sentence_of_legal_weight_has_its_reason(language: ReportLanguage) -> None:
    file = written(f"legal.{language}")
    assert all(file[f"@{key}"]["description"] for key in LEGAL[language])


@pytest.mark.parametrize("language", get_args(ReportLanguage))
def test_no_other_file_speaks_of_altered_markings_or_of_the_law(language: ReportLanguage) -> None:
    assert [key for key, text in SAID[language].items() if FOR_A_LAWYER.search(text)] == []


def test_nothing_is_called_a_forgery_or_an_experts_opinion() -> None:
    established = re.compile(
        r"подделан|поддельн|фальшив|перебит|заключение эксперта|forged|fake|expert opinion", re.IGNORECASE
    )
    found = {
        key
        for catalogue in CATALOGUES
        for language in get_args(ReportLanguage)
        for key, text in catalogue[language].items()
        if established.search(text)
    }
    assert found == {"kind.opinion"}  # which says that it is none


def test_who_is_spoken_to_is_known() -> None:
    readers = {str(one) for one in Reader}
    for catalogue in CATALOGUES:
        keys = set(catalogue["ru"])
        for key in keys:
            head, _, last = key.rpartition(".")
            if last in readers and head:
                spoken_to = readers - {"seller"} if head.startswith(NOT_FOR_SELLERS) else readers
                told = {one.rpartition(".")[2] for one in keys if one.rpartition(".")[0] == head}
                assert told == spoken_to, key


@pytest.mark.parametrize(
    ("count", "russian", "english"),
    [
        (0, "0 снимков", "0 photos"),
        (1, "1 снимок", "1 photo"),
        (2, "2 снимка", "2 photos"),
        (5, "5 снимков", "5 photos"),
        (11, "11 снимков", "11 photos"),
        (12, "12 снимков", "12 photos"),
        (21, "21 снимок", "21 photos"),
        (22, "22 снимка", "22 photos"),
        (111, "111 снимков", "111 photos"),
        (1001, "1\N{NARROW NO-BREAK SPACE}001 снимок", "1\N{NARROW NO-BREAK SPACE}001 photos"),
    ],
)
def test_so_many_of_something(count: int, russian: str, english: str) -> None:
    assert Words("ru", Reader.BUYER).counted("count.photo", count) == russian
    assert Words("en", Reader.BUYER).counted("count.photo", count) == english
