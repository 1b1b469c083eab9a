"""Which processes of a service there are: each says over its connections what it is, and PostgreSQL knows when.

No process writes anything for it. Each has something that asks every ten seconds at least, so that one that is
silent for a minute hangs, or is no more. That it is heard does not say that all of its work is done: of the same
process something else may hang, and of two of a kind one. What waits for them tells that.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

from service_kit.db import ReadSession
from service_kit.processes import BACKGROUND

_PREFIX: Final = "autodetective "
_ALL_IN_ONE: Final = "background"
# PostgreSQL itself may be told to note nothing: then there is a connection, and nobody knows whether it speaks.
_SEEN: Final = """
SELECT application_name AS name, bool_or(state IS NOT NULL AND state <> 'disabled') AS is_noted,
    extract(epoch FROM clock_timestamp() - max(
        CASE state WHEN 'active' THEN query_start WHEN 'disabled' THEN NULL ELSE state_change END
    ))::float AS silent
FROM pg_stat_activity
WHERE datname = current_database() AND application_name LIKE 'autodetective %'
GROUP BY application_name
"""


@dataclass(frozen=True, slots=True)
class Sign:
    """Whether a process of a kind is connected, and for how many seconds all of them have asked nothing; None if
    that is not known.
    """

    is_connected: bool
    silent_seconds: float | None


def signed(database_url: str, process: str) -> str:
    """The same address for connections that say which process they are of."""
    parts = urlsplit(database_url)
    name = urlencode({"application_name": _PREFIX + process})
    return urlunsplit(parts._replace(query=f"{parts.query}&{name}" if parts.query else name))


async def signs(session: ReadSession) -> Mapping[str, Sign]:
    """Of each of the BACKGROUND processes; the one that is all of them in one counts for each."""
    rows = await session.fetch(_SEEN)
    found = {row["name"].removeprefix(_PREFIX): row["silent"] if row["is_noted"] else None for row in rows}
    return {
        process: _sign([found[name] for name in (process, _ALL_IN_ONE) if name in found])
        for process in BACKGROUND
    }


def _sign(silences: list[float | None]) -> Sign:
    known = [max(seconds, 0.0) for seconds in silences if seconds is not None]
    return Sign(bool(silences), min(known, default=None))
