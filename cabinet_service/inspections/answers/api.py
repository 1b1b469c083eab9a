"""The answer, in all its versions."""

from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.inspections.answers import queries
from cabinet_service.inspections.answers.schemas import DecisionOut
from cabinet_service.inspections.core import queries as inspections
from service_kit.http.access import by_key
from service_kit.http.edge import Reading
from service_kit.http.route import CheckedRoute

router = APIRouter(
    prefix="/api/v1/inspections/{inspection_id}/decisions", tags=["inspections"], route_class=CheckedRoute
)


@router.get("", dependencies=[by_key(KeyScope.INSPECTIONS_READ)])
async def list_decisions(inspection_id: UUID, client: CurrentClient, session: Reading) -> list[DecisionOut]:
    """All versions of the answer, the oldest first."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    return [DecisionOut.of(version) for version in await queries.decisions(session, inspection.id)]
