"""The conversation between a client and the experts."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request, Response

from cabinet_service.accounts.dependencies import CurrentClient, Once
from cabinet_service.inspections import queries, views
from cabinet_service.inspections.schemas import MessageIn, MessageOut
from cabinet_service.inspections.service import messages
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute
from service_kit.paging import Cursor, Limit, Page, PageOf, cut, decode_cursor, instant, link_next

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
    inspection = await queries.inspection(session, inspection_id, client=client)
    page = Page(decode_cursor(cursor, instant, UUID), limit)
    found = await queries.messages(session, inspection.id, page=page)
    rows, next_cursor = cut(found, limit, lambda row: (row.posted_at.isoformat(), row.id))
    link_next(request, response, next_cursor)
    return PageOf(items=[views.message(row) for row in rows], next_cursor=next_cursor)


@router.post("", status_code=HTTPStatus.CREATED)
async def post_message(
    inspection_id: UUID, body: MessageIn, client: CurrentClient, once: Once, session: WriteSession, now: Now
) -> MessageOut:
    """Write to the experts."""
    message = await messages.post_message(session, inspection_id, body.text, client=client, now=now)
    return await once.keep(views.message(message))
