"""The verdict as it is being written."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import may, no_version
from bpa_service.cases.core.domain import Act
from bpa_service.cases.drafting import service
from bpa_service.cases.drafting.schemas import Saved, WritingIn
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}/draft", route_class=CheckedRoute, tags=["preparing"])


@router.put("")
async def save_draft(
    case_id: UUID, body: WritingIn, acting: Annotated[ExpertActing, may(Act.RECORD_FINDING, no_version)]
) -> Saved:
    """Keep the verdict as far as it is written. The case's version does not change."""
    saved_at = await service.save(acting, case_id, body)
    return Saved(saved_at=saved_at)
