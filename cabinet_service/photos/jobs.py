"""What the worker does for photos: previews, and the removal of files that no row mentions."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import func, select

from cabinet_service.photos.models import Evidence, PreviewState
from cabinet_service.photos.preview_process import PreviewProcess
from cabinet_service.photos.refusal import PhotoRefused
from cabinet_service.photos.storage import original_key, preview_key
from cabinet_service.ports import FileMissing, FileStore
from service_kit.db import ReadSession, Session
from service_kit.scratch import nameless_file
from shared_schemas.envelope import Work

log = structlog.get_logger(__name__)

# A worker that was started on the wrong database, or on an old backup, takes every file for an orphan. This is
# how long one has to notice.
ORPHAN_AGE: Final = timedelta(days=7)
SWEEP_EVERY: Final = timedelta(hours=6)
SWEEP_BATCH: Final = 500
SWEEP_LOCK: Final = 7_215_010


class MakePreview(Work):
    """A photo was taken in; its preview is wanted."""

    TYPE = "photo.make_preview"
    evidence_id: UUID


async def make_preview(
    session: Session, evidence_id: UUID, *, files: FileStore, previews: PreviewProcess
) -> UUID | None:
    """Make the preview of a photo, or mark the photo as one that cannot be opened.

    Returns the inspection that changed by it, None if there was nothing to do. The file is durable before the
    row mentions it.
    """
    # Who erases the photo waits until its preview is there to be erased too; nobody else has to.
    row = await session.get(Evidence, evidence_id, with_for_update={"read": True, "key_share": True})
    if row is None or row.deleted_at is not None or row.preview_state is not PreviewState.PENDING:
        return None
    with nameless_file() as original, nameless_file() as preview:
        try:
            await files.fetch(row.original_key, original)
            facts = await previews.make(original, preview)
        except (PhotoRefused, FileMissing) as error:
            row.preview_state = PreviewState.FAILED
            row.preview_problem = error.code if isinstance(error, PhotoRefused) else "photo_lost"
            log.warning("preview_failed", evidence_id=str(evidence_id), problem=row.preview_problem)
            return row.inspection_id
        await files.put(preview_key(row.original_key), preview)
    row.preview_state = PreviewState.READY
    row.preview_problem = None
    row.preview_size_bytes = facts.size
    row.preview_width, row.preview_height = facts.width, facts.height
    row.perceptual_hash = bytes.fromhex(facts.perceptual_hash)
    return row.inspection_id


async def sweep(session: Session, now: datetime, *, files: FileStore) -> None:
    """Delete old files of photos that no row mentions: of uploads that broke off, and of photos taken back."""
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(SWEEP_LOCK))):
        return
    swept = 0
    batch: dict[str, str] = {}
    async for key in files.kept_before(now - ORPHAN_AGE):
        if (original := original_key(key)) is not None:
            batch[key] = original
        if len(batch) == SWEEP_BATCH:
            swept += await _sweep_batch(session, files, batch)
            batch = {}
    swept += await _sweep_batch(session, files, batch)
    if swept:
        log.info("orphan_files_swept", files=swept)


async def _sweep_batch(session: ReadSession, files: FileStore, original_of: Mapping[str, str]) -> int:
    """Delete those of the files (keys) whose original no row mentions; returns how many."""
    if not original_of:
        return 0
    wanted = set(
        await session.scalars(
            select(Evidence.original_key).where(
                Evidence.original_key.in_(original_of.values()), Evidence.deleted_at.is_(None)
            )
        )
    )
    orphans = [key for key, original in original_of.items() if original not in wanted]
    for key in orphans:
        await files.delete(key)
    return len(orphans)
