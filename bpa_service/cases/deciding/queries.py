"""Reads of decisions."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.sql.selectable import LateralFromClause

from bpa_service.cases.core.models import Case
from bpa_service.cases.deciding.models import Decision, DecisionKind
from service_kit.db import ReadSession


async def of_case(session: ReadSession, case_id: UUID) -> Sequence[Decision]:
    """Every version of the answer, the first one first."""
    given = select(Decision).where(Decision.case_id == case_id).order_by(Decision.version)
    return (await session.scalars(given)).all()


async def newest_answer(session: ReadSession, case: Case) -> Decision | None:
    """The answer that counts; a first word is none."""
    answers = select(Decision).where(Decision.case_id == case.id, Decision.kind != DecisionKind.PRELIMINARY)
    return await session.scalar(answers.order_by(Decision.version.desc()).limit(1))


async def newest_version(session: ReadSession, case: Case) -> int | None:
    """The version of the newest decision, be it a first word; None if there is none."""
    return await session.scalar(select(func.max(Decision.version)).where(Decision.case_id == case.id))


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
