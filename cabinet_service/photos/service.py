"""Taking photos and their copies in: first the bytes, durable and checked, then the row that says so."""

import hashlib
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select, update

from cabinet_service.db.rows import Json, each
from cabinet_service.db.tables import outbox
from cabinet_service.photos.errors import PhotoTooLarge, Sha256Mismatch, TooManyPhotos, problem_of
from cabinet_service.photos.intake import MediaType, PhotoFacts, examine
from cabinet_service.photos.jobs import MakePreview
from cabinet_service.photos.limits import MAX_COPY_BYTES, MAX_FILE_BYTES, MAX_PHOTOS_PER_INSPECTION
from cabinet_service.photos.models import Evidence, PreviewState
from cabinet_service.photos.queries import ref_of, view_of
from cabinet_service.photos.refusal import PhotoRefused
from cabinet_service.photos.schemas import EvidenceOut
from cabinet_service.photos.storage import ORIGINALS, new_key, preview_key, room_needed
from cabinet_service.ports import Draft, FileStore
from service_kit.db import Session
from service_kit.forgetting import exported
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.evidence import EvidenceRef
from shared_schemas.words import CapturedAtSource, Original, Shot

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
class PhotoMetadata:
    """What a client tells of a photo beside its bytes."""

    shot: Shot
    captured_at: datetime | None
    info_task_id: UUID | None
    link_id: UUID | None = None


class Received(NamedTuple):
    """`is_new` is False where the inspection already had this photo; then `took_file` says whether the file is
    needed: it replaces one that was lost or, if it `completes` the photo, is the original that was awaited.
    """

    view: EvidenceOut
    ref: EvidenceRef
    is_new: bool
    took_file: bool
    completes: bool = False


class Arrival:
    """A photo that comes in, in the draft of a file that will be kept under `key`: written and hashed once."""

    def __init__(self, key: str, draft: Draft) -> None:
        self.key = key
        self._draft = draft
        self._digest = hashlib.sha256()

    async def write(self, data: bytes | memoryview) -> None:
        """The next bytes."""
        self._digest.update(data)
        await self._draft.write(data)

    async def keep(self, *, sha256: str | None, most: int) -> TakenIn:
        """All bytes are here: keep them if they are a photo of at most so many bytes, and have that digest."""
        digest = self._digest.digest()
        if sha256 is not None and digest.hex() != sha256.lower():
            raise Sha256Mismatch(received=digest.hex())

        def check(path: Path) -> PhotoFacts:
            size = path.stat().st_size
            if size > most:
                raise PhotoTooLarge(size=size, most=most)
            return examine(path)

        try:
            facts = await self._draft.keep(check)
        except PhotoRefused as refusal:
            raise problem_of(refusal) from None
        return TakenIn(self.key, digest, facts)


@asynccontextmanager
async def arriving(files: FileStore, folder: str = ORIGINALS) -> AsyncGenerator[Arrival]:
    """Where to write the bytes of a photo. Nothing is left of one that was not taken in when the block ends;
    of one that is cancelled while it is kept, a file that `jobs.sweep` finds.

    Raises StorageFull where the disk is full, also for what runs in the block.
    """
    key = new_key(folder)
    with room_needed():
        async with files.draft(key) as draft:
            yield Arrival(key, draft)


async def take_in(arrival: Arrival, *, sha256: str) -> TakenIn:
    """Keep the photo byte for byte. `sha256` is the client's, in hex.

    Raises Sha256Mismatch or the problem of a photo that is refused; then nothing is kept.
    """
    return await arrival.keep(sha256=sha256, most=MAX_FILE_BYTES)


async def take_copy_in(arrival: Arrival) -> TakenIn:
    """Keep the copy of a photo. Raises PhotoTooLarge or the problem of a photo that is refused."""
    return await arrival.keep(sha256=None, most=MAX_COPY_BYTES)


async def attach(
    session: Session,
    photo: TakenIn,
    metadata: PhotoMetadata,
    *,
    inspection_id: UUID,
    files: FileStore,
    now: datetime,
) -> Received:
    """Make the photo evidence of an inspection, whose row the caller has locked. Raises TooManyPhotos.

    Where the inspection has a copy of it, it becomes the original of that evidence. Where it has these bytes
    already, nothing is added, and unless the older file was lost, that of `photo` is not needed.
    """
    kept = await _kept(session, inspection_id)
    same_id = kept.get(photo.sha256)
    if same_id is None:
        _check_room(kept)
        row = _row(photo, metadata, photo.sha256, inspection_id=inspection_id, now=now)
        row.original_key = photo.key
        return await _add(session, row, now=now)
    same = await session.get_one(Evidence, same_id)
    completes = same.original_key is None
    if same.original_key is not None and await files.exists(same.original_key):
        return Received(view_of(same), ref_of(same), is_new=False, took_file=False)
    same.original_key = photo.key
    _take_facts(same, photo.facts)
    _take_time(same, same.captured_at, photo.facts)
    await _want_preview(session, same, now=now)
    return Received(view_of(same), ref_of(same), is_new=False, took_file=True, completes=completes)


async def attach_copy(
    session: Session,
    copy: TakenIn,
    metadata: PhotoMetadata,
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
        row = _row(copy, metadata, announced.sha256, inspection_id=inspection_id, now=now)
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


def _row(
    photo: TakenIn, metadata: PhotoMetadata, sha256: bytes, *, inspection_id: UUID, now: datetime
) -> Evidence:
    row = Evidence(
        id=new_id(),
        inspection_id=inspection_id,
        shot=metadata.shot,
        info_task_id=metadata.info_task_id,
        link_id=metadata.link_id,
        sha256=sha256,
        received_at=now,
    )
    _take_time(row, metadata.captured_at, photo.facts)
    _take_facts(row, photo.facts)
    return row


def _take_time(row: Evidence, device: datetime | None, facts: PhotoFacts) -> None:
    """The camera's word for when it was goes before that of the device, which may have got the file today."""
    if facts.captured_at is not None:
        row.captured_at, row.captured_at_source = facts.captured_at, facts.captured_at_source
    elif row.captured_at_source in (None, CapturedAtSource.UNKNOWN):
        row.captured_at = device
        row.captured_at_source = CapturedAtSource.DEVICE if device else CapturedAtSource.UNKNOWN


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
        yield "photos", exported(row)


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
    """Delete the files of all photos of an inspection. Not to be undone.

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


async def _kept(session: Session, inspection_id: UUID) -> dict[bytes, UUID]:
    """The photos that an inspection has, by their SHA-256."""
    rows = await session.execute(
        select(Evidence.sha256, Evidence.id).where(
            Evidence.inspection_id == inspection_id, Evidence.deleted_at.is_(None)
        )
    )
    return {row.sha256: row.id for row in rows}
