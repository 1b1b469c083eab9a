"""What comes before the answer: the checklist, the verdict as it is being written, and whose turn it is."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from bpa_service.cases.api.dependencies import PolicyOfApp, SeenVersion, may
from bpa_service.cases.domain import Act
from bpa_service.cases.schemas.inputs import CheckResultIn, Priority, WritingIn
from bpa_service.cases.schemas.outputs import CaseHead, Saved
from bpa_service.cases.service import checking, drafting, prioritising
from bpa_service.experts.domain import Expert
from service_kit.http.edge import Now, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}", route_class=CheckedRoute, tags=["preparing"])

# Who may state something may also check, and write the verdict.
Writer = Annotated[Expert, Depends(may(Act.RECORD_FINDING))]


@router.put("/checks/{check_id}", status_code=HTTPStatus.NO_CONTENT)
async def record_check(
    case_id: UUID,
    check_id: UUID,
    body: CheckResultIn,
    expert: Writer,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> None:
    """Say what came of a check."""
    outcome = body.outcome
    await checking.record(
        session, case_id, check_id, outcome=outcome, by=expert, seen=seen, policy=policy, now=now
    )


@router.delete("/checks/{check_id}", status_code=HTTPStatus.NO_CONTENT)
async def reopen_check(
    case_id: UUID,
    check_id: UUID,
    expert: Writer,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> None:
    """Take back what was said of a check."""
    await checking.record(
        session, case_id, check_id, outcome=None, by=expert, seen=seen, policy=policy, now=now
    )


@router.put("/draft")
async def save_draft(
    case_id: UUID,
    body: WritingIn,
    expert: Writer,
    session: WriteSession,
    policy: PolicyOfApp,
    now: Now,
) -> Saved:
    """Keep the verdict as far as it is written. The case's version does not change."""
    saved_at = await drafting.save(session, case_id, body.writing(), by=expert, policy=policy, now=now)
    return Saved(saved_at=saved_at)


@router.put("/priority")
async def set_priority(
    case_id: UUID,
    body: Priority,
    expert: Annotated[Expert, Depends(may(Act.REASSIGN))],
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> CaseHead:
    """Have the case come before its turn, or in its turn again."""
    case = await prioritising.prioritise(
        session, case_id, urgent=body.urgent, by=expert, seen=seen, policy=policy, now=now
    )
    return CaseHead.of(case)
