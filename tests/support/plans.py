"""How many rows PostgreSQL reads for what it is asked meanwhile, by its own count."""

import json
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

from service_kit.session import ReadSession


class Reads(NamedTuple):
    rows: int
    plan: str


@contextmanager
def reads_counted() -> Generator[list[Reads]]:
    """What each SELECT that a session of this process sends has read from tables, thrown away or not.

    For that it is run once more before, in the same transaction and within the same walls; and as if the tables
    were large: a small one PostgreSQL would rather read whole than by an index.
    """
    counted: list[Reads] = []
    fetch = ReadSession.fetch

    async def noted(session: ReadSession, sql: str, *values: Any) -> Any:
        if sql.lstrip().startswith(("SELECT", "WITH")):
            await fetch(session, "SET LOCAL enable_seqscan = off")
            [row] = await fetch(session, f"EXPLAIN (ANALYZE, TIMING off, FORMAT json) {sql}", *values)
            [told] = json.loads(row[0])
            counted.append(Reads(sum(map(_read, _nodes(told["Plan"]))), row[0]))
        return await fetch(session, sql, *values)

    with patch.object(ReadSession, "fetch", noted):
        yield counted


def _nodes(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield plan
    for one in plan.get("Plans", ()):
        yield from _nodes(one)


def _read(node: Mapping[str, Any]) -> int:
    if "Relation Name" not in node and node["Node Type"] != "Bitmap Index Scan":
        return 0
    thrown_away = sum(node.get(f"Rows Removed by {by}", 0) for by in ("Filter", "Index Recheck"))
    return round((node["Actual Rows"] + thrown_away) * node["Actual Loops"])
