"""Ending an inspection."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts.dependencies import Once
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.ending import service
from cabinet_service.inspections.ending.schemas import Cancellation
from cabinet_service.inspections.viewing import views
from cabinet_service.inspections.viewing.schemas import InspectionOut
from service_kit.http.access import by_key
from service_kit.http.route import CheckedRoute

router = APIRouter(
    prefix="/api/v1/inspections/{inspection_id}", tags=["inspections"], route_class=CheckedRoute
)


@router.post(
    "/cancellation", status_code=HTTPStatus.CREATED, dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)]
)
async def cancel_inspection(
    inspection_id: UUID, body: Cancellation, acting: CurrentAct, once: Once
) -> InspectionOut:
    """No longer want an answer; once there is one, take the dispute of it back."""
    inspection = await service.cancel(acting, inspection_id, body.reason)
    return await once.keep(await views.detail(acting.session, inspection, now=acting.now))


@router.post("/closure", status_code=HTTPStatus.CREATED, dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)])
async def close_inspection(inspection_id: UUID, acting: CurrentAct, once: Once) -> InspectionOut:
    """Take the answer as final."""
    inspection = await service.close(acting, inspection_id)
    return await once.keep(await views.detail(acting.session, inspection, now=acting.now))
