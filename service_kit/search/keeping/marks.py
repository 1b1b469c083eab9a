"""Marks: which documents the index does not have yet as they are now, and what it has of the others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from service_kit.db import Database, ReadSession, Session

_COLUMNS: Final = "id, version, fed, removed, refused"
_WAITING: Final = f"SELECT {_COLUMNS} FROM search_marks WHERE version <> fed ORDER BY since LIMIT $1"  # noqa: S608 - ours
_IN_ORDER: Final = f"""
SELECT {_COLUMNS} FROM search_marks
WHERE id > coalesce($1, '00000000-0000-0000-0000-000000000000'::uuid) ORDER BY id LIMIT $2
"""  # noqa: S608 - ours
_OF: Final = f"SELECT {_COLUMNS} FROM search_marks WHERE id = ANY ($1::uuid[])"  # noqa: S608 - ours
# A row that an act holds is left: nobody waits for an act here, nor an act for us, and the same is fed again.
_NOTE_FED: Final = """
WITH said AS (
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bool[], $4::bool[]) AS said (id, version, removed, refused)
), free AS (
    SELECT mark.id FROM search_marks AS mark JOIN said USING (id)
    WHERE mark.fed < said.version FOR UPDATE OF mark SKIP LOCKED
)
UPDATE search_marks AS mark SET fed = said.version, removed = said.removed, refused = said.refused
FROM said JOIN free USING (id) WHERE mark.id = said.id RETURNING mark.id
"""
# What a copy that is built was given is what marks say already, or else they wait and are fed. One that is left,
# as an act holds it, either waits after that, or is found to differ when the copy is compared, and so is fed.
_NOTE_COPIED: Final = """
WITH said AS (
    SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bool[], $4::bool[]) AS said (id, version, removed, refused)
), free AS (
    SELECT mark.id FROM search_marks AS mark JOIN said USING (id)
    WHERE mark.fed = said.version
        AND (mark.removed, mark.refused) IS DISTINCT FROM (said.removed, said.refused)
    FOR UPDATE OF mark SKIP LOCKED
)
UPDATE search_marks AS mark SET removed = said.removed, refused = said.refused
FROM said JOIN free USING (id) WHERE mark.id = said.id RETURNING mark.id
"""
_RAISE: Final = "SELECT search_raise($1)"
_NEW_VERSION: Final = "SELECT nextval('search_versions')"
_VERSIONS_AT_ONCE: Final = 100_000
_BEYOND: Final = """
SELECT max(number) FROM (SELECT nextval('search_versions') AS number FROM generate_series(1, $1)) AS taken
"""


class Mark(NamedTuple):
    """See `tables.SearchMarkColumns`."""

    id: UUID
    version: int
    fed: int
    removed: bool
    refused: bool

    @property
    def waits(self) -> bool:
        return self.version != self.fed

    @property
    def is_found(self) -> bool:
        """Whether its document is in the index, by what was fed."""
        return not (self.removed or self.refused)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one version of a document."""

    id: UUID
    version: int
    removed: bool
    refused: bool


async def waiting(session: ReadSession, limit: int) -> list[Mark]:
    """Those that wait, the longest first."""
    return _marks(await session.fetch(_WAITING, limit))


async def in_order(session: ReadSession, after: UUID | None, limit: int) -> list[Mark]:
    """All of them, by id."""
    return _marks(await session.fetch(_IN_ORDER, after, limit))


async def of(session: ReadSession, ids: Sequence[UUID]) -> list[Mark]:
    return _marks(await session.fetch(_OF, ids))


async def note_fed(session: Session, fates: Sequence[Fate]) -> int:
    """Note what every copy has now; returns for how many. One that changed meanwhile waits on."""
    return len(await session.fetch(_NOTE_FED, *_columns(fates)))


async def note_copied(session: Session, fates: Sequence[Fate]) -> None:
    """Note what became of documents in a copy that is being built."""
    await session.fetch(_NOTE_COPIED, *_columns(fates))


async def raise_all(database: Database, ids: Iterable[UUID]) -> None:
    """Let these be fed anew.

    Each is a transaction of its own: one that held several could wait for an act that waits for it.
    """
    async with database.pool.statements() as session:
        for one in ids:
            await session.fetch(_RAISE, one)


async def new_version(session: Session) -> int:
    [[version]] = await session.fetch(_NEW_VERSION)
    return int(version)


async def go_beyond(database: Database, version: int) -> None:
    """Let every new version be greater: the index outlived a database that was restored from a backup."""
    async with database.pool.statements() as session:
        taken = await new_version(session)
        while taken <= version:
            count = min(version - taken + 1, _VERSIONS_AT_ONCE)
            [[taken]] = await session.fetch(_BEYOND, count)


def _marks(rows: Sequence[Sequence[Any]]) -> list[Mark]:
    return [Mark(*row) for row in rows]


def _columns(fates: Sequence[Fate]) -> tuple[list[UUID], list[int], list[bool], list[bool]]:
    return (
        [fate.id for fate in fates],
        [fate.version for fate in fates],
        [fate.removed for fate in fates],
        [fate.refused for fate in fates],
    )
