"""The numbers that records know: which are like something, and what is known under each."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from bpa_service.vehicles.store import schema
from bpa_service.vehicles.store.analytics import Analytics
from bpa_service.vehicles.store.likes import Likes, Side
from service_kit.search.documents import NameKind
from service_kit.search.names import skeleton
from service_kit.search.questions import ANY, ONE

MOST_LIKE: Final = 100
"""Numbers that are read for one likeness, the least first."""
NAMES: Final = {
    NameKind.NUMBER: ("vin", "frame", "body", "chassis"),
    NameKind.PLATE: ("plate",),
    NameKind.ENGINE: ("engine",),
}
"""Under which names records have numbers of each kind."""
_KINDS: Final = {name: kind for kind, names in NAMES.items() for name in names}
# Greater than whatever may follow.
_END: Final = "\U0010ffff"
_LIKE: Final = str.maketrans({ANY: "%", ONE: "_"})
# A question that nobody waits for any more ends by itself.
_FEW: Final = "max_execution_time = 2, max_threads = 1"
# Of a projection that is used no order is asked; without one the engine refuses, and never reads the whole table.
_BY_PROJECTION: Final = (
    "optimize_distinct_in_order = 0, optimize_read_in_order = 0, force_optimize_projection = 1"
)
_SAID: Final = ("action", "make", "model", "year", "vin", "frame", "body", "chassis")
_WRITTEN: Final = ("frame", "body", "chassis")


@dataclass(frozen=True, slots=True)
class KnownNumber:
    """A number of one kind, and what the newest word of each source is about whatever has it.

    `names` are those under which it is known, `written` as a source wrote it where that says more. Of make,
    model, year and VIN there is what all say that say it; None where they differ.
    """

    kind: NameKind
    value: str
    names: tuple[str, ...]
    written: str
    records: int
    sources: int
    make: str | None
    model: str | None
    year: int | None
    vin: str | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """Each method raises `EngineAway` or `EngineRefused`."""

    engine: Analytics

    async def like(self, likes: Likes, kinds: Collection[NameKind]) -> list[str]:
        """Numbers of these kinds that are so, MOST_LIKE at most; some of them may have been taken back."""
        sql, parameters = statement(likes, kinds)
        return [value for (value,) in await self.engine.rows(sql, parameters)]

    async def known(self, values: Collection[str], kinds: Collection[NameKind]) -> list[KnownNumber]:
        """What is known under each of these numbers; nothing of those that are taken back."""
        if not values or not kinds:
            return []
        wanted = {"values": tuple(sorted(values)), "names": _names(kinds), "plates": NAMES[NameKind.PLATE]}
        rows = await self.engine.rows(_KNOWN, wanted)
        return [_known(row) for row in rows]


def statement(likes: Likes, kinds: Collection[NameKind]) -> tuple[str, dict[str, Any]]:
    """What is asked of the engine: a range of one of the orders, and which of it is like that."""
    parameters: dict[str, Any] = {"names": _names(kinds)}
    if likes.mistaken:
        # A beginning may be that of millions that are longer: of these no distance is computed.
        is_as_long = f"abs(toInt32(length(value)) - {len(likes.mistaken)}) <= 1"
        wanted = f"if({is_as_long}, damerauLevenshteinDistance({schema.SKELETON}, %(whole)s) <= 1, 0)"
        parameters["whole"] = likes.mistaken
    else:
        wanted = "value LIKE %(spelled)s"
        parameters["spelled"] = likes.spelled.translate(_LIKE)
    # How a number begins as it is spelled is the order of the table: reading ends with the last that is wanted.
    is_in_order = likes.side is Side.BEGIN and not likes.mistaken
    key, run = _range(likes, is_in_order=is_in_order)
    parameters |= {"first": run, "last": run + _END}
    settings = _FEW if is_in_order else f"{_FEW}, {_BY_PROJECTION}"
    sql = f"""
        SELECT DISTINCT value FROM {schema.RECORDS}
        WHERE {key} >= %(first)s AND {key} < %(last)s AND name IN %(names)s AND {wanted}
        ORDER BY value LIMIT {MOST_LIKE} SETTINGS {settings}"""
    return sql, parameters


def _range(likes: Likes, *, is_in_order: bool) -> tuple[str, str]:
    if is_in_order:
        return "value", likes.run
    run = skeleton(likes.run)
    return (schema.SKELETON, run) if likes.side is Side.BEGIN else (schema.BACKWARDS, run[::-1])


def _names(kinds: Collection[NameKind]) -> tuple[str, ...]:
    return tuple(name for kind, names in NAMES.items() if kind in kinds for name in names)


def _said(what: str) -> str:
    return f"said.{_SAID.index(what) + 1}"


def _agreed(what: str) -> str:
    """Two of what is said of it, at most, however each is spelled: one if all agree."""
    said = _said(what)
    return f"groupUniqArrayIf(2)(upperUTF8({said}), {said} != ''), anyIf({said}, {said} != '')"


# One number is often known under several names: of the same record, once.
_KNOWN: Final = f"""
    SELECT value, groupUniqArray(name), uniqExact((source, kind, key, item)), uniqExact(source),
        {", ".join(_agreed(one) for one in ("make", "model", "vin"))},
        groupUniqArrayIf(2)(assumeNotNull({_said("year")}), {_said("year")} IS NOT NULL),
        {", ".join(f"anyIf({_said(one)}, name = '{one}')" for one in _WRITTEN)}
    FROM (
        SELECT value, name, source, kind, key, item, argMax(({", ".join(_SAID)}), (as_of, run)) AS said
        FROM {schema.RECORDS} WHERE value IN %(values)s AND name IN %(names)s
        GROUP BY value, name, source, kind, key, item
    ) WHERE {_said("action")} = 'state'
    GROUP BY value, multiIf(name IN %(plates)s, 1, name = 'engine', 2, 0)
    SETTINGS {_FEW}"""


def _known(row: tuple[Any, ...]) -> KnownNumber:
    value, names, records, sources, makes, make, models, model, vins, vin, years = row[:11]
    written: tuple[str, ...] = row[11:]
    return KnownNumber(
        kind=_KINDS[names[0]],
        value=value,
        names=tuple(sorted(names)),
        written=next(filter(None, written), value),
        records=records,
        sources=sources,
        make=make if len(makes) == 1 else None,
        model=model if len(models) == 1 else None,
        year=years[0] if len(years) == 1 else None,
        vin=vin if len(vins) == 1 else None,
    )
