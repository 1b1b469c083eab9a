"""What becomes of a test, by the number of its car: which outcome it is for, and what is done about it next.

Pure. Nothing is remembered between two steps: the next one follows from how the case stands, so that whatever
happens to it in between, and whoever moves its clock, the script goes on from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.words import InspectionState, Verdict

MAKER: Final = "0AD"
"""How every number of the sandbox begins. No maker has that code, and none of a region can be given it."""
SLOW_BY: Final = timedelta(minutes=5)
"""So long after the time is up a slow answer comes."""


class Outcome(StrEnum):
    """What an integrator wants to see. The word stands in the number of the car, behind `MAKER`."""

    CLEAN = "CLEAN"
    DOUBTS = "MAYBE"
    FORGERY_SIGNS = "FAKED"
    INSUFFICIENT_DATA = "VAGUE"
    SLOW = "LATER"
    QUESTION = "ASKED"
    SOURCE_DOWN = "BREAK"
    DISPUTED = "ARGUE"


class Step(StrEnum):
    """What the script does about a case."""

    CLAIM = "claim"
    ASK = "ask"
    DECIDE = "decide"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the script decides, and how much what it finds weighs. `not_covered`: something could not be seen."""

    verdict: Verdict
    severity: FindingSeverity
    not_covered: bool = False


_CLEAN: Final = Answer(Verdict.CLEAN, FindingSeverity.CONFIRMED)
_UNCLEAR: Final = Answer(Verdict.INSUFFICIENT_DATA, FindingSeverity.UNUSUAL, not_covered=True)
_ANSWERS: Final[Mapping[Outcome, Answer]] = {
    Outcome.CLEAN: _CLEAN,
    Outcome.DOUBTS: Answer(Verdict.DOUBTS, FindingSeverity.ANOMALY),
    Outcome.FORGERY_SIGNS: Answer(Verdict.FORGERY_SIGNS, FindingSeverity.CONTRADICTION),
    Outcome.INSUFFICIENT_DATA: _UNCLEAR,
    Outcome.SLOW: _CLEAN,
    Outcome.QUESTION: _CLEAN,
    Outcome.SOURCE_DOWN: Answer(Verdict.CLEAN, FindingSeverity.CONFIRMED, not_covered=True),
    Outcome.DISPUTED: Answer(Verdict.DOUBTS, FindingSeverity.ANOMALY),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """How a test stands: `used` and `budget` are of its clock.

    `asked` says that the client was asked for something, `awaited` that they have not answered yet.
    """

    outcome: Outcome | None
    state: InspectionState
    held: bool
    used: timedelta
    budget: timedelta
    asked: bool = False
    awaited: bool = False


def outcome_of(number: str | None) -> Outcome | None:
    """Which outcome the number of a car is for; None for any other number."""
    if number is None or not number.startswith(MAKER):
        return None
    word = number[len(MAKER) : len(MAKER) + 5]
    return next((one for one in Outcome if one == word), None)


def answer_of(outcome: Outcome | None, *, declined: bool = False) -> Answer:
    """What is decided. A number that is for nothing gets no verdict about a car, and neither does one of which
    the client `declined` to show what they were asked for.
    """
    return _UNCLEAR if outcome is None or declined else _ANSWERS[outcome]


def next_step(seen: Situation) -> Step | None:
    """What to do now; None for nothing."""
    match seen.state:
        case InspectionState.DISPUTED:
            return Step.REVIEW if seen.held else Step.CLAIM
        case InspectionState.QUEUED:
            is_early = seen.outcome is Outcome.SLOW and seen.used < seen.budget + SLOW_BY
            return None if is_early else Step.CLAIM
        case InspectionState.IN_WORK:
            if seen.outcome is Outcome.QUESTION and not seen.asked:
                return Step.ASK
            return None if seen.awaited else Step.DECIDE
        case _:
            return None
