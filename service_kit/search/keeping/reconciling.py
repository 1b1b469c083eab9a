"""Reconciliation: a copy of the index is compared with the database, and what differs is mended.

By versions alone: a version belongs to one content. What waits to be fed is on its way, and is no difference.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog

from service_kit.db import Database
from service_kit.search.documents import Removal
from service_kit.search.keeping import copies, marks
from service_kit.search.keeping.marks import Mark
from service_kit.search.port import SearchIndex

log = structlog.get_logger(__name__)

PAGE: Final = 1000


@dataclass(slots=True)
class Differences:
    """What was found: documents that the copy lacks, has otherwise, or should not have."""

    compared: int = 0
    missing: int = 0
    stale: int = 0
    unwanted: int = 0

    @property
    def count(self) -> int:
        return self.missing + self.stale + self.unwanted


class Reconciliation:
    """One comparison of one copy, a page at a time. Whoever feeds meanwhile is not mistaken for a difference."""

    def __init__(self, database: Database, index: SearchIndex, copy: int) -> None:
        self._database = database
        self._index = index
        self._after: UUID | None = None
        self.copy = copy
        self.found = Differences()

    async def run(self) -> Differences:
        """Compare all of it."""
        while await self.step():
            pass
        return self.found

    async def step(self) -> bool:
        """Compare a page, and mend what differs; returns whether there is more. Raises IndexAway, IndexWrong."""
        async with self._database.reading() as session:
            wanted = await marks.in_order(session, self._after, PAGE)
        there = await self._index.versions(self.copy, after=self._after, limit=PAGE)
        ends = [page[-1][0] for page in (wanted, there) if len(page) == PAGE]
        end = min(ends, default=None)
        before = {mark.id: mark for mark in wanted if end is None or mark.id <= end}
        has = {id_: version for id_, version in there if end is None or id_ <= end}
        differing = [id_ for id_ in {**before, **has} if not _agree(before.get(id_), has.get(id_))]
        if differing:
            await self._mend(before, has, differing)
        self.found.compared += len(has)
        self._after = end
        if end is not None:
            return True
        await self._note()
        return False

    async def _mend(self, before: dict[UUID, Mark], has: dict[UUID, int], differing: list[UUID]) -> None:
        async with self._database.reading() as session:
            since = {mark.id: mark for mark in await marks.of(session, differing)}
        # One that was fed between the two looks is right by now.
        steady = [id_ for id_ in differing if since.get(id_) == before.get(id_)]
        if not steady:
            return
        await marks.go_beyond(self._database, max(has.get(id_, 0) for id_ in steady))
        strangers = [id_ for id_ in steady if id_ not in since]
        await marks.raise_all(self._database, (id_ for id_ in steady if id_ in since))
        if strangers:
            async with self._database.writing() as session:
                removals = [Removal(id_, await marks.new_version(session)) for id_ in strangers]
            await self._index.write(self.copy, removals)
        for id_ in steady:
            self._count(since.get(id_), has.get(id_))

    def _count(self, mark: Mark | None, version: int | None) -> None:
        found = self.found
        if version is None:
            found.missing += 1
        elif mark is None or not mark.is_found:
            found.unwanted += 1
        else:
            found.stale += 1

    async def _note(self) -> None:
        found = self.found
        async with self._database.writing() as session:
            await copies.note_checked(session, self.copy, compared=found.compared, differences=found.count)
        say = log.warning if found.count else log.info
        say(
            "search_compared",
            copy=self.copy,
            compared=found.compared,
            missing=found.missing,
            stale=found.stale,
            unwanted=found.unwanted,
        )


def _agree(mark: Mark | None, version: int | None) -> bool:
    """Whether the index has what it should have, as far as that can be told now."""
    if mark is None:
        return version is None
    if mark.waits:
        return True
    if mark.removed:
        return version is None
    if mark.refused:
        return version is None or version < mark.version
    return version == mark.version
