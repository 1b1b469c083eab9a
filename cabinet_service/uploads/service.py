"""Uploads: begun, gone on with, and in the end made evidence or refused.

A part is a file of its own: durable first, then the row that says so, so that a cut or a kill at any moment costs
one part. Of two who send the same part the row lets one through.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.domain import Act
from cabinet_service.inspections.schemas import UploadFields
from cabinet_service.inspections.service import evidence, happening
from cabinet_service.photos.jobs import ORPHAN_AGE
from cabinet_service.photos.service import TakenIn
from cabinet_service.ports import FileStore
from cabinet_service.uploads.domain import UploadState
from cabinet_service.uploads.errors import TooManyUploads, UploadOffset, UploadOver
from cabinet_service.uploads.models import Upload, UploadPart
from service_kit.db import ReadSession, Session
from service_kit.http.problems import NotFound, Problem
from service_kit.ids import new_id

KEPT_FOR: Final = timedelta(days=7)
# Sixty photos of an inspection, and the next inspections.
MOST_OPEN: Final = 200
PARTS: Final = "parts/"
SWEEP_EVERY: Final = timedelta(hours=1)
_SWEEP_BATCH: Final = 100


async def begin(
    session: Session, inspection_id: UUID, fields: UploadFields, *, size: int, client: Client, now: datetime
) -> Upload:
    """An upload for a photo of that inspection. Begun again while it is under way, it is the same one.

    Raises TooManyUploads, or what keeps the client from adding a photo.
    """
    await happening.begin(session, inspection_id, Act.ADD_PHOTO, client=client)
    under_way = Upload.account_id == client.account_id, Upload.state == UploadState.RECEIVING
    if (await session.scalar(select(func.count()).where(*under_way)) or 0) >= MOST_OPEN:
        raise TooManyUploads(most=MOST_OPEN)
    new = {
        "id": new_id(),
        "account_id": client.account_id,
        "inspection_id": inspection_id,
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
    found = await session.get(Upload, upload_id)
    if found is None or found.account_id != client.account_id:
        raise NotFound
    return found


def check_going_on(upload: Upload, offset: int, *, now: datetime) -> None:
    """Raises UploadOver or UploadOffset if nothing may be added at `offset`."""
    if upload.state is not UploadState.RECEIVING or upload.expires_at <= now:
        raise UploadOver(state=upload.state if upload.state is not UploadState.RECEIVING else "expired")
    if upload.offset_bytes != offset:
        headers = {"Upload-Offset": str(upload.offset_bytes)}
        raise UploadOffset(held=upload.offset_bytes, headers=headers)


async def add_part(
    session: Session, upload_id: UUID, *, at: int, size: int, file_key: str, client: Client, now: datetime
) -> Upload:
    """Note a part whose bytes are durable. Raises UploadOver, or UploadOffset where somebody else was faster."""
    upload = await _locked(session, upload_id, client=client)
    check_going_on(upload, at, now=now)
    session.add(UploadPart(upload_id=upload.id, start=at, file_key=file_key))
    upload.offset_bytes += size
    await session.flush()
    return upload


async def parts(session: ReadSession, upload_id: UUID) -> list[str]:
    """The keys of the files of its parts, in order."""
    keys = select(UploadPart.file_key).where(UploadPart.upload_id == upload_id).order_by(UploadPart.start)
    return list(await session.scalars(keys))


async def complete(
    session: Session, upload_id: UUID, photo: TakenIn, *, client: Client, files: FileStore, now: datetime
) -> bool:
    """Make the photo evidence; its parts are not needed any more. Returns whether its file is (`Received`)."""
    upload = await one(session, upload_id, client=client)
    fields = UploadFields(
        shot=upload.shot,
        sha256=upload.sha256.hex(),
        captured_at=upload.captured_at,
        info_task_id=upload.info_task_id,
    )
    received = await evidence.add_photo(
        session, upload.inspection_id, photo, fields, client=client, files=files, now=now
    )
    upload = await _locked(session, upload_id, client=client)
    upload.state = UploadState.DONE
    upload.evidence_id = received.view.id
    await _drop_parts(session, upload.id)
    return received.took_file


async def refuse(session: Session, upload_id: UUID, problem: Problem, *, client: Client) -> None:
    """Keep why it did not become evidence, for whoever missed the answer."""
    upload = await _locked(session, upload_id, client=client)
    if upload.state is UploadState.RECEIVING:
        upload.state = UploadState.REFUSED
        upload.problem = {"code": problem.code, "params": _plain(problem.params), "status": problem.status}
        await _drop_parts(session, upload.id)


async def drop(session: Session, upload_id: UUID, *, client: Client) -> list[str]:
    """Forget an upload; returns the keys of the files that nobody needs any more. Raises NotFound."""
    upload = await _locked(session, upload_id, client=client)
    keys = await parts(session, upload.id)
    await _drop_parts(session, upload.id)
    await session.execute(delete(Upload).where(Upload.id == upload.id))
    return keys


async def sweep(session: Session, now: datetime, *, files: FileStore) -> None:
    """Forget uploads whose time is over, and old files of parts that no row mentions."""
    over = (
        select(Upload.id)
        .where(Upload.expires_at <= now)
        .limit(_SWEEP_BATCH)
        .with_for_update(skip_locked=True)
    )
    await _forget(session, (await session.scalars(over)).all(), files)
    async for key in files.kept_before(now - ORPHAN_AGE):
        if key.startswith(PARTS) and not await session.scalar(
            select(exists().where(UploadPart.file_key == key))
        ):
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
    found = await session.get(Upload, upload_id, with_for_update=True, populate_existing=True)
    if found is None or found.account_id != client.account_id:
        raise NotFound
    return found


async def _drop_parts(session: Session, upload_id: UUID) -> None:
    await session.execute(delete(UploadPart).where(UploadPart.upload_id == upload_id))


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if isinstance(value, str | int | float | None) else str(value)
        for name, value in params.items()
    }
