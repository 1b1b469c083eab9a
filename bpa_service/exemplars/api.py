"""The routes of the reference base."""

from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response

from bpa_service.api_ports import PortsOfApp
from bpa_service.db.tables import TABLES
from bpa_service.exemplars import queries, service
from bpa_service.exemplars.dependencies import PicturesOfApp, UploadingCurator
from bpa_service.exemplars.errors import problem_of
from bpa_service.exemplars.picture_process import MAX_FILE_BYTES, Picture, PictureRefused
from bpa_service.exemplars.queries import ExemplarFilter
from bpa_service.exemplars.schemas import (
    FIELD_BYTES,
    FORM,
    ExemplarFields,
    ExemplarOut,
    ExemplarPatch,
    Make,
    Tag,
)
from bpa_service.exemplars.schemas import Year as YearOf
from bpa_service.experts import queries as experts
from bpa_service.experts import scopes
from bpa_service.experts.dependencies import Curator, CurrentExpert
from service_kit import idempotency, paging
from service_kit.db import database_now
from service_kit.http import pages
from service_kit.http.edge import IdempotencyKey, Now, Reading, WriteSession
from service_kit.http.forms import FORM_TYPE, sent_form
from service_kit.http.openapi import ETAG
from service_kit.http.problems import TemporarilyUnavailable
from service_kit.http.route import CheckedRoute
from service_kit.paging import PageOf
from service_kit.side_process import Interrupted
from shared_schemas.words import Shot

router = APIRouter(prefix="/api/v1/exemplars", route_class=CheckedRoute, tags=["exemplars"])

# For `build_app`: a picture, and the other fields of its form.
PATH_END: Final = "/exemplars"
LARGEST_BODY: Final = MAX_FILE_BYTES + 64 * 1024
# 15 MiB take four minutes at half a megabit.
UPLOAD_SECONDS: Final = 5 * 60

_PICTURE: Final[dict[int | str, dict[str, Any]]] = {
    HTTPStatus.OK: {
        "description": "The picture.",
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
        "headers": ETAG,
    },
    HTTPStatus.NOT_MODIFIED: {"description": "You have it.", "headers": ETAG},
}


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    openapi_extra={"requestBody": {"required": True, "content": {FORM_TYPE: {"schema": FORM}}}},
)
async def add_exemplar(
    request: Request,
    expert: UploadingCurator,
    ports: PortsOfApp,
    pictures: PicturesOfApp,
    key: IdempotencyKey = None,
) -> ExemplarOut:
    """Add a picture of a genuine stamping. Its pixels are kept, at most 2400 a side, and nothing else of it."""
    form = sent_form(request, ExemplarFields, seconds=UPLOAD_SECONDS, field_bytes=FIELD_BYTES)
    try:
        async with form as (fields, file):
            picture = await pictures.rewritten(file)
    except PictureRefused as refusal:
        raise problem_of(refusal) from None
    except Interrupted as error:
        raise TemporarilyUnavailable(headers={"Retry-After": "2"}) from error
    async with ports.backbone.database.writing(scopes.of(expert)) as session:
        now = await database_now(session)
        once = await idempotency.claim(
            session,
            TABLES.idempotency_keys,
            owner=str(expert.id),
            key=key,
            request=_fingerprint(request, fields, picture),
            now=now,
            secrets=ports.secrets,
        )
        added = await service.add(session, fields.description(), picture, by=expert, now=now)
        return await once.keep(ExemplarOut.of(added, {expert.id: expert.display_name}))


def _fingerprint(request: Request, fields: ExemplarFields, picture: Picture) -> bytes:
    """By what was sent and not by its bytes: a browser chooses another boundary each time."""
    parts = (request.method, request.url.path, fields.model_dump_json(), picture.sha256)
    return "\n".join(parts).encode()


@router.get("")
async def list_exemplars(
    _expert: CurrentExpert,
    session: Reading,
    paged: pages.Paged,
    make: Annotated[Make | None, Query(description="The whole make, in any case.")] = None,
    marking: Shot | None = None,
    year: Annotated[YearOf | None, Query(description="One of the years that it is genuine for.")] = None,
    tag: Annotated[Tag | None, Query(description="A whole tag, in any case.")] = None,
    text: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=100,
            description="A part of make, model, plant, note or a tag, in any case.",
        ),
    ] = None,
    include_retired: bool = False,
) -> PageOf[ExemplarOut]:
    """Exemplars that fit all that is asked, the newest first; without `include_retired` those in use."""
    wanted = ExemplarFilter(
        make=make, marking=marking, year=year, tag=tag, text=text, include_retired=include_retired
    )
    page = paged.page(paging.instant, UUID)
    found = await queries.exemplars(session, wanted, page)
    rows = paged.cut(found, lambda row: (row.added_at.isoformat(), row.id))
    names = await experts.names(session, {row.author_id for row in rows})
    return paged.answer([ExemplarOut.of(row, names) for row in rows])


@router.get("/{exemplar_id}")
async def get_exemplar(exemplar_id: UUID, _expert: CurrentExpert, session: Reading) -> ExemplarOut:
    """One exemplar, also one that was retired."""
    found = await queries.exemplar(session, exemplar_id)
    return ExemplarOut.of(found, await experts.names(session, [found.author_id]))


@router.get("/{exemplar_id}/picture", response_class=Response, responses=_PICTURE)
async def get_exemplar_picture(
    exemplar_id: UUID,
    _expert: CurrentExpert,
    session: Reading,
    if_none_match: Annotated[
        str | None, Header(alias="If-None-Match", description="ETags that you have.")
    ] = None,
) -> Response:
    """The picture, also of a retired exemplar. It never changes; browsers ask whether they may still show it."""
    tag = f'"{exemplar_id}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "private, no-cache",
        "Content-Disposition": f'inline; filename="{exemplar_id}.jpg"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    if if_none_match is not None and tag in if_none_match:
        await queries.exemplar(session, exemplar_id)
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(await queries.picture(session, exemplar_id), media_type="image/jpeg", headers=headers)


@router.patch("/{exemplar_id}")
async def change_exemplar(
    exemplar_id: UUID, body: ExemplarPatch, expert: Curator, session: WriteSession, now: Now
) -> ExemplarOut:
    """Change the tags or the note. What the picture is of stays, as findings may rest on it."""
    changed = await service.change(session, exemplar_id, body.change(), by=expert, now=now)
    return ExemplarOut.of(changed, await experts.names(session, [changed.author_id]))


@router.delete("/{exemplar_id}", status_code=HTTPStatus.NO_CONTENT)
async def retire_exemplar(exemplar_id: UUID, expert: Curator, session: WriteSession, now: Now) -> None:
    """Take an exemplar out of use. It can still be read, and searched for with `include_retired`."""
    await service.retire(session, exemplar_id, by=expert, now=now)
