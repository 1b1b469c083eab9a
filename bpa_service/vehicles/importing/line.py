"""Files that wait to be imported, each source's in the order in which they came."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import aliased

from bpa_service.vehicles.importing import holding
from bpa_service.vehicles.importing.holding import hold
from bpa_service.vehicles.importing.models import ImportRun
from bpa_service.vehicles.importing.states import CameBy, ImportState
from bpa_service.vehicles.records.rejects import Tally
from service_kit.audit import Actor
from service_kit.db import ReadSession, Session

MOST_WAITING: Final = 20
"""Of one source, of those that people send. What is dropped waits in its folder, so that it may be any number."""
TO_DO: Final = (ImportState.WAITING, ImportState.RUNNING, ImportState.UNDOING)


class LineFull(Exception):
    """So many files of the source wait already."""


class FileKnown(Exception):
    """This very file, of this as-of, waits or was imported, and holds: `run`."""

    def __init__(self, run: ImportRun) -> None:
        super().__init__()
        self.run = run


class NotWaiting(Exception):
    """It was begun, or taken out of the line before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A file that has come. `stored` is where it lies, as `ImportRun` has it; `size` is in bytes."""

    id: UUID
    source: str
    name: str
    sha256: str
    size: int
    as_of: datetime
    came_by: CameBy
    stored: str
    written_ns: int | None = None


async def join(session: Session, arrival: Arrival, *, by: Actor | None, now: datetime) -> ImportRun:
    """Get into the line. Raises `FileKnown` or `LineFull`.

    What was dropped gets into the line once, whatever became of it: it lies there for good. What somebody sends
    is taken unless it waits or holds.
    """
    await hold(session, arrival.source)
    dropped = arrival.came_by is CameBy.DROP
    same = (
        ImportRun.source == arrival.source,
        ImportRun.sha256 == arrival.sha256,
        ImportRun.as_of == arrival.as_of,
    )
    newest = select(ImportRun).where(*same).order_by(ImportRun.id.desc()).limit(1)
    known = await session.scalar(newest if dropped else newest.where(ImportRun.state.in_(TO_DO)))
    if known is None:
        known = await holding.published(session, arrival.source, arrival.sha256, arrival.as_of)
    if known:
        raise FileKnown(known)
    waiting = ImportRun.source == arrival.source, ImportRun.state == ImportState.WAITING
    if not dropped and (await session.scalar(select(func.count()).where(*waiting)) or 0) >= MOST_WAITING:
        raise LineFull
    run = ImportRun(
        id=arrival.id,
        source=arrival.source,
        file=arrival.name[:200],
        sha256=arrival.sha256,
        size=arrival.size,
        as_of=arrival.as_of,
        came_by=arrival.came_by,
        started_by=by.id if by else None,
        stored=arrival.stored,
        written_ns=arrival.written_ns,
        state=ImportState.WAITING,
        tally=asdict(Tally()),
        came_at=now,
        alive_until=now,
    )
    session.add(run)
    holding.record(session, "vehicle_import_started", run, by=by, now=now)
    await session.flush()
    return run


async def leave(session: Session, run: ImportRun, *, by: Actor, now: datetime) -> ImportRun:
    """Take a file out of the line. Raises `NotWaiting`."""
    await hold(session, run.source)
    run = await session.get_one(ImportRun, run.id, lock=True)
    if run.state != ImportState.WAITING:
        raise NotWaiting
    run.state, run.ended_at = ImportState.CANCELLED, now
    holding.record(session, "vehicle_import_cancelled", run, by=by, now=now)
    return run


async def next_to_do(session: ReadSession, *, now: datetime) -> ImportRun | None:
    """What is to be undone, else gone on with, else begun: the file that came first, of a source that is free."""
    other = aliased(ImportRun)
    busy = or_(
        other.state == ImportState.UNDOING,
        and_(other.state == ImportState.RUNNING, or_(other.alive_until > now, other.stored.is_not(None))),
    )
    free = ~select(1).where(other.source == ImportRun.source, busy).exists()
    to_do = or_(
        ImportRun.state == ImportState.UNDOING,
        and_(
            ImportRun.state == ImportState.RUNNING,
            ImportRun.stored.is_not(None),
            ImportRun.alive_until <= now,
        ),
        and_(ImportRun.state == ImportState.WAITING, free),
    )
    order = (ImportRun.state == ImportState.UNDOING).desc(), (ImportRun.state == ImportState.RUNNING).desc()
    return await session.scalar(select(ImportRun).where(to_do).order_by(*order, ImportRun.id).limit(1))


async def free(session: Session, holder: UUID, *, now: datetime) -> None:
    """Whoever comes next may go on with what this process had: it is known to have ended."""
    mine = ImportRun.state == ImportState.RUNNING, ImportRun.holder == holder
    await session.execute(update(ImportRun).where(*mine).values(alive_until=now))


async def needed(session: ReadSession, stored: Collection[str]) -> set[str]:
    """Which of these uploads are still to be imported."""
    wanted = ImportRun.came_by == CameBy.UPLOAD, ImportRun.state.in_(TO_DO), ImportRun.stored.in_(stored)
    return {one for one in await session.scalars(select(ImportRun.stored).where(*wanted)) if one}


async def dropped(session: ReadSession, source: str) -> set[tuple[str, int | None, int | None]]:
    """The files of the drop folder that got into the line: where they lie, their size, when they were written."""
    found = await session.execute(
        select(ImportRun.stored, ImportRun.size, ImportRun.written_ns).where(
            ImportRun.source == source, ImportRun.came_by == CameBy.DROP
        )
    )
    return {(stored or "", size, written_ns) for stored, size, written_ns in found}
