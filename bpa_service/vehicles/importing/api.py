"""The routes of sources and imports."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response, StreamingResponse

from bpa_service.api_ports import PortsOfApp
from bpa_service.db.tables import TABLES
from bpa_service.experts import queries as experts
from bpa_service.experts import scopes
from bpa_service.experts.dependencies import Overseer
from bpa_service.vehicles.importing import errors, holding, line, queries, uploads
from bpa_service.vehicles.importing.dependencies import Downloading, Importing, Sending
from bpa_service.vehicles.importing.holding import ImportUnderWay, NotPublished, NotTheNewest
from bpa_service.vehicles.importing.line import Arrival, FileKnown, LineFull, NotWaiting
from bpa_service.vehicles.importing.models import ImportRun
from bpa_service.vehicles.importing.queries import ImportFilter, Standing
from bpa_service.vehicles.importing.rejects_table import table
from bpa_service.vehicles.importing.schemas import FORM, ImportOut, RecordSourceOut, SourceList, UploadFields
from bpa_service.vehicles.importing.states import CameBy, ImportState
from bpa_service.vehicles.importing.uploads import Upload
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.store.analytics import EngineAway
from bpa_service.vehicles.store.dependencies import RecordsOfApp
from bpa_service.vehicles.store.records import RejectedRow, VehicleRecords
from service_kit import idempotency
from service_kit.db import ReadSession, database_now
from service_kit.http import pages
from service_kit.http.edge import IdempotencyKey, Now, Reading, WriteSession
from service_kit.http.forms import FORM_TYPE, receive_form
from service_kit.http.problems import NotFound, TemporarilyUnavailable
from service_kit.http.route import CheckedRoute
from service_kit.ids import new_id
from service_kit.paging import PageOf

router = APIRouter(prefix="/api/v1", route_class=CheckedRoute, tags=["imports"])

# For `build_app`.
PATH_END: Final = "/files"
REJECTS_END: Final = "/rejects.csv"
ROOM_FOR_FORM: Final = 64 * 1024
# Two gigabytes take almost three hours at two megabits a second.
UPLOAD_SECONDS: Final = 3 * 3600
# Clocks of desks and sources are not ours.
_AHEAD: Final = timedelta(days=1)
_REJECTS_AT_ONCE: Final = 10_000
_CSV: Final[dict[int | str, dict[str, Any]]] = {
    HTTPStatus.OK: {
        "description": "File, row, item, reason, column, and how the row began, with a header.",
        "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
    },
}

SourceName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


@router.get("/sources")
async def list_sources(_expert: Overseer, session: Reading, ports: PortsOfApp, now: Now) -> SourceList:
    """The sources of vehicle records, by name: what they cover, what they delivered last, what waits."""
    standings = await queries.standings(session)
    runs = [
        run for one in standings.values() for run in (one.published, one.at_work, one.next) if run is not None
    ]
    names = await _names(session, runs)
    settings = ports.settings
    return SourceList(
        can_import=bool(settings.clickhouse_url),
        can_send=bool(settings.clickhouse_url and settings.imports_dir),
        has_drop_folder=settings.drop_folder is not None,
        largest_file_bytes=settings.import_file_bytes,
        items=[
            RecordSourceOut.of(catalogue.mapping(name), standings.get(name, Standing()), names, now=now)
            for name in catalogue.names()
        ],
    )


@router.post(
    "/sources/{source}/files",
    status_code=HTTPStatus.ACCEPTED,
    openapi_extra={"requestBody": {"required": True, "content": {FORM_TYPE: {"schema": FORM}}}},
)
async def send_file(
    source: SourceName, request: Request, expert: Sending, ports: PortsOfApp, key: IdempotencyKey = None
) -> ImportOut:
    """Send a file of a source. It waits in line if another one of the source is being imported."""
    settings = ports.settings
    if source not in catalogue.names():
        raise NotFound
    if not settings.clickhouse_url or settings.imports_dir is None:
        raise errors.NoPlaceForRecords
    folder, import_id = settings.imports_dir, new_id()
    upload = Upload(folder, str(import_id), most=settings.import_file_bytes)
    try:
        fields = await receive_form(request, UploadFields, upload, seconds=UPLOAD_SECONDS)
        sha256 = await upload.keep()
    finally:
        await upload.close()
    is_kept = False
    try:
        async with ports.backbone.database.writing(scopes.of(expert)) as session:
            now = await database_now(session)
            sent = (request.method, request.url.path, fields.model_dump_json(), sha256)
            once = await idempotency.claim(
                session,
                TABLES.idempotency_keys,
                owner=str(expert.id),
                key=key,
                request="\n".join(sent).encode(),
                now=now,
                secrets=ports.secrets,
            )
            if fields.as_of > now + _AHEAD:
                raise errors.AsOfInFuture
            arrival = Arrival(
                id=import_id,
                source=source,
                name=fields.name,
                sha256=sha256,
                size=upload.size,
                as_of=fields.as_of,
                came_by=CameBy.UPLOAD,
                stored=str(import_id),
            )
            try:
                run = await line.join(session, arrival, by=expert, now=now)
            except FileKnown as known:
                raise errors.ImportFileKnown(import_id=str(known.run.id)) from None
            except LineFull:
                raise errors.ImportLineFull(limit=line.MOST_WAITING) from None
            answer = ImportOut.of(run, {expert.id: expert.display_name}, now=now)
            answer = await once.keep(answer, status=HTTPStatus.ACCEPTED)
        is_kept = True
        return answer
    finally:
        if not is_kept:
            uploads.remove(folder, str(import_id))


@router.get("/imports")
async def list_imports(
    _expert: Overseer,
    session: Reading,
    paged: pages.Paged,
    now: Now,
    source: Annotated[str | None, Query(max_length=40)] = None,
    state: ImportState | None = None,
) -> PageOf[ImportOut]:
    """Imports of files, the last to come first."""
    found = await queries.imports(session, ImportFilter(source=source, state=state), paged.page(UUID))
    rows = paged.cut(found, lambda row: (row.id,))
    names, newest = await _names(session, rows), await queries.newest(session, rows)
    return paged.answer([ImportOut.of(row, names, now=now, can_be_undone=row.id in newest) for row in rows])


@router.get("/imports/{import_id}")
async def get_import(import_id: UUID, _expert: Overseer, session: Reading, now: Now) -> ImportOut:
    """One import, with how far it is."""
    return await _shown(session, await queries.one(session, import_id), now=now)


@router.get("/imports/{import_id}/rejects.csv", response_class=Response, responses=_CSV)
async def get_rejects(
    import_id: UUID, expert: Downloading, ports: PortsOfApp, records: RecordsOfApp
) -> Response:
    """The rows that became no record, as a table for a spreadsheet; `rejects_kept` says how many are kept.

    What a program could take for a formula has an apostrophe before it.
    """
    async with ports.backbone.database.reading(scopes.of(expert)) as session:
        run = await queries.one(session, import_id)
    if records is None:
        raise errors.NoPlaceForRecords
    rejects = _rejects(records, run.number)
    try:
        # Before the answer begins, so that it may still be another one.
        first = await anext(rejects, list[RejectedRow]())
    except EngineAway:
        raise TemporarilyUnavailable(headers={"Retry-After": "15"}) from None
    headers = {"Content-Disposition": f'attachment; filename="rejects-{run.source}.csv"'}
    return StreamingResponse(
        table(_all(first, rejects)), media_type="text/csv; charset=utf-8", headers=headers
    )


@router.put("/imports/{import_id}/undoing", status_code=HTTPStatus.ACCEPTED)
async def undo_import(import_id: UUID, expert: Importing, session: WriteSession, now: Now) -> ImportOut:
    """Take back what the newest import of a source has brought: what it took back holds again."""
    run = await queries.one(session, import_id)
    try:
        run = await holding.begin_undo(session, run, by=expert, now=now)
    except NotPublished:
        raise errors.ImportNotPublished from None
    except NotTheNewest:
        raise errors.ImportNotNewest from None
    except ImportUnderWay as under_way:
        raise await _busy(session, under_way.run) from None
    return await _shown(session, run, now=now)


@router.delete("/imports/{import_id}", status_code=HTTPStatus.NO_CONTENT)
async def cancel_import(import_id: UUID, expert: Importing, session: WriteSession, now: Now) -> None:
    """Take a file that waits out of the line."""
    try:
        await line.leave(session, await queries.one(session, import_id), by=expert, now=now)
    except NotWaiting:
        raise errors.ImportNotWaiting from None


async def _shown(session: ReadSession, run: ImportRun, *, now: Any) -> ImportOut:
    newest = await queries.newest(session, [run])
    return ImportOut.of(run, await _names(session, [run]), now=now, can_be_undone=run.id in newest)


async def _names(session: ReadSession, runs: Sequence[ImportRun]) -> dict[UUID, str]:
    return await experts.names(session, {run.started_by for run in runs if run.started_by})


async def _busy(session: ReadSession, run: ImportRun) -> errors.SourceBusy:
    names = await _names(session, [run])
    return errors.SourceBusy(
        import_id=str(run.id),
        file=run.file,
        who=names[run.started_by] if run.started_by else run.came_by,
        since=f"{run.started_at or run.came_at:%Y-%m-%d %H:%M} UTC",
    )


async def _rejects(records: VehicleRecords, run: int) -> AsyncIterator[list[RejectedRow]]:
    skip = 0
    while found := await records.rejects_of(run, most=_REJECTS_AT_ONCE, skip=skip):
        yield found
        skip += len(found)


async def _all(
    first: list[RejectedRow], rest: AsyncIterator[list[RejectedRow]]
) -> AsyncIterator[list[RejectedRow]]:
    yield first
    async for batch in rest:
        yield batch
