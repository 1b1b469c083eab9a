"""Imports a file: in portions, each with a mark of how far it is, shown all at once at the end."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, and_, or_, select, text, update

from bpa_service.vehicles.importing import holding
from bpa_service.vehicles.importing.holding import SIGN_OF_LIFE, ImportUnderWay, NotPublished, NotTheNewest
from bpa_service.vehicles.importing.models import ImportRun
from bpa_service.vehicles.importing.states import SHOWN, CameBy, ImportReason, ImportState
from bpa_service.vehicles.importing.uploads import sha256
from bpa_service.vehicles.mappings.files import FileReading, Portion
from bpa_service.vehicles.mappings.spec import Mapping
from bpa_service.vehicles.records.rejects import MOST_REJECTS_KEPT, FileRefused, Tally
from bpa_service.vehicles.store.analytics import EngineAway, EngineRefused
from bpa_service.vehicles.store.records import Published, RowsMissing, VehicleRecords
from service_kit.db import Database, database_now, is_database_away
from service_kit.ids import new_id

__all__ = ["Delivery", "ImportUnderWay", "Importer", "NotPublished", "NotTheNewest"]

log = structlog.get_logger(__name__)

MOST_STALLS: Final = 10
"""A process that dies over a file is followed by another one; so often in a row, if none gets any further."""


class _Failed(Exception):
    """Nothing more can be made of the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file of a source. `as_of` is when the source says that it stood so; `name` is what people call it."""

    path: Path
    mapping: Mapping
    as_of: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports into a store; what it has done stands in the database. `holder` is who it is there."""

    database: Database
    store: VehicleRecords
    tell: Callable[[ImportRun], None] = lambda _run: None
    """Called with the run whenever it has come further."""
    holder: UUID = field(default_factory=new_id)

    async def run(self, delivery: Delivery) -> ImportRun:
        """Import a file, or go on where an earlier try of the same file was cut off.

        A file that was imported before and holds is not imported again: its run is returned. Raises
        `ImportUnderWay`, also where a run was killed and SIGN_OF_LIFE has not passed; after `EngineAway` and the
        like it can be gone on with at once.
        """
        digest = await asyncio.to_thread(sha256, delivery.path)
        async with self.database.reading() as session:
            if done := await holding.published(session, delivery.mapping.name, digest, delivery.as_of):
                return done
        run = await self._begun(delivery, digest)
        async with self._holding(run):
            return await self._imported(run, delivery)

    async def take(self, run_id: UUID, mapping: Mapping, path: Path) -> ImportRun:
        """Import a file that is in line, which lies at `path`, or go on with it. Raises as `run`."""
        run = await self._taken(run_id)
        if run.state != ImportState.RUNNING:
            return run
        if run.stalls > MOST_STALLS:
            return await self._ended(run, ImportState.FAILED, reason=ImportReason.READER_DIED)
        async with self.database.reading() as session:
            known = await holding.published(session, run.source, run.sha256, run.as_of)
        if known:
            return await self._ended(run, ImportState.CANCELLED, reason=ImportReason.ALREADY_IMPORTED)
        async with self._holding(run):
            try:
                found = await asyncio.to_thread(sha256, path)
            except OSError:
                return await self._ended(run, ImportState.FAILED, reason=ImportReason.FILE_MISSING)
            if found != run.sha256:
                return await self._ended(run, ImportState.FAILED, reason=ImportReason.FILE_CHANGED)
            return await self._imported(run, Delivery(path, mapping, run.as_of, run.file))

    async def undo(self, number: int) -> ImportRun:
        """Take back what the newest run of a source has shown. Safe to repeat until it has returned.

        Raises `NotPublished`, `NotTheNewest` or `ImportUnderWay`.
        """
        async with self.database.writing() as session:
            run = await session.scalar(
                select(ImportRun).where(ImportRun.number == number, ImportRun.state.in_(SHOWN))
            )
            if run is None:
                raise NotPublished
            await holding.begin_undo(session, run, by=None, now=await database_now(session))
        return await self.finish_undo(run)

    async def finish_undo(self, run: ImportRun) -> ImportRun:
        """Take back what a run that is `undoing` has shown."""
        try:
            await self.store.undo(run.number)
        except EngineAway:
            await self._let_go(run, reason=ImportReason.ENGINE_AWAY)
            raise
        return await self._ended(run, ImportState.UNDONE)

    async def _imported(self, run: ImportRun, delivery: Delivery) -> ImportRun:
        try:
            await self.store.begin(run.number)
            run = await self._brought(run, delivery)
            complete = delivery.mapping.delivery == "complete" and bool(run.tally["complete"])
            published = await self.store.publish(
                run.number, run.source, as_of=run.as_of, complete=complete, expected=run.sent
            )
        except FileRefused as refused:
            return await self._ended(run, ImportState.FAILED, reason=refused.reason)
        except _Failed as failed:
            return await self._ended(run, ImportState.FAILED, reason=failed.reason)
        except RowsMissing:
            return await self._ended(run, ImportState.FAILED, reason=ImportReason.ROWS_MISSING)
        except EngineRefused:
            log.exception("import_refused_by_the_store", run_id=str(run.id))
            return await self._ended(run, ImportState.FAILED, reason=ImportReason.STORE_REFUSED)
        return await self._ended(run, ImportState.PUBLISHED, published=published)

    async def _begun(self, delivery: Delivery, digest: str) -> ImportRun:
        source = delivery.mapping.name
        async with self.database.writing() as session:
            now = await database_now(session)
            running = await holding.room_in(session, source, now=now)
            if running and (running.sha256, running.as_of) == (digest, delivery.as_of):
                running.alive_until, running.holder = now + SIGN_OF_LIFE, self.holder
                running.reason = None
                return running
            if running and running.stored:
                raise ImportUnderWay(running)  # whoever works through the line goes on with it
            holding.abandon(running, now=now)
            await session.flush()
            run = ImportRun(
                id=new_id(),
                source=source,
                file=delivery.name[:200],
                sha256=digest,
                size=delivery.path.stat().st_size,
                as_of=delivery.as_of,
                came_by=CameBy.COMMAND,
                state=ImportState.RUNNING,
                holder=self.holder,
                tally=asdict(Tally()),
                came_at=now,
                started_at=now,
                alive_until=now + SIGN_OF_LIFE,
            )
            session.add(run)
            holding.record(session, "vehicle_import_started", run, by=None, now=now)
            await session.flush()
        if running:
            await self.store.forget(running.number)
        return run

    async def _taken(self, run_id: UUID) -> ImportRun:
        async with self.database.writing() as session:
            now = await database_now(session)
            run = await session.get_one(ImportRun, run_id)
            running = await holding.room_in(session, run.source, now=now)
            run = await session.get_one(ImportRun, run_id, lock=True)
            if running and running.id == run_id:
                run.holder, run.reason = self.holder, None
                run.alive_until, run.stalls = now + SIGN_OF_LIFE, run.stalls + 1
                return run
            if run.state != ImportState.WAITING:
                return run  # it was taken out of the line, or somebody has finished it
            if running and running.stored:
                raise ImportUnderWay(running)
            holding.abandon(running, now=now)
            await session.flush()
            begun = await session.scalar(
                update(ImportRun)
                .where(ImportRun.id == run_id)
                .values(
                    number=text("DEFAULT"),
                    state=ImportState.RUNNING,
                    holder=self.holder,
                    started_at=now,
                    alive_until=now + SIGN_OF_LIFE,
                )
                .returning(ImportRun)
            )
        if running:
            await self.store.forget(running.number)
        return begun or run

    async def _brought(self, run: ImportRun, delivery: Delivery) -> ImportRun:
        """Bring what is left of the file into the store. Raises FileRefused or _Failed."""
        tally = Tally(**run.tally)
        reading = FileReading(
            delivery.path, delivery.mapping, delivery.as_of, delivery.name, after=run.portion, tally=tally
        )
        before = await asyncio.to_thread(_as_it_lies, delivery.path)
        portions = reading.portions()
        while (portion := await asyncio.to_thread(_next, portions)) is not None:
            sent = await self._add(run, portion)
            run = await self._further(run, reading, portion=portion.number, sent=run.sent + sent)
        if await asyncio.to_thread(_as_it_lies, delivery.path) != before:
            raise _Failed(ImportReason.FILE_CHANGED)
        return await self._further(run, reading, portion=run.portion, sent=run.sent)

    async def _add(self, run: ImportRun, portion: Portion) -> int:
        before = sum(run.tally["rejected"].values())
        kept = portion.rejects[: max(0, MOST_REJECTS_KEPT - before)]
        await self.store.reject(run.number, portion.number, kept)
        return await self.store.add(run.number, portion.number, portion.batch)

    async def _further(self, run: ImportRun, reading: FileReading, *, portion: int, sent: int) -> ImportRun:
        async with self.database.writing() as session:
            now = await database_now(session)
            changed = await session.scalar(
                update(ImportRun)
                .where(*self._mine(run))
                .values(
                    portion=portion,
                    sent=sent,
                    bytes_read=reading.bytes_read,
                    tally=asdict(reading.tally),
                    stalls=0,
                    alive_until=now + SIGN_OF_LIFE,
                )
                .returning(ImportRun)
            )
        if changed is None:
            raise ImportUnderWay(run)  # it slept for so long that somebody else has the source now
        self.tell(changed)
        return changed

    @asynccontextmanager
    async def _holding(self, run: ImportRun) -> AsyncGenerator[None]:
        """Nobody else may have the source meanwhile; where it is cut short, whoever comes next may at once."""
        showing = asyncio.create_task(self._show_life(run))
        try:
            try:
                yield
            finally:
                showing.cancel()
                await asyncio.wait([showing])
        except EngineAway:
            await self._let_go(run, reason=ImportReason.ENGINE_AWAY)
            raise
        except asyncio.CancelledError:
            await asyncio.shield(self._let_go(run))
            raise

    async def _show_life(self, run: ImportRun) -> None:
        while True:
            await asyncio.sleep(SIGN_OF_LIFE.total_seconds() / 4)
            try:
                await self._live(run, SIGN_OF_LIFE)
            except Exception as error:
                if not is_database_away(error):
                    raise

    async def _let_go(self, run: ImportRun, *, reason: ImportReason | None = None) -> None:
        """Whoever comes next may go on at once."""
        await self._live(run, timedelta(), {"reason": reason, "stalls": 0})

    async def _live(self, run: ImportRun, life: timedelta, more: dict[str, object] | None = None) -> None:
        async with self.database.writing() as session:
            until = await database_now(session) + life
            await session.execute(
                update(ImportRun).where(*self._mine(run)).values(alive_until=until, **(more or {}))
            )

    def _mine(self, run: ImportRun) -> tuple[ColumnElement[bool], ...]:
        undoing = ImportRun.state == ImportState.UNDOING
        running = and_(ImportRun.state == ImportState.RUNNING, ImportRun.holder == self.holder)
        return ImportRun.id == run.id, or_(undoing, running)

    async def _ended(
        self,
        run: ImportRun,
        state: ImportState,
        *,
        reason: str | None = None,
        published: Published | None = None,
    ) -> ImportRun:
        async with self.database.writing() as session:
            ended = await session.scalar(select(ImportRun).where(*self._mine(run)).with_for_update())
            if ended is None:
                raise ImportUnderWay(run)  # as above
            ended.state, ended.reason, ended.ended_at = state, reason, await database_now(session)
            if published:
                ended.added, ended.withdrawn = published.added, published.withdrawn
        await self.store.forget(run.number)
        return ended


def _next(portions: Iterator[Portion]) -> Portion | None:
    """Raises FileRefused or _Failed."""
    try:
        return next(portions, None)
    except (FileRefused, MemoryError):
        raise
    except OSError:
        raise _Failed(ImportReason.FILE_MISSING) from None
    except Exception as error:  # whatever a library makes of a hostile file
        log.exception("import_not_readable")
        raise _Failed(ImportReason.READER_FAILED) from error


def _as_it_lies(path: Path) -> tuple[int, int]:
    there = path.stat()
    return there.st_size, there.st_mtime_ns
