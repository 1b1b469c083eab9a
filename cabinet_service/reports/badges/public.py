"""Badges as pages of others show them. Nobody signs in here, and nothing is kept of who looks, nor of where.

A picture is kept for a minute by whoever fetched it: for so long it may say what was so a moment ago.
"""

import hashlib
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from cabinet_service.api_ports import ApiPorts, PortsOfApp
from cabinet_service.inspections.evidence.files import IfNoneMatch
from cabinet_service.reports.badges import drawing, links, queries, reading
from cabinet_service.reports.badges.reading import ToldOf
from service_kit.db import ReadSession
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.edge import Now, ServiceReading
from service_kit.http.openapi import ETAG
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute
from service_kit.link_tokens import hash_of
from shared_schemas.report.content import ReportLanguage
from shared_schemas.report.presenting.badge import badge, badge_of_nothing

router = APIRouter(prefix=links.PREFIX, tags=["sharing"], route_class=CheckedRoute, dependencies=[ANYBODY])

MEDIA_TYPE: Final = "image/svg+xml"
_HEADERS: Final = {
    "Cache-Control": "public, max-age=60",
    # Opened by itself it runs and fetches nothing; and pages of others are what it is for.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Robots-Tag": "noindex",
}
_PICTURE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The picture, of a badge that is over as well.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
        "headers": ETAG,
    },
    304: {"description": "It is the one that you have.", "headers": ETAG},
}

Token = Annotated[str, Path(description="As the badge's address has it.")]


@router.get("/{token}/picture.svg", response_class=Response, responses=_PICTURE)
async def get_badge_picture(
    token: Token,
    request: Request,
    session: ServiceReading,
    now: Now,
    ports: PortsOfApp,
    lang: Annotated[ReportLanguage, Query(description="Of what stands on it.")] = "ru",
    known: IfNoneMatch = None,
) -> Response:
    """The badge as it is now: what the newest answer is, or that it is not valid."""
    await ports.limits.hit("badge_looks_per_address", network_of(request))
    told = await _told_of(session, token, now)
    picture = _drawn(told, lang, ports)
    headers = {**_HEADERS, "ETag": f'"{hashlib.sha256(picture).hexdigest()[:32]}"'}
    if known is not None and headers["ETag"] in known:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(picture, media_type=MEDIA_TYPE, headers=headers)


@router.get(
    "/{token}/verify",
    response_class=RedirectResponse,
    status_code=HTTPStatus.SEE_OTHER,
    responses={HTTPStatus.SEE_OTHER: {"description": "To the page where reports are verified."}},
)
async def follow_badge(
    token: Token, request: Request, session: ServiceReading, now: Now, ports: PortsOfApp
) -> RedirectResponse:
    """To the page that verifies the report that the badge tells of; if it tells of none, without its code."""
    await ports.limits.hit("badge_looks_per_address", network_of(request))
    told = await _told_of(session, token, now)
    page = f"{ports.settings.public_url}/verify"
    return RedirectResponse(f"{page}/{told.code}" if told else page, HTTPStatus.SEE_OTHER)


async def _told_of(session: ReadSession, token: str, now: datetime) -> ToldOf | None:
    found = await queries.by_token(session, hash_of(token))
    if found is None:
        raise NotFound
    return await reading.shown_by(session, found, now=now)


def _drawn(told: ToldOf | None, language: ReportLanguage, ports: ApiPorts) -> bytes:
    if told is None:
        return drawing.drawn(badge_of_nothing(language), language, address=None)
    settings = ports.settings
    words = badge(told.report, language, settings.zone_of_reports, checked_at=told.checked_at)
    address = f"{urlsplit(settings.public_url).netloc}/verify/{told.code}"
    return drawing.drawn(words, language, address=address)
