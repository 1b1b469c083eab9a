"""The conversation between a client and the experts."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import CurrentClient, Once
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.talking import queries, service
from cabinet_service.inspections.talking.schemas import MessageIn, MessageOut
from service_kit.http.edge import Reading
from service_kit.http.pages import Cursor, Limit, link_next
from service_kit.http.route import CheckedRoute
from service_kit.paging import Page, PageOf, cut, decode_cursor, instant

router = APIRouter(
    prefix="/api/v1/inspections/{inspection_id}/messages", tags=["messages"], route_class=CheckedRoute
)

DEFAULT_PAGE: Final = 100


@router.get("")
async def list_messages(
    inspection_id: UUID,
    request: Request,
    response: Response,
    client: CurrentClient,
    session: Reading,
    cursor: Cursor = None,
    limit: Limit = DEFAULT_PAGE,
) -> PageOf[MessageOut]:
    """The oldest first."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    page = Page(decode_cursor(cursor, instant, UUID), limit)
    found = await queries.messages(session, inspection.id, page=page)
    rows, next_cursor = cut(found, limit, lambda row: (row.posted_at.isoformat(), row.id))
    link_next(request, response, next_cursor)
    return PageOf(items=[MessageOut.of(row) for row in rows], next_cursor=next_cursor)


@router.post("", status_code=HTTPStatus.CREATED)
async def post_message(
    inspection_id: UUID, body: MessageIn, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> MessageOut:
    """Write to the experts."""
    await quotas.count(ports, "messages", acting.client)
    message = await service.post_message(acting, inspection_id, body.text)
    return await once.keep(MessageOut.of(message))
