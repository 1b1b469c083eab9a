"""Ending a case without an answer."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import may_once
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.schemas import CaseHead
from bpa_service.cases.ending import service
from bpa_service.cases.ending.schemas import Unprocessable
from bpa_service.experts.dependencies import Once
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}/unprocessable", route_class=CheckedRoute, tags=["holding"])


@router.post("", status_code=HTTPStatus.CREATED)
async def give_case_up(
    case_id: UUID, body: Unprocessable, acting: Annotated[ExpertActing, may_once(Act.GIVE_UP)], once: Once
) -> CaseHead:
    """End a case that cannot be worked on."""
    case = await service.give_up(acting, case_id, reason=body.reason, note=body.note)
    return await once.keep(CaseHead.of(case))
