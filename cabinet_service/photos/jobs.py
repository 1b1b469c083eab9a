"""What the worker does for photos: previews, and the removal of files that no row mentions."""

import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import func, or_, select

from cabinet_service.photos.models import Evidence, PreviewState
from cabinet_service.photos.preview_process import PreviewProcess
from cabinet_service.photos.refusal import PhotoRefused
from cabinet_service.photos.storage import ORIGINALS, PREVIEWS, new_key
from cabinet_service.ports import FileMissing, FileStore
from service_kit.db import ReadSession, Session
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
    row = await session.get(Evidence, evidence_id)
    if row is None or row.deleted_at is not None or row.preview_state is not PreviewState.PENDING:
        return None
    with tempfile.TemporaryDirectory(prefix="preview-") as folder:
        original, preview = Path(folder, "original"), Path(folder, "preview")
        try:
            await files.fetch(row.original_key, original)
            facts = await previews.make(original, preview)
        except (PhotoRefused, FileMissing) as error:
            row.preview_state = PreviewState.FAILED
            row.preview_problem = error.code if isinstance(error, PhotoRefused) else "photo_lost"
            log.warning("preview_failed", evidence_id=str(evidence_id), problem=row.preview_problem)
            return row.inspection_id
        key = new_key(PREVIEWS)
        await files.put(key, preview)
    row.preview_state = PreviewState.READY
    row.preview_problem = None
    row.preview_key = key
    row.preview_size_bytes = facts.size
    row.preview_width, row.preview_height = facts.width, facts.height
    row.perceptual_hash = bytes.fromhex(facts.perceptual_hash)
    return row.inspection_id


async def sweep(session: Session, now: datetime, *, files: FileStore) -> None:
    """Delete old files of photos that no row mentions: of uploads that broke off, and of photos taken back."""
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(SWEEP_LOCK))):
        return
    swept = 0
    batch: list[str] = []
    async for key in files.kept_before(now - ORPHAN_AGE):
        if key.startswith((f"{ORIGINALS}/", f"{PREVIEWS}/")):
            batch.append(key)
        if len(batch) == SWEEP_BATCH:
            swept += await _sweep_batch(session, files, batch)
            batch = []
    swept += await _sweep_batch(session, files, batch)
    if swept:
        log.info("orphan_files_swept", files=swept)


async def _sweep_batch(session: ReadSession, files: FileStore, keys: Sequence[str]) -> int:
    if not keys:
        return 0
    rows = await session.execute(
        select(Evidence.original_key, Evidence.preview_key).where(
            Evidence.deleted_at.is_(None),
            or_(Evidence.original_key.in_(keys), Evidence.preview_key.in_(keys)),
        )
    )
    wanted = {key for row in rows for key in row}
    orphans = [key for key in keys if key not in wanted]
    for key in orphans:
        await files.delete(key)
    return len(orphans)
