"""One car by a link, for whoever stands at it: they send the token of the link as a bearer token.

Photos come the same way as a client's (`evidence`, `uploads`), and so do answers to the experts (`asking`).
"""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from starlette.responses import StreamingResponse

from cabinet_service.accounts import scopes
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.evidence.files import FILE_RESPONSE, file_response
from cabinet_service.inspections.yard import service, views
from cabinet_service.inspections.yard.holders import Holder, HoldersAct, Visitor, held
from cabinet_service.inspections.yard.schemas import YardAnswer, YardOut
from cabinet_service.photos import queries as photos
from cabinet_service.photos.links import Variant
from service_kit.db import database_now
from service_kit.http.edge import Reading
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute
from shared_schemas.words import Shot

NOT_FOR_SEARCH: Final = {"X-Robots-Tag": "noindex, nofollow, noarchive"}

router = APIRouter(prefix="/api/v1/yard", tags=["yard"], route_class=CheckedRoute)


@router.get("")
async def open_yard(response: Response, client: Visitor, ports: PortsOfApp) -> YardOut:
    """The car, what to photograph of it, and what the experts ask."""
    response.headers.update(NOT_FOR_SEARCH)
    # A transaction of its own, in place of the request's, which only reads: that it was opened is noted.
    async with ports.backbone.database.writing(scopes.of(client)) as session:
        now = await database_now(session)
        await service.note_visit(session, held(client).id, now=now)
        return await views.car(session, client, this_year=now.year)


@router.put("/shots/{shot}/answer")
async def answer_yard_shot(shot: Shot, body: YardAnswer, response: Response, acting: HoldersAct) -> YardOut:
    """Say in place of a photo that it is not there, cannot be read or is not allowed; null takes it back.

    Of a draft only: once it is sent, the experts ask for what they miss.
    """
    response.headers.update(NOT_FOR_SEARCH)
    await service.answer_shot(acting, shot, body.answer)
    return await views.car(acting.session, acting.client, this_year=acting.now.year)


@router.put("/done")
async def finish_yard(response: Response, acting: HoldersAct, ports: PortsOfApp) -> YardOut:
    """All is done at the car: who gave the link is told. Where the link may, and it is complete, it is sent."""
    response.headers.update(NOT_FOR_SEARCH)
    zone = ports.settings.zone_of_reports
    await service.finish(acting, files=ports.files, zone=zone, limits=ports.limits)
    return await views.car(acting.session, acting.client, this_year=acting.now.year)


@router.get("/photos/{evidence_id}", response_class=StreamingResponse, responses=FILE_RESPONSE)
async def get_yard_photo(evidence_id: UUID, client: Holder, session: Reading, ports: PortsOfApp) -> Response:
    """The small copy of a photo that was brought by this link, or that an open question marks. Of no other."""
    if evidence_id not in await views.shown_photos(session, client):
        raise NotFound
    stored = await photos.file_of(
        session, evidence_id, Variant.PREVIEW, inspection_id=held(client).inspection_id
    )
    answer = await file_response(ports.files, stored, evidence_id, Variant.PREVIEW, is_kept=False)
    answer.headers.update(NOT_FOR_SEARCH)
    return answer
