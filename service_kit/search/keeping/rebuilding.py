"""Building a new copy of the index beside the one that is looked into, from the database.

The copy is there, and in the table, before its first document is read: what changes from then on is fed to it as
well, and what was committed before is read. How far it has come is noted with each batch: whoever is killed goes
on there. Once it has everything it is compared with the database, published at one instant, and the old one goes.
"""

from collections.abc import Collection
from functools import partial
from typing import Final

import structlog

from service_kit import failpoints
from service_kit.db import Database
from service_kit.failpoints import Point
from service_kit.search.keeping import copies, marks
from service_kit.search.keeping.copies import Copy
from service_kit.search.keeping.feeding import write
from service_kit.search.keeping.reconciling import Reconciliation
from service_kit.search.keeping.source import AT_ONCE, Source, read
from service_kit.search.keeping.tables import CopyState
from service_kit.search.port import IndexAway, IndexWrong, SearchIndex

log = structlog.get_logger(__name__)

MOST_COMPARED: Final = 3
"""So often a new copy is compared before it is published in any case: later comparisons go on mending it."""


class Rebuilder:
    """Sees to it that there is a live copy that is made by the rules of this version (`made_of`)."""

    def __init__(self, database: Database, index: SearchIndex, source: Source, *, made_of: str) -> None:
        self._database = database
        self._index = index
        self._source = source
        self._made_of = made_of
        self._comparing: Reconciliation | None = None
        self._compared = 0
        self._strangers: set[int] = set()

    async def step(self, *, thoroughly: bool) -> bool:
        """Do a part of what is to do; returns whether there is more. Raises IndexAway.

        `thoroughly`: ask the index, too, whether the live copy is as it should be.
        """
        async with self._database.reading() as session:
            known = await copies.known(session)
        building = [one for one in known if one.state is CopyState.BUILDING and one.made_of == self._made_of]
        live = [one for one in known if one.state is CopyState.LIVE]
        going = [one for one in known if one not in building and one not in live]
        unfinished = [one.copy for one in going if one.state is CopyState.BUILDING]
        if unfinished and (looked_into := await self._index.live()) in unfinished:
            # Whoever published it was killed before that was noted, and since then another one is wanted.
            await copies.note_published(self._database, looked_into)
            return True
        for one in unfinished:
            await copies.give_up(self._database, one)  # before it is dropped: nothing is fed to it any more
        if going:
            await self._drop_more(going[0].copy)
        if building:
            await self._build(building[-1])
            return True
        if live and live[-1].made_of == self._made_of and (not thoroughly or await self._is_right(live[-1])):
            if thoroughly:
                await self._look_for_strangers()
            return bool(going) or await self._drop_stranger({one.copy for one in known})
        await self._begin(known)
        return True

    async def _is_right(self, live: Copy) -> bool:
        try:
            await self._index.check()
        except IndexWrong as error:
            log.warning("search_index_wrong", why=error.why)
            return False
        return await self._index.live() == live.copy

    async def _begin(self, known: list[Copy]) -> None:
        """Under a number that no copy has had: what one of an earlier life holds is not to be trusted."""
        there = await self._index.copies()
        copy = max((0, *there, *(one.copy for one in known))) + 1
        await self._index.create(copy)
        failpoints.reach(Point.COPY_CREATED)
        await copies.begin(self._database, copy, self._made_of)
        self._comparing, self._compared = None, 0
        log.info("search_copy_begun", copy=copy)

    async def _build(self, row: Copy) -> None:
        try:
            if self._comparing is None and await self._copy_more(row):
                return
            if await self._is_whole(row.copy):
                await self._publish(row.copy)
        except IndexWrong as error:
            await copies.give_up(self._database, row.copy)
            # An engine that loses what is being built is not asked to begin anew all the time.
            raise IndexAway(error.why) from error

    async def _copy_more(self, row: Copy) -> bool:
        """Give the copy the next documents; returns whether there were any."""
        which = partial(marks.in_order, after=row.cursor, limit=AT_ONCE)
        batch = await read(self._database, self._source, which)
        if batch.last is None:
            return False
        refused = await write(self._index, row.copy, batch)
        failpoints.reach(Point.COPIED)
        async with self._database.writing() as session:
            await marks.note_copied(session, batch.fates(refused))
        await copies.note_copied(self._database, row.copy, batch.last, batch.count)
        failpoints.reach(Point.COPY_NOTED)
        return True

    async def _is_whole(self, copy: int) -> bool:
        """Compare a page of the copy; returns whether all was compared, and nothing differed."""
        if self._comparing is None or self._comparing.copy != copy:
            self._comparing = Reconciliation(self._database, self._index, copy)
        if await self._comparing.step():
            return False
        self._compared += 1
        differing, self._comparing = self._comparing.found.count, None
        return not differing or self._compared >= MOST_COMPARED

    async def _publish(self, copy: int) -> None:
        failpoints.reach(Point.PUBLISHING_COPY)
        await self._index.publish(copy)
        failpoints.reach(Point.COPY_PUBLISHED)
        await copies.note_published(self._database, copy)
        self._compared = 0
        log.info("search_copy_published", copy=copy)
        await self._look_for_strangers()

    async def _drop_more(self, copy: int) -> None:
        if await self._index.drop(copy):
            return
        failpoints.reach(Point.COPY_DROPPED)
        await copies.forget(self._database, copy)
        log.info("search_copy_dropped", copy=copy)

    async def _look_for_strangers(self) -> None:
        """Copies of which the database does not know: no removal would ever reach them."""
        there = await self._index.copies()
        async with self._database.reading() as session:
            self._strangers = set(there) - {one.copy for one in await copies.known(session)}

    async def _drop_stranger(self, ours: Collection[int]) -> bool:
        """Drop a part of one; returns whether there was any."""
        self._strangers.difference_update(ours)
        if not self._strangers:
            return False
        copy = min(self._strangers)
        if not await self._index.drop(copy):
            self._strangers.remove(copy)
            log.info("search_copy_dropped", copy=copy)
        return True
