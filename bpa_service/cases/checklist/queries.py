"""Reads of the checklist of a case."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import select

from bpa_service.cases.checklist.models import CheckResult
from bpa_service.cases.core.models import Case
from bpa_service.evidence import queries as evidence
from bpa_service.playbook import queries as playbook
from service_kit.db import ReadSession

_REASONS: Final = """
SELECT case_id, array_agg(reason ORDER BY recorded_at, check_id) FROM check_results
WHERE case_id = ANY ($1::uuid[]) AND reason IS NOT NULL GROUP BY case_id
"""


async def results(session: ReadSession, case_id: UUID) -> dict[UUID, CheckResult]:
    """What came of each check that was done."""
    done = await session.scalars(select(CheckResult).where(CheckResult.case_id == case_id))
    return {result.check_id: result for result in done}


async def any_open(session: ReadSession, case: Case) -> bool:
    """Whether something that has to be checked was not."""
    asked = await playbook.checks_for(session, await evidence.shots_of(session, case.id), ())
    required = {check.id for check in asked if check.required}
    if not required:
        return False
    done = await session.scalars(select(CheckResult.check_id).where(CheckResult.case_id == case.id))
    return bool(required - set(done))


async def reasons_in(session: ReadSession, case_ids: Collection[UUID]) -> Mapping[UUID, list[str]]:
    """Why something is odd, of each of these cases in which that was said."""
    return dict(map(tuple, await session.fetch(_REASONS, list(case_ids))))
