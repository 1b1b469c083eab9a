"""What is typed, and what is said of what was found, as the APIs of both services speak of it."""

from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Final, Literal

from fastapi import Depends, Query
from pydantic import ConfigDict, Field

from service_kit.http.problems import Problem
from service_kit.http.schemas import ApiOutput
from service_kit.search.asking.question import LONGEST, Asked
from service_kit.search.documents import NameKind, TextField
from service_kit.search.questions import Fit

_MOST_SENT: Final = 20_000


class QuestionTooLong(Problem):
    """`most` is how many characters are read."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    code = "question_too_long"
    en = "Nothing is looked for that is longer than {most} characters."
    ru = "Искать можно не больше чем по {most} символам."


async def _typed(
    q: Annotated[
        str,
        Query(
            max_length=_MOST_SENT,
            description="As somebody types it: numbers or parts of them, words, days, in any order. Of more than "
            f"{LONGEST} characters nothing is read.",
        ),
    ] = "",
) -> str:
    """Raises QuestionTooLong."""
    if len(q) > LONGEST:
        raise QuestionTooLong(most=LONGEST)
    return q


Typed = Annotated[str, Depends(_typed)]
MOST_SHOWN: Final = 50
"""Of each it is said by what it was found: to find that out takes longer than to find it."""
FewRows = Annotated[int, Query(ge=1, le=MOST_SHOWN, description="Rows a page.")]


class FitOut(StrEnum):
    """How well something answers: by a number as a whole, by where it begins or ends, by a part of it, by one
    with a mistake in it, by words. Of several things the worst.
    """

    WHOLE = "whole"
    END = "end"
    PART = "part"
    MISTAKEN = "mistaken"
    WORD = "word"

    @classmethod
    def of(cls, fit: Fit) -> "FitOut":
        return cls(fit.name.lower())


class Part(StrEnum):
    """In which part of it something was found."""

    NUMBER = NameKind.NUMBER
    PLATE = NameKind.PLATE
    ENGINE = NameKind.ENGINE
    PHONE = NameKind.PHONE
    CASE = NameKind.CASE
    ABOUT = TextField.ABOUT
    PEOPLE = TextField.PEOPLE
    FINDINGS = TextField.FINDINGS
    ANSWER = TextField.ANSWER
    MESSAGES = TextField.MESSAGES
    NOTES = TextField.NOTES


class MatchOut(ApiOutput):
    """What of it answers. `marks` are [start, end) in code points of `text`."""

    what: Part
    text: str
    marks: list[tuple[int, int]]


class UnderstoodOut(ApiOutput):
    """A part of what was typed, and what it was taken for: a number (or a part of one), words, or days."""

    model_config = ConfigDict(serialize_by_alias=True)

    text: str
    taken_for: Literal["name", "words", "dates"] = Field(serialization_alias="as")
    since: date | None = None
    until: date | None = None

    @classmethod
    def all_of(cls, asked: Asked) -> list["UnderstoodOut"]:
        return [
            cls(text=one.text, taken_for=one.taken_for.value, since=one.since, until=one.until)
            for one in asked.understood
        ]


class Why(StrEnum):
    """Why an answer may miss something. AWAY: only numbers that are whole were looked for. BEHIND: what changed
    within the last `behind_seconds` may be missing. BUILDING: the index is being built for the first time.
    """

    AWAY = "index_away"
    BEHIND = "index_behind"
    BUILDING = "index_building"


class LimitedOut(ApiOutput):
    """That, and why, an answer may miss something."""

    why: Why
    behind_seconds: int | None = None
