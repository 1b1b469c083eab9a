"""Taking photos and their copies in: first the bytes, durable and checked, then the row that says so."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select, update

from cabinet_service.db.rows import Json, each, plain
from cabinet_service.db.tables import outbox
from cabinet_service.photos.errors import PhotoTooLarge, Sha256Mismatch, TooManyPhotos, problem_of
from cabinet_service.photos.intake import MediaType, PhotoFacts, examine
from cabinet_service.photos.jobs import MakePreview
from cabinet_service.photos.limits import MAX_COPY_BYTES, MAX_PHOTOS_PER_INSPECTION
from cabinet_service.photos.models import Evidence, PreviewState
from cabinet_service.photos.queries import ref_of, view_of
from cabinet_service.photos.refusal import PhotoRefused
from cabinet_service.photos.schemas import EvidenceOut
from cabinet_service.photos.storage import COPIES, ORIGINALS, new_key, preview_key, room_needed
from cabinet_service.ports import FileStore
from service_kit.db import Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from service_kit.scratch import nameless_file
from shared_schemas.evidence import EvidenceRef
from shared_schemas.words import Original, Shot

COPY_CHUNK: Final = 256 * 1024
# EXIF codes that lay the picture on its side.
_SIDEWAYS: Final = range(5, 9)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A photo whose bytes are durable under `key`, and which no row mentions yet."""

    key: str
    sha256: bytes
    facts: PhotoFacts


@dataclass(frozen=True, slots=True)
class Announced:
    """What a client says of the original that will follow its copy."""

    sha256: bytes
    media_type: MediaType
    size: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a client tells of a photo beside its bytes."""

    shot: Shot
    captured_at: datetime | None
    info_task_id: UUID | None


class Received(NamedTuple):
    """`is_new` is False where the inspection already had this photo; then `took_file` says whether the file is
    needed: it replaces one that was lost or, if it `completes` the photo, is the original that was awaited.
    """

    view: EvidenceOut
    ref: EvidenceRef
    is_new: bool
    took_file: bool
    completes: bool = False


async def take_in(files: FileStore, upload: BinaryIO, *, sha256: str) -> TakenIn:
    """Keep the uploaded file byte for byte. `sha256` is the client's, in hex.

    Raises Sha256Mismatch, StorageFull, or the problem of a photo that is refused; then nothing is kept.
    """
    with room_needed(), nameless_file() as path:
        digest, facts = await asyncio.to_thread(_check, upload, path, sha256)
        key = new_key(ORIGINALS)
        await files.put(key, path)
    return TakenIn(key, digest, facts)


async def take_copy_in(files: FileStore, upload: BinaryIO) -> TakenIn:
    """Keep the copy of a photo. Raises StorageFull, PhotoTooLarge, or the problem of a photo that is refused."""
    size = upload.seek(0, 2)
    if size > MAX_COPY_BYTES:
        raise PhotoTooLarge(size=size, most=MAX_COPY_BYTES)
    with room_needed(), nameless_file() as path:
        digest, facts = await asyncio.to_thread(_check, upload, path, None)
        key = new_key(COPIES)
        await files.put(key, path)
    return TakenIn(key, digest, facts)


def _check(upload: BinaryIO, path: Path, sha256: str | None) -> tuple[bytes, PhotoFacts]:
    """Copy the upload to `path`; returns its digest and what kind of photo it is."""
    digest = hashlib.sha256()
    upload.seek(0)
    with path.open("wb") as file:
        while chunk := upload.read(COPY_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    if sha256 is not None and digest.hexdigest() != sha256.lower():
        raise Sha256Mismatch(received=digest.hexdigest())
    try:
        return digest.digest(), examine(path)
    except PhotoRefused as refusal:
        raise problem_of(refusal) from None


async def attach(
    session: Session, photo: TakenIn, told: Told, *, inspection_id: UUID, files: FileStore, now: datetime
) -> Received:
    """Make the photo evidence of an inspection, whose row the caller has locked. Raises TooManyPhotos.

    Where the inspection has a copy of it, it becomes the original of that evidence. Where it has these bytes
    already, nothing is added, and unless the older file was lost, that of `photo` is not needed.
    """
    kept = await _kept(session, inspection_id)
    same_id = kept.get(photo.sha256)
    if same_id is None:
        _check_room(kept)
        row = _row(photo, told, photo.sha256, inspection_id=inspection_id, now=now)
        row.original_key = photo.key
        return await _add(session, row, now=now)
    same = await session.get_one(Evidence, same_id)
    completes = same.original_key is None
    if same.original_key is not None and await files.exists(same.original_key):
        return Received(view_of(same), ref_of(same), is_new=False, took_file=False)
    same.original_key = photo.key
    _take_facts(same, photo.facts)
    same.captured_at = same.captured_at or photo.facts.captured_at
    await _want_preview(session, same, now=now)
    return Received(view_of(same), ref_of(same), is_new=False, took_file=True, completes=completes)


async def attach_copy(
    session: Session,
    copy: TakenIn,
    told: Told,
    announced: Announced,
    *,
    inspection_id: UUID,
    files: FileStore,
    now: datetime,
) -> Received:
    """Have the copy stand for a photo whose original follows. The same conditions, and raises the same.

    Where the inspection has this photo already, the copy is needed only if there was no more, and that was lost.
    """
    kept = await _kept(session, inspection_id)
    same_id = kept.get(announced.sha256)
    if same_id is None:
        _check_room(kept)
        row = _row(copy, told, announced.sha256, inspection_id=inspection_id, now=now)
        row.copy_key = copy.key
        row.media_type, row.size_bytes = announced.media_type, announced.size
        return await _add(session, row, now=now)
    same = await session.get_one(Evidence, same_id)
    lost = same.original_key is None and not await files.exists(same.file_key)
    if lost:
        same.copy_key = copy.key
        await _want_preview(session, same, now=now)
    return Received(view_of(same), ref_of(same), is_new=False, took_file=lost)


def _check_room(kept: Collection[bytes]) -> None:
    if len(kept) >= MAX_PHOTOS_PER_INSPECTION:
        raise TooManyPhotos(most=MAX_PHOTOS_PER_INSPECTION)


def _row(photo: TakenIn, told: Told, sha256: bytes, *, inspection_id: UUID, now: datetime) -> Evidence:
    row = Evidence(
        id=new_id(),
        inspection_id=inspection_id,
        shot=told.shot,
        info_task_id=told.info_task_id,
        sha256=sha256,
        captured_at=told.captured_at or photo.facts.captured_at,
        received_at=now,
    )
    _take_facts(row, photo.facts)
    return row


def _take_facts(row: Evidence, facts: PhotoFacts) -> None:
    sideways = facts.orientation in _SIDEWAYS
    row.media_type, row.size_bytes = facts.media_type, facts.size
    row.width = facts.height if sideways else facts.width
    row.height = facts.width if sideways else facts.height
    row.orientation, row.has_location = facts.orientation, facts.has_location


async def _add(session: Session, row: Evidence, *, now: datetime) -> Received:
    session.add(row)
    await _want_preview(session, row, now=now)
    return Received(view_of(row), ref_of(row), is_new=True, took_file=True)


async def _want_preview(session: Session, row: Evidence, *, now: datetime) -> None:
    """Have a preview made of the file that came. One of the copy is shown until then."""
    if row.shown_key is not None and row.shown_key == row.copy_key:
        row.preview_state = PreviewState.READY
    else:
        row.shown_key, row.preview_state = None, PreviewState.PENDING
    row.preview_problem = None
    await session.flush()
    await outbox.enqueue(session, MakePreview(evidence_id=row.id), now=now)


async def remove(session: Session, inspection_id: UUID, evidence_id: UUID, *, now: datetime) -> None:
    """The client takes a photo back. Its files go with the next sweep. Raises NotFound."""
    removed = await session.scalar(
        update(Evidence)
        .where(
            Evidence.id == evidence_id,
            Evidence.inspection_id == inspection_id,
            Evidence.deleted_at.is_(None),
        )
        .values(deleted_at=now)
        .returning(Evidence.id)
    )
    if removed is None:
        raise NotFound


async def assign_task(session: Session, evidence_ids: list[UUID], task_id: UUID) -> None:
    """Say which info task these photos fulfil, where they do not say it yet."""
    await session.execute(
        update(Evidence)
        .where(Evidence.id.in_(evidence_ids), Evidence.info_task_id.is_(None))
        .values(info_task_id=task_id)
    )


async def forget(session: Session, inspection_id: UUID, *, now: datetime) -> None:
    """Take all photos of an inspection back, as nobody will ever look at them."""
    await session.execute(
        update(Evidence)
        .where(Evidence.inspection_id == inspection_id, Evidence.deleted_at.is_(None))
        .values(deleted_at=now)
    )


async def rows(session: Session, *, of: Select[UUID]) -> AsyncGenerator[tuple[str, Json]]:
    """What a client takes along of the photos of their inspections: what we know of each."""
    async for row in each(session, _rows_of(of)):
        yield "photos", plain(row, without={"original_key", "copy_key", "shown_key"})


async def originals(session: Session, *, of: Select[UUID]) -> AsyncGenerator[tuple[str, str]]:
    """Of the same photos what each is to be called, and the key of its untouched original, or of the copy while
    that is all there is.
    """
    async for row in each(session, _rows_of(of)):
        kind = row.media_type.removeprefix("image/") if row.original is Original.HELD else "copy.jpeg"
        yield f"{row.inspection_id}/{row.id}.{kind}", row.file_key


def _rows_of(inspection_ids: Select[UUID]) -> Select[Evidence]:
    kept = Evidence.deleted_at.is_(None)
    of_them = Evidence.inspection_id.in_(inspection_ids.scalar_subquery())
    return select(Evidence).where(of_them, kept).order_by(Evidence.inspection_id, Evidence.id)


async def erase(session: Session, inspection_id: UUID, *, files: FileStore, now: datetime) -> None:
    """Delete the files of all photos of an inspection, and what their rows say of the pictures. Not to be undone.

    The files go before the commit: if that fails they are missed by rows that are erased by the next attempt.
    """
    rows = await session.scalars(
        select(Evidence).where(Evidence.inspection_id == inspection_id).with_for_update()
    )
    for row in rows.all():
        for key in row.file_keys:
            await files.delete(key)
            await files.delete(preview_key(key))
        row.deleted_at = row.deleted_at or now
        row.sha256 = b""
        row.perceptual_hash = None
        row.captured_at = None
        row.has_location = False


async def _kept(session: Session, inspection_id: UUID) -> dict[bytes, UUID]:
    """The photos that an inspection has, by their SHA-256."""
    rows = await session.execute(
        select(Evidence.sha256, Evidence.id).where(
            Evidence.inspection_id == inspection_id, Evidence.deleted_at.is_(None)
        )
    )
    return {row.sha256: row.id for row in rows}
