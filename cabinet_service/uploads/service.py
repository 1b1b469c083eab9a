"""Uploads: begun, gone on with, and in the end made evidence or refused.

A part is a file of its own: durable first, then the row that says so, so that a cut or a kill at any moment costs
one part. Of two who send the same part the row lets one through.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.domain import Act
from cabinet_service.inspections.evidence import service as evidence
from cabinet_service.inspections.evidence.schemas import UploadFields
from cabinet_service.photos.jobs import ORPHAN_AGE
from cabinet_service.photos.service import TakenIn
from cabinet_service.ports import FileStore
from cabinet_service.uploads.domain import UploadState
from cabinet_service.uploads.errors import TooManyUploads, UploadOffset, UploadOver
from cabinet_service.uploads.models import Upload, UploadPart
from service_kit import locks
from service_kit.db import ReadSession, Session, database_now
from service_kit.http.problems import NotFound, Problem, again
from service_kit.ids import new_id

KEPT_FOR: Final = timedelta(days=7)
# Sixty photos of an inspection, and the next inspections.
MOST_OPEN: Final = 200
PARTS: Final = "parts"
SWEEP_EVERY: Final = timedelta(hours=1)
SWEEP_LOCK: Final = "uploads swept"
_SWEEP_BATCH: Final = 100


async def begin(
    session: Session, inspection_id: UUID, fields: UploadFields, *, size: int, client: Client, now: datetime
) -> Upload:
    """An upload for a photo of that inspection. Begun again while it is under way, it is the same one.

    Raises TooManyUploads, or what keeps the client from adding a photo.
    """
    await ClientActing(session=session, now=now, client=client).on(inspection_id, Act.ADD_PHOTO)
    link_id = client.link.id if client.link else None
    theirs = Upload.account_id == client.account_id, Upload.link_id.is_not_distinct_from(link_id)
    under_way = *theirs, Upload.state == UploadState.RECEIVING
    if (await session.scalar(select(func.count()).where(*under_way)) or 0) >= MOST_OPEN:
        raise TooManyUploads(most=MOST_OPEN)
    new = {
        "id": new_id(),
        "account_id": client.account_id,
        "inspection_id": inspection_id,
        "link_id": link_id,
        "shot": fields.shot,
        "sha256": bytes.fromhex(fields.sha256),
        "captured_at": fields.captured_at,
        "info_task_id": fields.info_task_id,
        "size_bytes": size,
        "offset_bytes": 0,
        "state": UploadState.RECEIVING,
        "created_at": now,
        "expires_at": now + KEPT_FOR,
    }
    await session.execute(insert(Upload).values(new).on_conflict_do_nothing())
    found = select(Upload).where(
        Upload.inspection_id == inspection_id, Upload.sha256 == new["sha256"], *under_way
    )
    return (await session.scalars(found)).one()


async def one(session: ReadSession, upload_id: UUID, *, client: Client) -> Upload:
    """One's own upload. Raises NotFound."""
    return _own(await session.get(Upload, upload_id), client)


def check_may_come(upload: Upload, at: int, *, now: datetime) -> None:
    """Raises UploadOver or UploadOffset if no bytes may come that begin `at`. Of a whole upload any may, as they
    may be its end once more.
    """
    _check_in_time(upload, now=now)
    if at > upload.size_bytes or (at != upload.offset_bytes and not upload.is_whole):
        raise _elsewhere(upload)


def check_took(upload: Upload, *, at: int, size: int) -> None:
    """Raises why the photo was refused, UploadOffset if what was sent is not held after all, or UploadOver or
    UploadOffset if a whole upload was sent bytes that are not its end.
    """
    if upload.offset_bytes < at + size:
        raise _elsewhere(upload)
    if upload.is_whole and at + size < upload.size_bytes:
        raise over(upload) if upload.state is UploadState.REFUSED else _elsewhere(upload)
    if upload.problem is not None:
        raise again(upload.problem["code"], upload.problem["params"]) or over(upload)


def check_lasts(upload: Upload, *, now: datetime) -> None:
    """Raises UploadOver if there is nothing to go on with, and nothing that became of it."""
    _check_in_time(upload, now=now)
    if upload.state is UploadState.REFUSED:
        raise over(upload)


def over(upload: Upload) -> UploadOver:
    """That it was refused, with the problem that is kept of it."""
    headers = {"Link": f'<../{upload.id}>; rel="describedby"'}
    return UploadOver(state=upload.state, problem=upload.problem, headers=headers)


def _check_in_time(upload: Upload, *, now: datetime) -> None:
    if upload.state is UploadState.RECEIVING and upload.expires_at <= now:
        raise UploadOver(state="expired", problem=None)


def _elsewhere(upload: Upload) -> UploadOffset:
    return UploadOffset(held=upload.offset_bytes, headers={"Upload-Offset": str(upload.offset_bytes)})


async def add_part(
    session: Session, upload_id: UUID, *, at: int, size: int, file_key: str, client: Client, now: datetime
) -> Upload:
    """Note a part whose bytes are durable. Raises UploadOver, or UploadOffset where somebody else was faster."""
    upload = await _locked(session, upload_id, client=client)
    _check_in_time(upload, now=now)
    if at != upload.offset_bytes:
        raise _elsewhere(upload)
    session.add(UploadPart(upload_id=upload.id, start=at, file_key=file_key))
    upload.offset_bytes += size
    await session.flush()
    return upload


async def parts(session: ReadSession, upload_id: UUID) -> list[UploadPart]:
    """Its parts, in order."""
    found = select(UploadPart).where(UploadPart.upload_id == upload_id).order_by(UploadPart.start)
    return list(await session.scalars(found))


async def cut_back(session: Session, upload: Upload, *, to: int) -> None:
    """Of an upload that is locked nothing is held from there on: the client is told to go on from there."""
    await session.execute(delete(UploadPart).where(UploadPart.upload_id == upload.id, UploadPart.start >= to))
    upload.offset_bytes = to


async def awaited(session: Session, upload_id: UUID, *, client: Client) -> Upload:
    """One's own upload, locked; waits for whoever brings it to its end in another process. Raises NotFound."""
    await session.fetch("SET LOCAL lock_timeout = '10s'")
    return await _locked(session, upload_id, client=client)


async def complete(
    session: Session, upload: Upload, photo: TakenIn, *, client: Client, files: FileStore
) -> bool:
    """Make the photo evidence of an upload that is locked; its parts are not needed any more. Returns whether its
    file is (`Received`).
    """
    fields = UploadFields(
        shot=upload.shot,
        sha256=upload.sha256.hex(),
        captured_at=upload.captured_at,
        info_task_id=upload.info_task_id,
    )
    acting = ClientActing(session=session, now=await database_now(session), client=client)
    received = await evidence.add_photo(acting, upload.inspection_id, photo, fields, files=files)
    upload.state = UploadState.DONE
    upload.evidence_id = received.view.id
    await _drop_parts(session, upload.id)
    return received.took_file


async def refuse(session: Session, upload: Upload, problem: Problem) -> None:
    """Keep why an upload that is locked did not become evidence, for whoever missed the answer."""
    upload.state = UploadState.REFUSED
    upload.problem = {"code": problem.code, "params": _plain(problem.params), "status": problem.status}
    await _drop_parts(session, upload.id)


async def drop(session: Session, upload_id: UUID, *, client: Client) -> list[str]:
    """Forget an upload; returns the keys of the files that nobody needs any more. Raises NotFound."""
    upload = await _locked(session, upload_id, client=client)
    keys = [part.file_key for part in await parts(session, upload.id)]
    await _drop_parts(session, upload.id)
    await session.execute(delete(Upload).where(Upload.id == upload.id))
    return keys


async def sweep(session: Session, now: datetime, *, files: FileStore) -> bool:
    """Forget uploads whose time is over, and old files of parts without a row; whether there may be more."""
    if not await locks.hold_if_free(session, SWEEP_LOCK):
        return False
    over = (
        select(Upload.id)
        .where(Upload.expires_at <= now)
        .limit(_SWEEP_BATCH)
        .with_for_update(skip_locked=True)
    )
    ids = (await session.scalars(over)).all()
    await _forget(session, ids, files)
    if len(ids) == _SWEEP_BATCH:
        return True  # the files' turn comes when all of these are gone
    batch: list[str] = []
    async for key in files.kept_before(now - ORPHAN_AGE, under=PARTS):
        batch.append(key)
        if len(batch) == _SWEEP_BATCH:
            await _sweep_files(session, batch, files)
            batch.clear()
    await _sweep_files(session, batch, files)
    return False


async def _sweep_files(session: Session, keys: Sequence[str], files: FileStore) -> None:
    mentioned = await session.scalars(select(UploadPart.file_key).where(UploadPart.file_key.in_(keys)))
    for key in set(keys).difference(mentioned):
        await files.delete(key)


async def erase(session: Session, account_id: UUID, *, files: FileStore) -> None:
    """Forget all uploads of an account. Not to be undone."""
    mine = select(Upload.id).where(Upload.account_id == account_id).with_for_update()
    await _forget(session, (await session.scalars(mine)).all(), files)


async def _forget(session: Session, ids: Sequence[UUID], files: FileStore) -> None:
    # Files first: if the commit fails they are missed by rows that are forgotten by the next attempt.
    for key in await session.scalars(select(UploadPart.file_key).where(UploadPart.upload_id.in_(ids))):
        await files.delete(key)
    await session.execute(delete(UploadPart).where(UploadPart.upload_id.in_(ids)))
    await session.execute(delete(Upload).where(Upload.id.in_(ids)))


async def _locked(session: Session, upload_id: UUID, *, client: Client) -> Upload:
    return _own(await session.get(Upload, upload_id, lock=True), client)


def _own(found: Upload | None, client: Client) -> Upload:
    """Whoever has a link has what they sent by it; the client who gave it has what they sent themself."""
    link_id = client.link.id if client.link else None
    if found is None or (found.account_id, found.link_id) != (client.account_id, link_id):
        raise NotFound
    return found


async def _drop_parts(session: Session, upload_id: UUID) -> None:
    await session.execute(delete(UploadPart).where(UploadPart.upload_id == upload_id))


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, str | int | float | None) else str(value)
        for name, value in params.items()
    }
