"""Something changed that many documents mention: their marks are raised one after the other, beside the act."""

from typing import Final

from service_kit.db import Database
from service_kit.search.keeping import marks
from service_kit.search.keeping.source import AT_ONCE, Source

_FIRST: Final = "SELECT id, number, cursor FROM search_spreads ORDER BY number LIMIT 1"
# What changed again meanwhile begins anew.
_GO_ON: Final = "UPDATE search_spreads SET cursor = $3 WHERE id = $1 AND number = $2 RETURNING id"
_END: Final = "DELETE FROM search_spreads WHERE id = $1 AND number = $2 RETURNING id"


async def spread(database: Database, source: Source) -> bool:
    """Raise some of them; returns whether there was any to do."""
    async with database.reading() as session:
        rows = await session.fetch(_FIRST)
        if not rows:
            return False
        [[subject_id, number, cursor]] = rows
        ids = await source.mentioning(session, subject_id, after=cursor, limit=AT_ONCE)
    await marks.raise_all(database, ids)
    async with database.writing() as session:
        if len(ids) < AT_ONCE:
            await session.fetch(_END, subject_id, number)
        else:
            await session.fetch(_GO_ON, subject_id, number, ids[-1])
    return True
