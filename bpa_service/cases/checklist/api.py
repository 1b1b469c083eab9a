"""The checklist of a case."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bpa_service.cases.checklist import service
from bpa_service.cases.checklist.schemas import CheckResultIn, ChecksOut, RestIn
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import may
from bpa_service.cases.core.domain import Act
from bpa_service.playbook.service import MAX_CHECKS
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}/checks", route_class=CheckedRoute, tags=["preparing"])
# Who may state something may also check.


Writer = Annotated[ExpertActing, may(Act.RECORD_FINDING)]


@router.put("")
async def record_rest_of_checks(case_id: UUID, body: RestIn, acting: Writer) -> ChecksOut:
    """Say that all is fine of which nothing was said yet, on one photo. It counts as one act."""
    return ChecksOut(check_ids=await service.record_rest(acting, case_id, body.evidence_id))


@router.delete("")
async def reopen_checks(
    case_id: UUID,
    check_id: Annotated[list[UUID], Query(min_length=1, max_length=MAX_CHECKS)],
    acting: Writer,
) -> ChecksOut:
    """Take back that several are fine. What somebody has said of them since stays."""
    return ChecksOut(check_ids=await service.take_back(acting, case_id, check_id))


@router.put("/{check_id}", status_code=HTTPStatus.NO_CONTENT)
async def record_check(case_id: UUID, check_id: UUID, body: CheckResultIn, acting: Writer) -> None:
    """Say what came of a check."""
    await service.record(acting, case_id, check_id, outcome=body.outcome, reason=body.reason)


@router.delete("/{check_id}", status_code=HTTPStatus.NO_CONTENT)
async def reopen_check(case_id: UUID, check_id: UUID, acting: Writer) -> None:
    """Take back what was said of a check."""
    await service.record(acting, case_id, check_id, outcome=None)
