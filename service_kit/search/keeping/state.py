"""How an index does: how far it is behind, what is being built, what the last comparison found."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service_kit.db import ReadSession

MOST_WAITING: Final = 100_000
# Of what is being spread nobody knows yet which documents wait for it.
_BEHIND: Final = """
SELECT clock_timestamp() - least(
    (SELECT min(since) FROM search_marks WHERE version <> fed), (SELECT min(since) FROM search_spreads)
)
"""
_WAITING: Final = f"""
SELECT (SELECT count(*) FROM (SELECT FROM search_marks WHERE version <> fed LIMIT $1) AS waiting),
    greatest(({_BEHIND}), interval '0'),
    (SELECT count(*) FROM search_marks WHERE refused)
"""  # noqa: S608 - ours
_NEWEST: Final = """
SELECT copy, documents, about, checked_at, compared, differences FROM search_copies
WHERE state = $1 ORDER BY copy DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Building:
    """A copy that is being built: how many documents were read for it, of about so many."""

    copy: int
    done: int
    about: int


@dataclass(frozen=True, slots=True)
class Compared:
    """The last time that the live copy was compared: how many documents it had, and how many differences."""

    at: datetime
    documents: int
    differences: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """`waiting` changes, MOST_WAITING at most, are not in the index yet, the oldest `behind` so long. One that
    many documents mention counts for how long it waits, and no document before its mark is raised.

    `refused` are documents that the index will not have as they are. None is `live` before the first is whole.
    """

    waiting: int
    behind: timedelta
    refused: int
    live: int | None
    building: Building | None
    compared: Compared | None


async def state(session: ReadSession) -> IndexState:
    """How the index does now, by what the database knows."""
    [[waiting, behind, refused]] = await session.fetch(_WAITING, MOST_WAITING)
    live = await session.fetch(_NEWEST, "live")
    building = await session.fetch(_NEWEST, "building")
    compared = [row for row in live if row["checked_at"] is not None]
    return IndexState(
        waiting=waiting,
        behind=behind or timedelta(),
        refused=refused,
        live=live[0]["copy"] if live else None,
        building=Building(*(building[0][name] for name in ("copy", "documents", "about")))
        if building
        else None,
        compared=Compared(*(compared[0][name] for name in ("checked_at", "compared", "differences")))
        if compared
        else None,
    )


async def behind(session: ReadSession) -> timedelta:
    """For how long the oldest change waits to be fed, or to reach all that mention it."""
    [[waited]] = await session.fetch(_BEHIND)
    return max(waited or timedelta(), timedelta())
