"""Cases by what is exactly known of them: their own number, and those of their car. No index is asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from bpa_service.cases.core.models import Case
from bpa_service.cases.deciding import queries as deciding
from service_kit.db import ReadSession
from shared_schemas.words import Verdict

# Each by an index of its own. An advert is no number of a car.
_NAMED: Final = """
SELECT cases.id, cases.opened_at AS at
FROM cases JOIN (
    SELECT case_id AS id FROM car_names WHERE key = ANY ($1::text[]) AND kind <> 'advert'
    UNION SELECT id FROM cases WHERE number_key = ANY ($1::text[])
    UNION SELECT id FROM cases WHERE plate_key = ANY ($1::text[])
    UNION SELECT id FROM cases WHERE number = ANY ($2::text[])
) AS named USING (id)
"""
_AMONG: Final = f"{_NAMED} WHERE cases.id = ANY ($3::uuid[])"
_IN_ORDER: Final = """
WHERE ($3::timestamptz IS NULL OR cases.opened_at >= $3)
    AND ($4::timestamptz IS NULL OR cases.opened_at < $4)
    AND ($5::timestamptz IS NULL OR (cases.opened_at, cases.id) < ($5, $6::uuid))
ORDER BY cases.opened_at DESC, cases.id DESC LIMIT $7
"""
_NEWEST_NAMED: Final = f"{_NAMED} {_IN_ORDER}"
_NEWEST: Final = f"""
SELECT cases.id, cases.opened_at AS at FROM cases CROSS JOIN (SELECT $1::text[], $2::text[]) AS nothing
{_IN_ORDER}
"""  # noqa: S608 - our own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Exactly:
    """Spellings of a number of a car (`keys`), and of a case (`numbers`)."""

    keys: Collection[str]
    numbers: Collection[str] = ()

    def __bool__(self) -> bool:
        return bool(self.keys or self.numbers)


class Opened(NamedTuple):
    """A case, and since when it is one."""

    at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class InShort:
    """A case, and the verdict of its answer if it has one."""

    case: Case
    verdict: Verdict | None


async def newest(
    session: ReadSession,
    exactly: Exactly | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    after: Opened | None = None,
    limit: int,
) -> list[Opened]:
    """The cases with one of these numbers, or all of them, the newest first: of those opened `since` then and
    before `until`, what comes after the case in `after`.
    """
    sql, keys, numbers = (
        (_NEWEST, (), ()) if exactly is None else (_NEWEST_NAMED, exactly.keys, exactly.numbers)
    )
    place = (since, until, *(after or (None, None)), limit)
    rows = await session.fetch(sql, sorted(keys), sorted(numbers), *place)
    return [Opened(row["at"], row["id"]) for row in rows]


async def named_among(session: ReadSession, exactly: Exactly, case_ids: Collection[UUID]) -> set[UUID]:
    """Which of these cases have one of these numbers."""
    rows = await session.fetch(_AMONG, sorted(exactly.keys), sorted(exactly.numbers), list(case_ids))
    return {row["id"] for row in rows}


async def in_short(session: ReadSession, case_ids: Sequence[UUID]) -> Mapping[UUID, InShort]:
    """Those of these cases that there are, as far as who asks may see them."""
    answer = deciding.newest_beside(Case.id.expression)
    found = await session.execute(
        select(Case, answer.c.verdict)
        .outerjoin(answer, true())
        .where(Case.id == any_(bindparam("case_ids", type_=ARRAY(Uuid)))),
        {"case_ids": list(case_ids)},
    )
    return {case.id: InShort(case, verdict) for case, verdict in found}
