"""The conversation between a client and the experts."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import CurrentClient, Once
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.talking import queries, service
from cabinet_service.inspections.talking.schemas import MessageIn, MessageOut
from service_kit import paging
from service_kit.http import pages
from service_kit.http.access import by_key
from service_kit.http.edge import Reading
from service_kit.http.route import CheckedRoute
from service_kit.paging import PageOf

router = APIRouter(
    prefix="/api/v1/inspections/{inspection_id}/messages", tags=["messages"], route_class=CheckedRoute
)


@router.get("", dependencies=[by_key(KeyScope.INSPECTIONS_READ)])
async def list_messages(
    inspection_id: UUID,
    client: CurrentClient,
    session: Reading,
    paged: pages.PagedByHundred,
) -> PageOf[MessageOut]:
    """The oldest first."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    page = paged.page(paging.instant, UUID)
    found = await queries.messages(session, inspection.id, page=page)
    rows = paged.cut(found, lambda row: (row.posted_at.isoformat(), row.id))
    return paged.answer([MessageOut.of(row) for row in rows])


@router.post("", status_code=HTTPStatus.CREATED, dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)])
async def post_message(
    inspection_id: UUID, body: MessageIn, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> MessageOut:
    """Write to the experts."""
    await quotas.count(ports.limits, "messages", acting.client)
    message = await service.post_message(acting, inspection_id, body.text)
    return await once.keep(MessageOut.of(message))
