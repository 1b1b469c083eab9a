"""Reads of decisions."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.sql.selectable import LateralFromClause

from bpa_service.cases.core.models import Case
from bpa_service.cases.deciding.models import Decision, DecisionKind
from service_kit.db import ReadSession

_NEWEST_ANSWERS: Final = (
    select(Decision)
    .ext(distinct_on(Decision.case_id))
    .where(
        Decision.case_id == any_(bindparam("case_ids", type_=ARRAY(Uuid))),
        Decision.kind != DecisionKind.PRELIMINARY,
    )
    .order_by(Decision.case_id, Decision.version.desc())
)


async def of_case(session: ReadSession, case_id: UUID) -> Sequence[Decision]:
    """Every version of the answer, the first one first."""
    given = select(Decision).where(Decision.case_id == case_id).order_by(Decision.version)
    return (await session.scalars(given)).all()


async def answers_of(session: ReadSession, case_id: UUID) -> Sequence[Decision]:
    """The same without first words."""
    return [one for one in await of_case(session, case_id) if one.kind is not DecisionKind.PRELIMINARY]


async def newest_answer(session: ReadSession, case: Case) -> Decision | None:
    """The answer that counts; a first word is none."""
    answers = select(Decision).where(Decision.case_id == case.id, Decision.kind != DecisionKind.PRELIMINARY)
    return await session.scalar(answers.order_by(Decision.version.desc()).limit(1))


async def newest_answers(session: ReadSession, case_ids: Collection[UUID]) -> Mapping[UUID, Decision]:
    """The answer that counts of each of these cases that has one."""
    found = await session.scalars(_NEWEST_ANSWERS, {"case_ids": list(case_ids)})
    return {answer.case_id: answer for answer in found}


async def newest_version(session: ReadSession, case: Case) -> int | None:
    """The version of the newest decision, be it a first word; None if there is none."""
    return await session.scalar(select(func.max(Decision.version)).where(Decision.case_id == case.id))


def verdict_of(case_id: ColumnElement[UUID], version: ColumnElement[int]) -> ScalarSelect[Any]:
    """What that version of the answer says, in a SELECT with its case and its number."""
    wanted = select(Decision.verdict).where(Decision.case_id == case_id, Decision.version == version)
    return wanted.correlate_except(Decision).scalar_subquery()


def newest_beside(case_id: ColumnElement[UUID]) -> LateralFromClause:
    """The answer that counts (`case_id`, `verdict`, `decided_at`), beside each row of a SELECT with its case."""
    return (
        select(Decision.case_id, Decision.verdict, Decision.decided_at)
        .where(Decision.case_id == case_id, Decision.kind != DecisionKind.PRELIMINARY)
        .order_by(Decision.version.desc())
        .limit(1)
        .correlate_except(Decision)
        .lateral("answer")
    )
