"""Drafts as the API takes them."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from cabinet_service.inspections.core.schemas import nothing_for_empty
from cabinet_service.inspections.drafting.claims import ClaimIn
from cabinet_service.inspections.viewing.schemas import InspectionOut
from service_kit.http.schemas import ApiInput, LongText
from shared_schemas.words import Shot, ShotAnswer

Worry = Annotated[LongText | None, BeforeValidator(nothing_for_empty)]


class AnsweredShotIn(ApiInput):
    shot: Shot
    answer: ShotAnswer


def _one_a_shot(answers: list[AnsweredShotIn]) -> list[AnsweredShotIn]:
    if len({one.shot for one in answers}) < len(answers):
        raise ValueError("a shot is answered twice")
    return answers


ShotAnswers = Annotated[
    Annotated[list[AnsweredShotIn], Field(max_length=len(Shot)), AfterValidator(_one_a_shot)] | None,
    Field(description="What is said in place of photos: all of it, one answer a shot."),
]


class NewInspection(ApiInput):
    claim: ClaimIn = ClaimIn()
    worry: Worry = None
    shot_answers: ShotAnswers = None
    company_id: UUID | None = None
    branch_id: UUID | None = None
    again: Annotated[
        bool | None,
        Field(
            description="Of a program: begin a new one, although the company has one of this car that is open, "
            "or was sent within 30 days."
        ),
    ] = None


class OpenedInspection(InspectionOut):
    """`existing`: the company had it already, and what was sent has changed nothing."""

    existing: bool


class InspectionPatch(ApiInput):
    claim: ClaimIn | None = None
    worry: Worry = None
    shot_answers: ShotAnswers = None
    company_id: UUID | None = Field(
        default=None,
        description="In whose name it is ordered; null: the client's own. Whoever began it says so, "
        "and the branch with it.",
    )
    branch_id: UUID | None = Field(default=None, description="Of an agent their own, if none is named.")
