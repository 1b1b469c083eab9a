"""What is said of the answer."""

from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.afterwards import queries, service
from cabinet_service.inspections.afterwards.schemas import (
    AfterwardsOut,
    OutcomeIn,
    OutcomeOut,
    RatingIn,
    RatingOut,
)
from cabinet_service.inspections.answers import queries as answers
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.core.domain import LOOKED_BACK_IN
from service_kit.http.access import by_key
from service_kit.http.edge import Reading
from service_kit.http.route import CheckedRoute

router = APIRouter(
    prefix="/api/v1/inspections/{inspection_id}", tags=["inspections"], route_class=CheckedRoute
)


@router.get("/afterwards", dependencies=[by_key(KeyScope.INSPECTIONS_READ)])
async def get_afterwards(inspection_id: UUID, client: CurrentClient, session: Reading) -> AfterwardsOut:
    """What one has said of the answer, and whether one may."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    newest = (await answers.newest_of(session, [inspection.id])).get(inspection.id)
    rating = await queries.newest_rating(session, inspection.id, version=newest.version) if newest else None
    return AfterwardsOut(
        may_say=newest is not None and inspection.state in LOOKED_BACK_IN and inspection.erased_at is None,
        rating=RatingOut.of(rating) if rating else None,
        outcome=OutcomeOut.of(await queries.outcome(session, inspection.id)),
    )


@router.put("/rating", dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)])
async def rate_answer(
    inspection_id: UUID, body: RatingIn, acting: CurrentAct, ports: PortsOfApp
) -> RatingOut:
    """Say what one thinks of the answer, once a version; for a week it may be changed."""
    await quotas.count(ports.limits, "opinions", acting.client)
    return RatingOut.of(await service.rate(acting, inspection_id, body))


@router.put("/outcome", dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)])
async def report_outcome(
    inspection_id: UUID, body: OutcomeIn, acting: CurrentAct, ports: PortsOfApp
) -> AfterwardsOut:
    """Say what came of it, as often as that changes."""
    await quotas.count(ports.limits, "opinions", acting.client)
    outcome = await service.report(acting, inspection_id, body)
    rating = await queries.newest_rating(acting.session, inspection_id, version=body.version)
    return AfterwardsOut(
        may_say=True, rating=RatingOut.of(rating) if rating else None, outcome=OutcomeOut.of(outcome)
    )
