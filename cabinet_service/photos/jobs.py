"""What the worker does for photos: previews, and the removal of files that no row mentions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import or_, select

from cabinet_service.photos.models import Evidence, PreviewState
from cabinet_service.photos.preview_process import PreviewFacts, PreviewProcess
from cabinet_service.photos.refusal import PhotoRefused
from cabinet_service.photos.storage import preview_key, sent_keys
from cabinet_service.ports import FileMissing, FileStore
from service_kit import locks
from service_kit.db import ReadSession, Session
from service_kit.scratch import nameless_file
from shared_schemas.envelope import Work

log = structlog.get_logger(__name__)

# A worker that was started on the wrong database, or on an old backup, takes every file for an orphan. This is
# how long one has to notice.
ORPHAN_AGE: Final = timedelta(days=7)
SWEEP_EVERY: Final = timedelta(hours=6)
SWEEP_BATCH: Final = 500
HASH_EVERY: Final = timedelta(minutes=10)
HASH_BATCH: Final = 20
SWEEP_LOCK: Final = "photos swept"


class MakePreview(Work):
    """A photo or a copy of it was taken in; its preview is wanted."""

    TYPE = "photo.make_preview"
    evidence_id: UUID


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of the attempt to make a preview of the file `key`: the preview, or why there is none."""

    evidence_id: UUID
    inspection_id: UUID
    key: str
    outcome: PreviewFacts | str


async def make_preview(
    session: Session, evidence_id: UUID, *, files: FileStore, previews: PreviewProcess
) -> Tried | None:
    """Make the preview of the best file that there is of a photo; None if there is nothing to do.

    It is durable, and no row mentions it yet: `settle` does, once the inspection is locked.
    """
    # Who erases the photo waits until its preview is there to be erased too; nobody else has to.
    row = await session.scalar(
        select(Evidence).where(Evidence.id == evidence_id).with_for_update(read=True, key_share=True)
    )
    if row is None or row.deleted_at is not None or row.preview_state is PreviewState.FAILED:
        return None
    key = row.file_key
    if row.shown_key == key:
        return None
    with nameless_file() as sent, nameless_file() as preview:
        try:
            await files.fetch(key, sent)
            facts = await previews.make(sent, preview)
        except (PhotoRefused, FileMissing) as error:
            problem = error.code if isinstance(error, PhotoRefused) else "photo_lost"
            log.warning("preview_failed", evidence_id=str(evidence_id), problem=problem)
            return Tried(row.id, row.inspection_id, key, problem)
        await files.put(preview_key(key), preview)
    return Tried(row.id, row.inspection_id, key, facts)


async def settle(session: Session, tried: Tried) -> bool:
    """Show the preview, or mark the photo as one that cannot be opened. The caller has locked the inspection.

    False if a better file came while this one was decoded: that one has a job of its own.
    """
    # As it is now, and not locked: who decodes another copy of it meanwhile shares a lock of its key.
    row = (await session.scalars(select(Evidence).where(Evidence.id == tried.evidence_id))).one()
    if row.file_key != tried.key:
        return False
    if isinstance(tried.outcome, str):
        row.preview_state = PreviewState.FAILED
        row.preview_problem = tried.outcome
        return True
    facts = tried.outcome
    row.preview_state = PreviewState.READY
    row.preview_problem = None
    row.shown_key = tried.key
    row.preview_size_bytes = facts.size
    row.preview_width, row.preview_height = facts.width, facts.height
    row.perceptual_hash = bytes.fromhex(facts.perceptual_hash)
    row.incomplete = facts.incomplete
    return True


async def hash_photos(
    session: Session, _now: datetime, *, files: FileStore, previews: PreviewProcess
) -> bool:
    """Hash photos whose previews were made before they were hashed as now. Returns whether there may be more."""
    found = await session.scalars(
        select(Evidence)
        .where(
            Evidence.perceptual_hash.is_(None),
            Evidence.preview_state == PreviewState.READY,
            Evidence.deleted_at.is_(None),
        )
        .order_by(Evidence.id)
        .limit(HASH_BATCH)
        .with_for_update(skip_locked=True, key_share=True)
    )
    rows = found.all()
    for row in rows:
        with nameless_file() as preview:
            try:
                await files.fetch(preview_key(row.shown_key or row.file_key), preview)
                row.perceptual_hash = bytes.fromhex(await previews.hash(preview))
            except (PhotoRefused, FileMissing) as error:
                log.warning("photo_not_hashed", evidence_id=str(row.id), error=repr(error))
                row.perceptual_hash = b""
    return len(rows) == HASH_BATCH


async def sweep(session: Session, now: datetime, *, files: FileStore) -> None:
    """Delete old files of photos that no row mentions: of uploads that broke off, and of photos taken back."""
    if not await locks.hold_if_free(session, SWEEP_LOCK):
        return
    swept = 0
    batch: dict[str, tuple[str, ...]] = {}
    async for key in files.kept_before(now - ORPHAN_AGE):
        if sent := sent_keys(key):
            batch[key] = sent
        if len(batch) == SWEEP_BATCH:
            swept += await _sweep_batch(session, files, batch)
            batch = {}
    swept += await _sweep_batch(session, files, batch)
    if swept:
        log.info("orphan_files_swept", files=swept)


async def _sweep_batch(session: ReadSession, files: FileStore, sent_as: Mapping[str, tuple[str, ...]]) -> int:
    """Delete those of the files (keys) that no row mentions by any key in `sent_as`; returns how many."""
    if not sent_as:
        return 0
    asked = {sent for keys in sent_as.values() for sent in keys}
    mentioned = await session.execute(
        select(Evidence.original_key, Evidence.copy_key).where(
            or_(Evidence.original_key.in_(asked), Evidence.copy_key.in_(asked)), Evidence.deleted_at.is_(None)
        )
    )
    wanted = {key for row in mentioned for key in row}
    orphans = [key for key, sent in sent_as.items() if wanted.isdisjoint(sent)]
    for key in orphans:
        await files.delete(key)
    return len(orphans)
