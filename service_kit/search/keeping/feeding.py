"""Feeding: what has changed is written to every copy of the index that is looked into or being built.

A mark is noted as fed once all of them took its document. Killed before that, the same is written again, which
changes nothing: an index keeps the greater version.

While a new version of the product is brought in, workers of both feed in turn, and under equal versions their
documents differ, which no comparison finds. So whoever feeds a copy that was made by other rules says so first,
and who has those rules builds it anew. To leave it to them instead would leave it behind while they are away.
"""

from functools import partial
from typing import Final
from uuid import UUID

import structlog

from service_kit import failpoints
from service_kit.db import Database
from service_kit.search.documents import Removal
from service_kit.search.keeping import copies, marks
from service_kit.search.keeping.source import AT_ONCE, Batch, Source, portions, read
from service_kit.search.port import IndexAway, IndexWrong, Outcome, SearchIndex

log = structlog.get_logger(__name__)

_REASON: Final = 80
"""Of why a document is refused, up to where an engine begins to quote it."""


class Feeder:
    """Feeds one index. Several at once do no harm, and no good."""

    def __init__(self, database: Database, index: SearchIndex, source: Source, *, made_of: str) -> None:
        self._database = database
        self._index = index
        self._source = source
        self._made_of = made_of

    async def feed(self) -> int:
        """Feed up to AT_ONCE documents that wait; returns how many do so no more. Raises IndexAway."""
        batch = await read(self._database, self._source, partial(marks.waiting, limit=AT_ONCE))
        if not batch.count or not batch.copies:
            return 0
        failpoints.reach(failpoints.Point.INDEXING)
        if of_others := [one.copy for one in batch.copies if one.made_of not in {self._made_of, ""}]:
            log.info("search_copies_mixed", copies=of_others)
            await copies.mix(self._database, of_others)
        refused = await self._write_to_all(batch)
        if refused is None:
            return 0
        failpoints.reach(failpoints.Point.INDEXED)
        async with self._database.writing() as session:
            noted = await marks.note_fed(session, batch.fates(refused))
        failpoints.reach(failpoints.Point.FED)
        return noted

    async def _write_to_all(self, batch: Batch) -> set[UUID] | None:
        """Which documents the newest copy refuses; None if a copy could not be written to any more."""
        refused: set[UUID] = set()
        for copy in (one.copy for one in batch.copies):
            try:
                refused = await write(self._index, copy, batch)
            except IndexWrong as error:
                log.error("search_copy_lost", copy=copy, why=error.why)  # noqa: TRY400 - `why` says it
                await copies.give_up(self._database, copy)
                return None
        return refused


async def write(index: SearchIndex, copy: int, batch: Batch) -> set[UUID]:
    """Write a batch to a copy; returns the ids of those documents that it refuses. Raises IndexAway, IndexWrong.

    A removal is tried until it is taken: what was erased is nothing that may stay.
    """
    refused: set[UUID] = set()
    for portion in portions(batch.changes):
        for written in await index.write(copy, portion):
            if written.outcome is Outcome.REFUSED:
                refused.add(written.id)
                reason = written.why.split(":")[0][:_REASON]
                log.error("search_document_refused", id=str(written.id), copy=copy, reason=reason)
    if any(isinstance(change, Removal) and change.id in refused for change in batch.changes):
        raise IndexAway("it refuses a removal")
    return refused
