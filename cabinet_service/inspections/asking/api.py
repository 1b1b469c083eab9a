"""What the experts ask of the client."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.inspections.asking import queries, service
from cabinet_service.inspections.asking.schemas import Fulfilment, InfoTaskOut, Refusal
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.yard.holders import BringersAct, BringersOnce
from service_kit.http.access import by_key
from service_kit.http.edge import Reading
from service_kit.http.route import CheckedRoute

router = APIRouter(
    prefix="/api/v1/inspections/{inspection_id}/info-tasks", tags=["info tasks"], route_class=CheckedRoute
)


@router.get("", dependencies=[by_key(KeyScope.INSPECTIONS_READ)])
async def list_info_tasks(inspection_id: UUID, client: CurrentClient, session: Reading) -> list[InfoTaskOut]:
    """Everything that was asked, in that order."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    return [InfoTaskOut.of(task) for task in await queries.info_tasks(session, inspection.id)]


@router.post(
    "/{task_id}/fulfilment", status_code=HTTPStatus.CREATED, dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)]
)
async def fulfil_info_task(
    inspection_id: UUID, task_id: UUID, body: Fulfilment, acting: BringersAct, once: BringersOnce
) -> InfoTaskOut:
    """Do what is asked: photos that were uploaded before, an answer, or both."""
    task = await service.fulfil(acting, inspection_id, task_id, body)
    return await once.keep(InfoTaskOut.of(task))


@router.post(
    "/{task_id}/refusal", status_code=HTTPStatus.CREATED, dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)]
)
async def refuse_info_task(
    inspection_id: UUID, task_id: UUID, body: Refusal, acting: BringersAct, once: BringersOnce
) -> InfoTaskOut:
    """Say that one cannot, and why. The experts go on with what they have."""
    task = await service.decline(acting, inspection_id, task_id, body)
    return await once.keep(InfoTaskOut.of(task))
