"""The drop folder: what is put there gets into the line, once it is no longer being written."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

from bpa_service.vehicles.importing import line
from bpa_service.vehicles.importing.line import Arrival, FileKnown
from bpa_service.vehicles.importing.states import CameBy
from bpa_service.vehicles.importing.uploads import sha256
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.sources.bulk import Drop, drops
from service_kit.db import Database, database_now, is_database_away
from service_kit.ids import new_id

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=1)
_Mark = tuple[str, int, int]
"""Where a file lies below the folder, its size, and when it was written."""


@dataclass(slots=True)
class DropFolder:
    """Looks into the folder. Nothing in it is ever changed or removed; folders for the sources are made."""

    folder: Path
    database: Database
    _seen: set[_Mark] = field(default_factory=set[_Mark])
    _known: set[_Mark] = field(default_factory=set[_Mark])

    async def watch(self) -> None:
        """Look every minute, until cancelled."""
        while True:
            try:
                await self.look()
            except Exception as error:
                if is_database_away(error) or isinstance(error, OSError):
                    log.warning("drop_folder_not_looked_at", error=repr(error))
                else:
                    log.exception("drop_folder_not_looked_at")
            await asyncio.sleep(EVERY.total_seconds())

    async def look(self) -> int:
        """Have what is new get into the line; returns how many files that were.

        A file is taken when it is as it was at the look before, and the one after it of its source only when it
        was: so that they get into the line by their as-of, whichever was copied first.
        """
        there = await asyncio.to_thread(self._there)
        seen, self._seen = self._seen, {mark for _, mark in there}
        self._known &= self._seen
        await self._recall({drop.source for drop, mark in there if mark not in self._known})
        taken = 0
        held_up = set[str]()
        for drop, mark in there:
            if mark in self._known or drop.source in held_up:
                continue
            if mark not in seen:
                held_up.add(drop.source)
            elif await self._join(drop, mark):
                taken += 1
        return taken

    def _there(self) -> list[tuple[Drop, _Mark]]:
        for source in catalogue.names():
            (self.folder / source).mkdir(mode=0o750, parents=True, exist_ok=True)
        found = list[tuple[Drop, _Mark]]()
        for drop in drops(self.folder):
            there = drop.path.stat()
            stored = drop.path.relative_to(self.folder).as_posix()
            found.append((drop, (stored, there.st_size, there.st_mtime_ns)))
        return found

    async def _recall(self, sources: set[str]) -> None:
        """What got into the line before this process began."""
        async with self.database.reading() as session:
            for source in sources:
                self._known |= {
                    (stored, size, written_ns)
                    for stored, size, written_ns in await line.dropped(session, source)
                    if size is not None and written_ns is not None
                } & self._seen

    async def _join(self, drop: Drop, mark: _Mark) -> bool:
        stored, size, written_ns = mark
        digest = await asyncio.to_thread(sha256, drop.path)
        there = drop.path.stat()
        if (there.st_size, there.st_mtime_ns) != (size, written_ns):
            return False  # it is being written after all
        self._known.add(mark)
        try:
            async with self.database.writing() as session:
                await line.join(
                    session,
                    _arrival(drop, stored, digest, size, written_ns),
                    by=None,
                    now=await database_now(session),
                )
        except FileKnown:
            return False
        return True


def _arrival(drop: Drop, stored: str, digest: str, size: int, written_ns: int) -> Arrival:
    return Arrival(
        id=new_id(),
        source=drop.source,
        name=drop.path.name,
        sha256=digest,
        size=size,
        as_of=drop.as_of,
        came_by=CameBy.DROP,
        stored=stored,
        written_ns=written_ns,
    )
