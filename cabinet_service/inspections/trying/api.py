"""Letting time pass, in a sandbox."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts.dependencies import Once
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.trying import service
from cabinet_service.inspections.trying.schemas import TimeAdvanceIn, TimeAdvanceOut
from service_kit.http.access import by_key
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/inspections/{inspection_id}", tags=["sandbox"], route_class=CheckedRoute)


@router.post(
    "/time-advances",
    status_code=HTTPStatus.ACCEPTED,
    dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)],
)
async def let_time_pass(
    inspection_id: UUID, body: TimeAdvanceIn, acting: CurrentAct, once: Once
) -> TimeAdvanceOut:
    """In the sandbox: let the clock of this inspection have run for longer, and all follow that does then."""
    await service.advance(acting, inspection_id, body.seconds)
    return await once.keep(TimeAdvanceOut(seconds=body.seconds), status=HTTPStatus.ACCEPTED)
