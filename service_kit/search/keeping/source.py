"""What a service gives of its documents, and how they are read: in one snapshot with their versions."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol
from uuid import UUID

import structlog

from service_kit.db import Database, ReadSession, will_pass
from service_kit.search.documents import Change, Document, Removal
from service_kit.search.keeping import copies, marks
from service_kit.search.keeping.copies import Copy
from service_kit.search.keeping.marks import Fate, Mark

log = structlog.get_logger(__name__)

AT_ONCE: Final = 200
"""So many documents are read, written and noted together."""
MOST_IN_A_WRITE: Final = 2_000_000
"""Characters in one write: what a client may have written to us is longer than what an engine takes at once."""


class Source(Protocol):
    """What a service gives: documents, and what many of them mention."""

    async def documents(self, session: ReadSession, versions: Mapping[UUID, int]) -> Sequence[Change]:
        """The documents with these ids, each with its version, or their Removals; a few statements for all."""
        ...

    async def mentioning(
        self, session: ReadSession, subject_id: UUID, /, *, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        """The ids of documents that mention what has this id, in their order."""
        ...


@dataclass(slots=True)
class Batch:
    """Documents of one instant, the copies that were there then, and those that could not be made."""

    copies: Sequence[Copy] = ()
    changes: list[Change] = field(default_factory=list[Change])
    failed: list[Mark] = field(default_factory=list[Mark])
    last: UUID | None = None

    @property
    def count(self) -> int:
        return len(self.changes) + len(self.failed)

    def fates(self, refused: set[UUID]) -> list[Fate]:
        """What became of each, where the index refused these."""
        made = (
            Fate(one.id, one.version, isinstance(one, Removal), one.id in refused) for one in self.changes
        )
        not_made = (Fate(mark.id, mark.version, removed=False, refused=True) for mark in self.failed)
        return [*made, *not_made]


Marks = Callable[[ReadSession], Awaitable[Sequence[Mark]]]


async def read(database: Database, source: Source, which: Marks) -> Batch:
    """The documents of these marks. One that cannot be made keeps no other from being read."""
    async with database.reading(snapshot=True) as session:
        found = await which(session)
        batch = Batch(copies=await copies.fed(session), last=found[-1].id if found else None)
        if not found:
            return batch
        try:
            batch.changes += await _made(session, source, found)
            return batch
        except Exception as error:
            if will_pass(error):
                raise
            if len(found) == 1:
                log.exception("search_document_failed", id=str(found[0].id))
                batch.failed += found
                return batch
    for mark in found:
        alone = await read(database, source, _only(mark.id))
        batch.changes += alone.changes
        batch.failed += alone.failed
    return batch


def portions(changes: Sequence[Change]) -> Iterator[list[Change]]:
    """The changes, in their order, in as many writes as an engine needs."""
    portion: list[Change] = []
    characters = 0
    for change in changes:
        length = sum(map(len, change.texts.values())) if isinstance(change, Document) else 0
        if portion and characters + length > MOST_IN_A_WRITE:
            yield portion
            portion, characters = [], 0
        portion.append(change)
        characters += length
    if portion:
        yield portion


def _only(id_: UUID) -> Marks:
    async def which(session: ReadSession) -> Sequence[Mark]:
        return await marks.of(session, [id_])

    return which


async def _made(session: ReadSession, source: Source, found: Sequence[Mark]) -> list[Change]:
    versions = {mark.id: mark.version for mark in found}
    made = {change.id: change for change in await source.documents(session, versions)}
    return [made.get(mark.id) or Removal(mark.id, mark.version) for mark in found]
