"""The checklist of a case."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.checklist import service
from bpa_service.cases.checklist.schemas import CheckResultIn
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import may
from bpa_service.cases.core.domain import Act
from service_kit.http.route import CheckedRoute

router = APIRouter(
    prefix="/api/v1/cases/{case_id}/checks/{check_id}", route_class=CheckedRoute, tags=["preparing"]
)
# Who may state something may also check.


Writer = Annotated[ExpertActing, may(Act.RECORD_FINDING)]


@router.put("", status_code=HTTPStatus.NO_CONTENT)
async def record_check(case_id: UUID, check_id: UUID, body: CheckResultIn, acting: Writer) -> None:
    """Say what came of a check."""
    await service.record(acting, case_id, check_id, outcome=body.outcome)


@router.delete("", status_code=HTTPStatus.NO_CONTENT)
async def reopen_check(case_id: UUID, check_id: UUID, acting: Writer) -> None:
    """Take back what was said of a check."""
    await service.record(acting, case_id, check_id, outcome=None)
