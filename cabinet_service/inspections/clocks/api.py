"""Where the time went."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.inspections.asking import queries as asking
from cabinet_service.inspections.clocks import queries
from cabinet_service.inspections.clocks.schemas import ClockOut
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.errors import ClockNotStarted
from service_kit.http.access import by_key
from service_kit.http.edge import Now, Reading
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/inspections/{inspection_id}", tags=["clock"], route_class=CheckedRoute)


@router.get("/clock", dependencies=[by_key(KeyScope.INSPECTIONS_READ)])
async def get_clock(
    inspection_id: UUID,
    client: CurrentClient,
    session: Reading,
    now: Now,
    number: Annotated[
        int | None, Query(ge=1, le=32_767, description="1 is the order's; each dispute has the next.")
    ] = None,
) -> ClockOut:
    """The newest clock, or the one asked for, with an account that adds up to the second."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    clock = await queries.clock(session, inspection.id, number)
    if clock is None:
        raise ClockNotStarted
    return ClockOut.of(clock, inspection, await asking.info_tasks(session, inspection.id), now=now)
