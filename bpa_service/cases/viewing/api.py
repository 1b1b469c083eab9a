"""A whole case, and what happened to it."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Response

from bpa_service.audit import queries as audit
from bpa_service.audit.schemas import TimelineEntry
from bpa_service.cases.core import queries as case_queries
from bpa_service.cases.core.dependencies import PolicyOfApp, etag, version_of
from bpa_service.cases.viewing import queries
from bpa_service.cases.viewing.schemas import CaseOut
from bpa_service.experts.dependencies import CurrentExpert
from bpa_service.experts.tokens.domain import TokenScope
from bpa_service.vehicles.learning.dependencies import LearnedOfApp
from service_kit import paging
from service_kit.http import pages
from service_kit.http.access import by_key
from service_kit.http.edge import Now, Reading
from service_kit.http.openapi import ETAG
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute
from service_kit.paging import PageOf

router = APIRouter(prefix="/api/v1/cases/{case_id}", route_class=CheckedRoute, tags=["cases"])

IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="The ETag you have.")]


@router.get(
    "",
    response_model=CaseOut,
    responses={
        HTTPStatus.OK: {"headers": ETAG},
        HTTPStatus.NOT_MODIFIED: {
            "description": "The case is still at the version you have.",
            "headers": ETAG,
        },
    },
    dependencies=[by_key(TokenScope.CASES_READ)],
)
async def get_case(
    case_id: UUID,
    expert: CurrentExpert,
    response: Response,
    session: Reading,
    policy: PolicyOfApp,
    learned: LearnedOfApp,
    now: Now,
    if_none_match: IfNoneMatch = None,
) -> CaseOut | Response:
    """Everything about the case. The ETag is its version; a heartbeat and the passing of time don't change it."""
    if if_none_match is not None:
        version = version_of(if_none_match)
        if version == await case_queries.version(session, case_id):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag(version)})
    found = await queries.full(session, case_id)
    if found is None:
        raise NotFound
    response.headers["ETag"] = etag(found.case.version)
    return CaseOut.of(found, reader=expert, policy=policy, learned=learned, now=now)


@router.get("/timeline", dependencies=[by_key(TokenScope.CASES_READ)])
async def list_timeline(
    case_id: UUID,
    _expert: CurrentExpert,
    session: Reading,
    paged: pages.Paged,
) -> PageOf[TimelineEntry]:
    """Everything that happened to the case, the newest first."""
    if await case_queries.version(session, case_id) is None:
        raise NotFound
    page = paged.page(paging.number)
    found = await audit.entries(session, audit.AuditFilter(case_id=case_id), page)
    rows = paged.cut(found, lambda entry: (entry.position,))
    return paged.answer([TimelineEntry.of(row) for row in rows])
