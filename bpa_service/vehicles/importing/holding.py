"""Who has a source: of each one file at a time is imported or undone."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from bpa_service.vehicles.importing.models import ImportRun
from bpa_service.vehicles.importing.states import SHOWN, ImportReason, ImportState
from service_kit import audit, locks
from service_kit.audit import Actor
from service_kit.db import ReadSession, Session

SIGN_OF_LIFE: Final = timedelta(minutes=2)
"""A run that has shown no life for so long is over, and whoever comes next may go on with it."""


class ImportUnderWay(Exception):
    """A file of this source is being imported, or one is being undone: `run`."""

    def __init__(self, run: ImportRun) -> None:
        super().__init__()
        self.run = run


class NotPublished(Exception):
    """There is nothing to undo: the run has shown nothing, or was undone before."""


class NotTheNewest(Exception):
    """A later run of the source builds on this one: it has to be undone first."""


async def hold(session: Session, source: str) -> None:
    """Whoever begins or undoes an import of the source, or gets into its line, does so after others."""
    await locks.hold(session, f"imports of {source}")


async def room_in(session: Session, source: str, *, now: datetime) -> ImportRun | None:
    """Hold the source, to begin with a file of it; returns a run that was begun and shows no life any more.

    Raises `ImportUnderWay`.
    """
    await hold(session, source)
    busy = await session.scalar(
        select(ImportRun)
        .where(ImportRun.source == source, ImportRun.state.in_((ImportState.RUNNING, ImportState.UNDOING)))
        .order_by(ImportRun.state.desc())
        .limit(1)
        .with_for_update()
    )
    if busy and (busy.state == ImportState.UNDOING or busy.alive_until > now):
        raise ImportUnderWay(busy)
    return busy


def abandon(running: ImportRun | None, *, now: datetime) -> None:
    """End a run that nobody goes on with. What it has brought to the store is still to be forgotten."""
    if running:
        running.state, running.reason, running.ended_at = ImportState.FAILED, ImportReason.ABANDONED, now


async def begin_undo(session: Session, run: ImportRun, *, by: Actor | None, now: datetime) -> ImportRun:
    """Have what a run has shown undone; one that is being undone already goes on.

    Raises `NotPublished`, `NotTheNewest` or `ImportUnderWay`.
    """
    await hold(session, run.source)
    run = await session.get_one(ImportRun, run.id, lock=True)
    if run.state == ImportState.UNDOING:
        return run
    if run.state != ImportState.PUBLISHED:
        raise NotPublished
    await room_in(session, run.source, now=now)
    later = select(func.count()).where(
        ImportRun.source == run.source, ImportRun.number > run.number, ImportRun.state.in_(SHOWN)
    )
    if await session.scalar(later):
        raise NotTheNewest
    run.state = ImportState.UNDOING
    record(session, "vehicle_import_undone", run, by=by, now=now)
    return run


def record(session: Session, act: str, run: ImportRun, *, by: Actor | None, now: datetime) -> None:
    """Note in the audit log what was done with a file."""
    details = {"import_id": run.id, "source": run.source, "sha256": run.sha256, "came_by": run.came_by}
    audit.record(session, act, by=by, now=now, details=details)


async def published(session: ReadSession, source: str, digest: str, as_of: datetime) -> ImportRun | None:
    """The newest run of this source, if it is of this very file and holds."""
    newest = await session.scalar(
        select(ImportRun)
        .where(ImportRun.source == source, ImportRun.state == ImportState.PUBLISHED)
        .order_by(ImportRun.number.desc())
        .limit(1)
    )
    return newest if newest and (newest.sha256, newest.as_of) == (digest, as_of) else None
