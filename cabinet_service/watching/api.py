"""Watching the car of an inspection, and what one watches."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.watching import queries, service
from cabinet_service.watching.schemas import WatchOut
from service_kit.http.edge import Reading
from service_kit.http.route import CheckedRoute

router = APIRouter(tags=["watches"], route_class=CheckedRoute)
_OF_INSPECTION = "/api/v1/inspections/{inspection_id}/watch"


@router.get("/api/v1/watches")
async def list_watches(client: CurrentClient, session: Reading) -> list[WatchOut]:
    """The cars that one watches and still sees, the newest first; 200 at most."""
    return [WatchOut.of(*one) for one in await queries.all_of(session, client)]


@router.get(_OF_INSPECTION)
async def get_watch(inspection_id: UUID, client: CurrentClient, session: Reading) -> WatchOut | None:
    """Whether one watches the car of the inspection; null if one does not."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    watch = await queries.watch_of(session, client.account_id, inspection_id)
    return WatchOut.of(watch, inspection) if watch is not None else None


@router.put(_OF_INSPECTION)
async def watch_car(inspection_id: UUID, acting: CurrentAct, ports: PortsOfApp) -> WatchOut:
    """Be told of what is new of the car of an answered inspection, for a year from now: once a day at most.

    New are records of sources, and answers to checks that colleagues in the same branch ordered. A car that you
    watch by another check of it, with the same number, is watched by this one from now on.
    """
    await quotas.count(ports.limits, "watches", acting.client)
    return WatchOut.of(*await service.begin(acting, inspection_id))


@router.delete(_OF_INSPECTION, status_code=HTTPStatus.NO_CONTENT)
async def stop_watching(inspection_id: UUID, acting: CurrentAct) -> None:
    """Watch it no longer. Done again it changes nothing."""
    await service.end(acting, inspection_id)
