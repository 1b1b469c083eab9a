"""Words with the client, and notes that they never see."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.core import queries as case_queries
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import may_once, named
from bpa_service.cases.core.domain import Act
from bpa_service.cases.talking import queries, service
from bpa_service.cases.talking.schemas import MessageOut, NoteOut, TextIn
from bpa_service.experts.dependencies import CurrentExpert, Once
from bpa_service.experts.tokens.domain import TokenScope
from service_kit import paging
from service_kit.http import pages
from service_kit.http.access import by_key
from service_kit.http.edge import Reading
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute
from service_kit.paging import PageOf

router = APIRouter(prefix="/api/v1/cases/{case_id}", route_class=CheckedRoute)


@router.post("/messages", tags=["words"], status_code=HTTPStatus.CREATED)
async def post_message(
    case_id: UUID, body: TextIn, acting: Annotated[ExpertActing, may_once(Act.WRITE_MESSAGE)], once: Once
) -> MessageOut:
    """Write to the client."""
    message = await service.write_message(acting, case_id, text=body.text)
    return await once.keep(MessageOut.of(message, named(acting.by)))


@router.get("/messages", tags=["cases"], dependencies=[by_key(TokenScope.CASES_READ)])
async def list_messages(
    case_id: UUID,
    _expert: CurrentExpert,
    session: Reading,
    paged: pages.Paged,
) -> PageOf[MessageOut]:
    """The words between client and experts, the newest first."""
    if await case_queries.version(session, case_id) is None:
        raise NotFound
    page = paged.page(paging.instant, UUID)
    found = await queries.messages(session, case_id, page)
    rows = paged.cut(found, lambda row: (row.posted_at.isoformat(), row.id))
    names = await case_queries.names(session, [row.author_id for row in rows])
    return paged.answer([MessageOut.of(row, names) for row in rows])


@router.post("/notes", tags=["words"], status_code=HTTPStatus.CREATED)
async def write_note(
    case_id: UUID, body: TextIn, acting: Annotated[ExpertActing, may_once(Act.WRITE_NOTE)], once: Once
) -> NoteOut:
    """Write something for colleagues."""
    note = await service.write_note(acting, case_id, text=body.text)
    return await once.keep(NoteOut.of(note, named(acting.by)))
