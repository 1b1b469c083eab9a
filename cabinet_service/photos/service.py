"""Taking photos in: first the bytes, durable and checked, then the row that says so."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select, update

from cabinet_service.db.rows import Json, each, plain
from cabinet_service.db.tables import outbox
from cabinet_service.photos.errors import Sha256Mismatch, TooManyPhotos, problem_of
from cabinet_service.photos.intake import PhotoFacts, examine
from cabinet_service.photos.jobs import MakePreview
from cabinet_service.photos.limits import MAX_PHOTOS_PER_INSPECTION
from cabinet_service.photos.models import Evidence, PreviewState
from cabinet_service.photos.queries import ref_of, view_of
from cabinet_service.photos.refusal import PhotoRefused
from cabinet_service.photos.schemas import EvidenceOut
from cabinet_service.photos.storage import new_original_key, preview_key, room_needed
from cabinet_service.ports import FileStore
from service_kit.db import Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from service_kit.scratch import nameless_file
from shared_schemas.evidence import EvidenceRef
from shared_schemas.words import Shot

COPY_CHUNK: Final = 256 * 1024
# EXIF codes that lay the picture on its side.
_SIDEWAYS: Final = range(5, 9)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A photo whose bytes are durable under `key`, and which no row mentions yet."""

    key: str
    sha256: bytes
    facts: PhotoFacts


class Received(NamedTuple):
    """`is_new` is False where the inspection already had these bytes; then `took_file` says whether the file
    replaces one that was lost.
    """

    view: EvidenceOut
    ref: EvidenceRef
    is_new: bool
    took_file: bool


async def take_in(files: FileStore, upload: BinaryIO, *, sha256: str) -> TakenIn:
    """Keep the uploaded file byte for byte. `sha256` is the client's, in hex.

    Raises Sha256Mismatch, StorageFull, or the problem of a photo that is refused; then nothing is kept.
    """
    with room_needed(), nameless_file() as path:
        digest, facts = await asyncio.to_thread(_check, upload, path, sha256)
        key = new_original_key()
        await files.put(key, path)
    return TakenIn(key, digest, facts)


def _check(upload: BinaryIO, path: Path, sha256: str) -> tuple[bytes, PhotoFacts]:
    """Copy the upload to `path`; returns its digest and what kind of photo it is."""
    digest = hashlib.sha256()
    upload.seek(0)
    with path.open("wb") as file:
        while chunk := upload.read(COPY_CHUNK):
            digest.update(chunk)
            file.write(chunk)
    if digest.hexdigest() != sha256.lower():
        raise Sha256Mismatch(received=digest.hexdigest())
    try:
        return digest.digest(), examine(path)
    except PhotoRefused as refusal:
        raise problem_of(refusal) from None


async def attach(
    session: Session,
    photo: TakenIn,
    *,
    inspection_id: UUID,
    shot: Shot,
    captured_at: datetime | None,
    info_task_id: UUID | None,
    files: FileStore,
    now: datetime,
) -> Received:
    """Make the photo evidence of an inspection, whose row the caller has locked. Raises TooManyPhotos.

    Where the inspection has these bytes already, nothing is added, and unless the older file was lost, that of
    `photo` is not needed.
    """
    kept = await _kept(session, inspection_id)
    same_id = kept.get(photo.sha256)
    if same_id is not None:
        same = await session.get_one(Evidence, same_id)
        lost = not await files.exists(same.original_key)
        if lost:
            same.original_key = photo.key
            same.preview_state = PreviewState.PENDING
            await outbox.enqueue(session, MakePreview(evidence_id=same.id), now=now)
        return Received(view_of(same), ref_of(same), is_new=False, took_file=lost)
    if len(kept) >= MAX_PHOTOS_PER_INSPECTION:
        raise TooManyPhotos(most=MAX_PHOTOS_PER_INSPECTION)
    facts = photo.facts
    sideways = facts.orientation in _SIDEWAYS
    row = Evidence(
        id=new_id(),
        inspection_id=inspection_id,
        shot=shot,
        info_task_id=info_task_id,
        sha256=photo.sha256,
        original_key=photo.key,
        media_type=facts.media_type,
        size_bytes=facts.size,
        width=facts.height if sideways else facts.width,
        height=facts.width if sideways else facts.height,
        orientation=facts.orientation,
        has_location=facts.has_location,
        captured_at=captured_at or facts.captured_at,
        received_at=now,
        preview_state=PreviewState.PENDING,
    )
    session.add(row)
    await session.flush()
    await outbox.enqueue(session, MakePreview(evidence_id=row.id), now=now)
    return Received(view_of(row), ref_of(row), is_new=True, took_file=True)


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
        yield "photos", plain(row, without={"original_key"})


async def originals(session: Session, *, of: Select[UUID]) -> AsyncGenerator[tuple[str, str]]:
    """Of the same photos what each is to be called, and the key of its untouched original."""
    async for row in each(session, _rows_of(of)):
        name = f"{row.inspection_id}/{row.id}.{row.media_type.removeprefix('image/')}"
        yield name, row.original_key


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
        await files.delete(row.original_key)
        await files.delete(preview_key(row.original_key))
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
