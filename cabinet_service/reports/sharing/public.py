"""Reports by a link, for whoever has it. Nobody signs in here.

Nothing of it is kept by caches, found by search engines, or told to the pages that it leads to.
"""

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.responses import StreamingResponse

from cabinet_service.accounts.dependencies import account_of
from cabinet_service.api_ports import ApiPorts, PortsOfApp
from cabinet_service.inspections.evidence.files import FILE_RESPONSE, IfNoneMatch, file_response
from cabinet_service.photos import queries as photos
from cabinet_service.photos.links import Variant
from cabinet_service.reports.sharing import opening, reading
from cabinet_service.reports.sharing.codes import PASS_LENGTH
from cabinet_service.reports.sharing.models import ReportShare
from cabinet_service.reports.sharing.opening import Jar
from cabinet_service.reports.sharing.schemas import CodeIn, SharedReport, SharedState, language_in
from service_kit.db import SYSTEM, ReadSession, database_now
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.edge import Now, ServiceReading, ServiceSession
from service_kit.http.openapi import ETAG
from service_kit.http.problem_responses import language_of, problem_response
from service_kit.http.problems import NotFound, Problem
from service_kit.http.route import CheckedRoute
from shared_schemas.report.content import ReportLanguage

PREFIX: Final = "/api/v1/shared"
NOT_FOR_SEARCH: Final = {"X-Robots-Tag": "noindex, nofollow, noarchive"}

router = APIRouter(prefix=PREFIX, tags=["sharing"], route_class=CheckedRoute, dependencies=[ANYBODY])

Token = Annotated[str, Path(description="What stands behind the # of the link.")]


@router.get("/{token}")
async def open_shared_report(
    token: Token,
    request: Request,
    response: Response,
    ports: PortsOfApp,
    version: Annotated[
        int | None, Query(ge=1, le=10**6, description="An older one; else the newest.")
    ] = None,
    language: Annotated[ReportLanguage | None, Query(description="If not that of the link.")] = None,
) -> SharedReport:
    """The report behind a link, in its wording and scope, with what tells whether it is still the newest.

    A browser is given a random cookie for this link alone, by which it learns that it has read an older version.
    """
    await ports.limits.hit("shared_opens_per_address", network_of(request))
    jar = _jar(token, ports)
    visit = opening.visit_of(request, jar)
    # A transaction of its own, in place of the request's, which only reads: that it was opened is noted.
    async with ports.backbone.database.writing(SYSTEM) as session:
        now = await database_now(session)
        share = await opening.live(session, token, now=now)
        visit.require_code(share, ports.secrets, now=now)
        shown = await reading.shown(session, share, version)
        read_before = await reading.read_before(session, share, visit, shown)
        is_owners = account_of(request, ports) == share.account_id
        await opening.note(session, share, visit, shown.version, counts=not is_owners, now=now)
    if visit.is_new:
        jar.keep(response, jar.browser, visit.browser, seconds=int((share.expires_at - now).total_seconds()))
    response.headers.update(NOT_FOR_SEARCH)
    told = reading.Told(_language(request, share, language), ports.settings.zone_of_reports)
    # It takes a while, which everybody else would wait for.
    return await asyncio.to_thread(shown.answer, share, told, read_before=read_before)


@router.post("/{token}/code", status_code=HTTPStatus.NO_CONTENT)
async def enter_share_code(
    token: Token, body: CodeIn, request: Request, session: ServiceSession, now: Now, ports: PortsOfApp
) -> Response:
    """Show that one knows the code of a link. A cookie says so from then on, for four hours.

    Every fifth wrong code locks the link for a while, which grows each time.
    """
    await ports.limits.hit("shared_codes_per_address", network_of(request), fail_closed=True)
    share = await opening.live(session, token, now=now)
    await ports.limits.hit("shared_codes_per_link", str(share.id), fail_closed=True)
    outcome = await opening.enter_code(session, share, body.code, keys=ports.secrets, now=now)
    if isinstance(outcome, Problem):
        # Returned, not raised: that it was wrong is committed.
        return problem_response(request, outcome)
    answer = Response(status_code=HTTPStatus.NO_CONTENT, headers=NOT_FOR_SEARCH)
    if outcome is not None:
        jar = _jar(token, ports)
        jar.keep(answer, jar.code, outcome, seconds=int(PASS_LENGTH.total_seconds()))
    return answer


@router.get(
    "/{token}/state",
    response_model=SharedState,
    responses={
        HTTPStatus.OK: {"headers": ETAG},
        HTTPStatus.NOT_MODIFIED: {"description": "Nothing changed since that ETag.", "headers": ETAG},
    },
)
async def get_shared_state(
    token: Token,
    request: Request,
    response: Response,
    session: ServiceReading,
    now: Now,
    ports: PortsOfApp,
    known: IfNoneMatch = None,
) -> SharedState | Response:
    """Which version is the newest: an open page asks this about every half minute."""
    await ports.limits.hit("shared_looks_per_address", network_of(request))
    share = await _open(request, session, token, now, ports)
    state = await reading.state(session, share)
    headers = {"ETag": f'"{state.newest_version}"', **NOT_FOR_SEARCH}
    if known is not None and headers["ETag"] in known:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    response.headers.update(headers)
    return state


@router.get("/{token}/photos/{evidence_id}", response_class=StreamingResponse, responses=FILE_RESPONSE)
async def get_shared_photo(
    token: Token,
    evidence_id: UUID,
    request: Request,
    ports: PortsOfApp,
) -> Response:
    """The small copy of a photo that a version which the link has shown shows. Of no other, and no original.

    No browser keeps it: whoever uses it next sees nothing of what the link has shown.
    """
    await ports.limits.hit("shared_photos_per_address", network_of(request))
    database = ports.backbone.database
    # Without a connection while it is found out what a report shows, which may take a while.
    async with database.reading(SYSTEM) as session:
        share = await _open(request, session, token, await database_now(session), ports)
        versions = await reading.shown_versions(session, share)
        if share.inspection_id is None:
            raise NotFound
        stored = await photos.file_of(
            session, evidence_id, Variant.PREVIEW, inspection_id=share.inspection_id
        )
    if not await reading.shows(database, share, versions, evidence_id, cache=ports.cache):
        raise NotFound
    answer = await file_response(ports.files, stored, evidence_id, Variant.PREVIEW, is_kept=False)
    answer.headers.update(NOT_FOR_SEARCH)
    return answer


async def _open(
    request: Request, session: ReadSession, token: str, now: datetime, ports: ApiPorts
) -> ReportShare:
    share = await opening.live(session, token, now=now)
    opening.visit_of(request, _jar(token, ports)).require_code(share, ports.secrets, now=now)
    return share


def _jar(token: str, ports: ApiPorts) -> Jar:
    return Jar(f"{PREFIX}/{token}", is_secure=ports.settings.public_url.startswith("https:"))


def _language(request: Request, share: ReportShare, asked: ReportLanguage | None) -> ReportLanguage:
    """As asked, else as the link says, else as the browser does."""
    return asked or language_in(share.language) or language_of(request)
