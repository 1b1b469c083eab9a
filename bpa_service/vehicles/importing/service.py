"""Imports a file: in portions, each with a mark of how far it is, shown all at once at the end."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import asyncpg
from sqlalchemy import func, select, update

from bpa_service.vehicles.importing.models import ImportRun
from bpa_service.vehicles.importing.states import ImportState
from bpa_service.vehicles.mappings.files import FileReading, Portion
from bpa_service.vehicles.mappings.spec import Mapping
from bpa_service.vehicles.records.rejects import FileRefused, Tally
from bpa_service.vehicles.store.analytics import EngineAway
from bpa_service.vehicles.store.records import Published, RowsMissing, VehicleRecords
from service_kit.db import Database, ReadSession, Session, database_now
from service_kit.ids import new_id

SIGN_OF_LIFE: Final = timedelta(minutes=5)
"""A run that has shown no life for so long is over, and whoever comes next may go on with it."""
SHOWING_TAKES: Final = timedelta(hours=1)
"""At most: comparing a large file with what there is, in which nothing shows life."""
MOST_REJECTS_KEPT: Final = 100_000
ROWS_MISSING: Final = "rows_missing"
ABANDONED: Final = "abandoned"


class ImportUnderWay(Exception):
    """A file of this source is being imported."""


class NotTheNewest(Exception):
    """A later run of the source builds on this one: it has to be undone first."""


class NotPublished(Exception):
    """There is nothing to undo: the run has shown nothing, or was undone before."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file of a source. `as_of` is when the source says that it stood so; `name` is what people call it."""

    path: Path
    mapping: Mapping
    as_of: datetime
    name: str


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports into a store; what it has done stands in the database."""

    database: Database
    store: VehicleRecords
    tell: Callable[[ImportRun], None] = lambda _run: None
    """Called with the run whenever it has come further."""

    async def run(self, delivery: Delivery) -> ImportRun:
        """Import a file, or go on where an earlier try of the same file was cut off.

        A file that was imported before and holds is not imported again: its run is returned. Raises
        `ImportUnderWay`, also where a run was killed and SIGN_OF_LIFE has not passed; after `EngineAway` and the
        like it can be gone on with at once.
        """
        digest = await asyncio.to_thread(_sha256, delivery.path)
        async with self.database.reading() as session:
            if done := await _published(session, delivery, digest):
                return done
        run = await self._begun(delivery, digest)
        try:
            return await self._imported(run, delivery)
        except EngineAway:
            await self._alive(run, timedelta())
            raise

    async def _imported(self, run: ImportRun, delivery: Delivery) -> ImportRun:
        await self.store.begin(run.number)
        try:
            run = await self._brought(run, delivery)
            complete = delivery.mapping.delivery == "complete" and bool(run.tally["complete"])
            await self._alive(run, SHOWING_TAKES)
            published = await self.store.publish(
                run.number, run.source, as_of=run.as_of, complete=complete, expected=run.sent
            )
        except FileRefused as refused:
            return await self._ended(run, ImportState.FAILED, reason=refused.reason)
        except RowsMissing:
            return await self._ended(run, ImportState.FAILED, reason=ROWS_MISSING)
        return await self._ended(run, ImportState.PUBLISHED, published=published)

    async def undo(self, number: int) -> ImportRun:
        """Take back what the newest run of a source has shown. Safe to repeat until it has returned.

        Raises `NotPublished` or `NotTheNewest`.
        """
        async with self.database.writing() as session:
            run = await _numbered(session, number)
            if run is None or run.state not in (ImportState.PUBLISHED, ImportState.UNDOING):
                raise NotPublished
            shown = (ImportState.PUBLISHED, ImportState.UNDOING)
            later = select(func.count()).where(
                ImportRun.source == run.source, ImportRun.number > number, ImportRun.state.in_(shown)
            )
            if await session.scalar(later):
                raise NotTheNewest
            run.state = ImportState.UNDOING
        await self.store.undo(number)
        return await self._ended(run, ImportState.UNDONE)

    async def _begun(self, delivery: Delivery, digest: str) -> ImportRun:
        source = delivery.mapping.name
        try:
            async with self.database.writing() as session:
                now = await database_now(session)
                running = await session.scalar(
                    select(ImportRun)
                    .where(ImportRun.source == source, ImportRun.state == ImportState.RUNNING)
                    .with_for_update()
                )
                if running and running.alive_until > now:
                    raise ImportUnderWay
                if running and (running.sha256, running.as_of) == (digest, delivery.as_of):
                    running.alive_until = now + SIGN_OF_LIFE
                    return running
                if running:
                    running.state, running.reason, running.ended_at = ImportState.FAILED, ABANDONED, now
                    await session.flush()
                run = ImportRun(
                    id=new_id(),
                    source=source,
                    file=delivery.name[:200],
                    sha256=digest,
                    as_of=delivery.as_of,
                    state=ImportState.RUNNING,
                    portion=0,
                    sent=0,
                    tally=asdict(Tally()),
                    started_at=now,
                    alive_until=now + SIGN_OF_LIFE,
                )
                session.add(run)
                await session.flush()
                run = await session.scalar(select(ImportRun).where(ImportRun.id == run.id)) or run
        except asyncpg.UniqueViolationError:
            raise ImportUnderWay from None  # somebody began in the same moment
        if running:
            await self.store.forget(running.number)
        return run

    async def _brought(self, run: ImportRun, delivery: Delivery) -> ImportRun:
        """Bring what is left of the file into the store. Raises FileRefused."""
        tally = Tally(**run.tally)
        reading = FileReading(
            delivery.path, delivery.mapping, delivery.as_of, delivery.name, after=run.portion, tally=tally
        )
        portions = reading.portions()
        while (portion := await asyncio.to_thread(next, portions, None)) is not None:
            sent = await self._add(run, portion)
            run = await self._further(run, portion=portion.number, sent=run.sent + sent, tally=tally)
        return await self._further(run, portion=run.portion, sent=run.sent, tally=tally)

    async def _add(self, run: ImportRun, portion: Portion) -> int:
        before = sum(run.tally["rejected"].values())
        kept = portion.rejects[: max(0, MOST_REJECTS_KEPT - before)]
        await self.store.reject(run.number, portion.number, kept)
        return await self.store.add(run.number, portion.number, portion.batch)

    async def _further(self, run: ImportRun, *, portion: int, sent: int, tally: Tally) -> ImportRun:
        async with self.database.writing() as session:
            now = await database_now(session)
            changed = await session.scalar(
                update(ImportRun)
                .where(ImportRun.id == run.id, ImportRun.state == ImportState.RUNNING)
                .values(portion=portion, sent=sent, tally=asdict(tally), alive_until=now + SIGN_OF_LIFE)
                .returning(ImportRun)
            )
        if changed is None:
            raise ImportUnderWay  # it slept for so long that somebody else has the source now
        self.tell(changed)
        return changed

    async def _alive(self, run: ImportRun, life: timedelta) -> None:
        """Nobody else may have the source for so long."""
        running = (ImportRun.id == run.id, ImportRun.state == ImportState.RUNNING)
        async with self.database.writing() as session:
            until = await database_now(session) + life
            await session.execute(update(ImportRun).where(*running).values(alive_until=until))

    async def _ended(
        self,
        run: ImportRun,
        state: ImportState,
        *,
        reason: str | None = None,
        published: Published | None = None,
    ) -> ImportRun:
        async with self.database.writing() as session:
            ended = await session.get_one(ImportRun, run.id, lock=True)
            ended.state, ended.reason, ended.ended_at = state, reason, await database_now(session)
            if published:
                ended.added, ended.withdrawn = published.added, published.withdrawn
        await self.store.forget(run.number)
        return ended


async def recent(session: ReadSession, *, most: int) -> list[ImportRun]:
    """The newest runs first."""
    return [*await session.scalars(select(ImportRun).order_by(ImportRun.number.desc()).limit(most))]


async def _published(session: ReadSession, delivery: Delivery, digest: str) -> ImportRun | None:
    """The newest run of this source, if it is of this very file and holds."""
    newest = await session.scalar(
        select(ImportRun)
        .where(ImportRun.source == delivery.mapping.name, ImportRun.state == ImportState.PUBLISHED)
        .order_by(ImportRun.number.desc())
        .limit(1)
    )
    same = newest and (newest.sha256, newest.as_of) == (digest, delivery.as_of)
    return newest if same else None


async def _numbered(session: Session, number: int) -> ImportRun | None:
    return await session.scalar(select(ImportRun).where(ImportRun.number == number).with_for_update())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
