"""What the experts ask of the client."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts.dependencies import CurrentClient, Once
from cabinet_service.inspections import queries, views
from cabinet_service.inspections.schemas import Fulfilment, InfoTaskOut, Refusal
from cabinet_service.inspections.service import info_tasks
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(
    prefix="/api/v1/inspections/{inspection_id}/info-tasks", tags=["info tasks"], route_class=CheckedRoute
)


@router.get("")
async def list_info_tasks(inspection_id: UUID, client: CurrentClient, session: Reading) -> list[InfoTaskOut]:
    """Everything that was asked, in that order."""
    inspection = await queries.inspection(session, inspection_id, client=client)
    return [views.task(task) for task in await queries.info_tasks(session, inspection.id)]


@router.post("/{task_id}/fulfilment", status_code=HTTPStatus.CREATED)
async def fulfil_info_task(
    inspection_id: UUID,
    task_id: UUID,
    body: Fulfilment,
    client: CurrentClient,
    once: Once,
    session: WriteSession,
    now: Now,
) -> InfoTaskOut:
    """Do what is asked: photos that were uploaded before, an answer, or both."""
    task = await info_tasks.fulfil(session, inspection_id, task_id, body, client=client, now=now)
    return await once.keep(views.task(task))


@router.post("/{task_id}/refusal", status_code=HTTPStatus.CREATED)
async def refuse_info_task(
    inspection_id: UUID,
    task_id: UUID,
    body: Refusal,
    client: CurrentClient,
    once: Once,
    session: WriteSession,
    now: Now,
) -> InfoTaskOut:
    """Say that one cannot, and why. The experts go on with what they have."""
    task = await info_tasks.decline(session, inspection_id, task_id, body, client=client, now=now)
    return await once.keep(views.task(task))
