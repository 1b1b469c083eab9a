"""The route of the audit log."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from bpa_service.audit import queries
from bpa_service.audit.queries import AuditFilter
from bpa_service.audit.schemas import AuditLine
from bpa_service.experts.dependencies import Overseer
from service_kit import paging
from service_kit.http import pages
from service_kit.http.edge import Reading
from service_kit.http.route import CheckedRoute
from service_kit.http.schemas import Instant
from service_kit.paging import PageOf

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute, tags=["audit"])


@router.get("/audit")
async def list_audit(
    _expert: Overseer,
    session: Reading,
    paged: pages.Paged,
    case_id: UUID | None = None,
    actor_id: UUID | None = None,
    act: Annotated[str | None, Query(max_length=64)] = None,
    since: Instant | None = None,
    until: Instant | None = None,
) -> PageOf[AuditLine]:
    """Who did what, the newest first."""
    wanted = AuditFilter(case_id=case_id, actor_id=actor_id, act=act, since=since, until=until)
    found = await queries.entries(session, wanted, paged.page(paging.number))
    rows = paged.cut(found, lambda entry: (entry.position,))
    return paged.answer([AuditLine.of(row) for row in rows])
