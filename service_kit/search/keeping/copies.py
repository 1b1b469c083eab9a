"""The copies of an index, as the database knows them."""

from collections.abc import Collection
from typing import Final, NamedTuple
from uuid import UUID

from service_kit.db import Database, ReadSession, Session
from service_kit.search.keeping.tables import CHANNEL, CopyState

_ALL: Final = "SELECT copy, state, made_of, cursor FROM search_copies ORDER BY copy"
_BEGIN: Final = """
INSERT INTO search_copies (copy, state, made_of, about)
SELECT $1, 'building', $2, count(*) FROM search_marks RETURNING copy
"""
_NOTE_COPIED: Final = """
UPDATE search_copies SET cursor = $2, documents = documents + $3 WHERE copy = $1 RETURNING copy
"""
_RETIRE: Final = (
    "UPDATE search_copies SET state = 'dropping' WHERE state = 'live' AND copy <> $1 RETURNING copy"
)
_NOTE_PUBLISHED: Final = """
UPDATE search_copies SET state = 'live', published_at = clock_timestamp() WHERE copy = $1 RETURNING copy
"""
_GIVE_UP: Final = "UPDATE search_copies SET state = 'dropping' WHERE copy = $1 RETURNING copy"
_FORGET: Final = "DELETE FROM search_copies WHERE copy = $1 RETURNING copy"
_NOTE_CHECKED: Final = """
UPDATE search_copies SET checked_at = clock_timestamp(), compared = $2, differences = $3 WHERE copy = $1
RETURNING copy
"""
_MIX: Final = "UPDATE search_copies SET made_of = '' WHERE copy = ANY ($1::bigint[]) RETURNING copy"
_MAKE_ANEW: Final = f"UPDATE search_copies SET made_of = '' RETURNING pg_notify('{CHANNEL}', '')"  # noqa: S608 - ours


class Copy(NamedTuple):
    """See `tables.SearchCopyColumns`."""

    copy: int
    state: CopyState
    made_of: str
    cursor: UUID | None


async def known(session: ReadSession) -> list[Copy]:
    """All of them, the oldest first."""
    rows = await session.fetch(_ALL)
    return [Copy(row[0], CopyState(row[1]), row[2], row[3]) for row in rows]


async def fed(session: ReadSession) -> list[Copy]:
    """Those that have to have every change: the live one, and what is being built."""
    return [one for one in await known(session) if one.state is not CopyState.DROPPING]


async def begin(database: Database, copy: int, made_of: str) -> None:
    """From now on this copy is being built: what changes from here on is fed to it."""
    await _do(database, _BEGIN, copy, made_of)


async def note_copied(database: Database, copy: int, cursor: UUID, count: int) -> None:
    """It has so many more documents, of which this is the last."""
    await _do(database, _NOTE_COPIED, copy, cursor, count)


async def note_published(database: Database, copy: int) -> None:
    """It is the live one, and what was live before goes."""
    async with database.writing() as session:
        await session.fetch(_RETIRE, copy)
        await session.fetch(_NOTE_PUBLISHED, copy)


async def give_up(database: Database, copy: int) -> None:
    """It cannot be written to or read any more, and goes."""
    await _do(database, _GIVE_UP, copy)


async def forget(database: Database, copy: int) -> None:
    """It is gone."""
    await _do(database, _FORGET, copy)


async def mix(database: Database, of_others: Collection[int]) -> None:
    """They get documents that are made by other rules than theirs: whatever one's rules are, they are no more."""
    await _do(database, _MIX, list(of_others))


async def note_checked(session: Session, copy: int, *, compared: int, differences: int) -> None:
    """It was compared with the database just now, and had so many documents."""
    await session.fetch(_NOTE_CHECKED, copy, compared, differences)


async def make_anew(session: Session) -> None:
    """Have a new copy be built in place of whatever there is, and looked into once it is whole."""
    await session.fetch(_MAKE_ANEW)


async def _do(database: Database, statement: str, *values: object) -> None:
    async with database.writing() as session:
        await session.fetch(statement, *values)
