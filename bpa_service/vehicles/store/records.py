"""Vehicle records in the engine: a file's rows come in portions, beside what is there, and appear all at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from bpa_service.vehicles.records.columns import COLUMNS, NAMES, Batch, ColumnType
from bpa_service.vehicles.records.kinds import Action
from bpa_service.vehicles.records.ranges import RANGE, Range
from bpa_service.vehicles.records.record import Identifier, Record
from bpa_service.vehicles.records.rejects import Reject
from bpa_service.vehicles.store import schema
from bpa_service.vehicles.store.analytics import Analytics
from shared_schemas.records import Kind, MileageQuality, Outcome, Precision

MOST_RECORDS: Final = 10_000
"""Of one vehicle: more than any has, and less than a page can show."""
MOST_RANGES: Final = 20_000
"""Rows of ranges under one maker's code: more than any has been recalled for."""
_MOST_ROWS: Final = 5 * MOST_RECORDS
"""That are read for them: each may have been said several times, and under several names."""

_ALL: Final = ("name", "value", "run", *NAMES)
_INTO: Final = f"({', '.join(_ALL)})"
# What belongs together: a record under one of its identifiers, whatever its source says of it over time.
_SAME: Final = ("value", "name", "source", "kind", "key", "item")
_HASH: Final = next(column.name for column in COLUMNS if column.type is ColumnType.HASH)
_SELECTED: Final = ", ".join(f"hex({name})" if name == _HASH else name for name in NAMES)
_READ_AS: Final[dict[str, Callable[[Any], Any]]] = {
    "kind": Kind,
    "action": Action,
    "precision": Precision,
    "mileage_quality": MileageQuality,
    "outcome": Outcome,
    "codes": tuple,
    "marks": tuple,
    _HASH: bytes.fromhex,
}
# Both sides lie in this order: they are read side by side, in memory that does not grow with them.
_JOINED: Final = "SETTINGS join_algorithm = 'full_sorting_merge', optimize_aggregation_in_order = 1"
_OF_THE_TABLE: Final = "database = currentDatabase() AND table = %(table)s"
_LACKING_TABLES: Final = f"""
    SELECT {len(schema.ORDERS)} > count() FROM system.projections
    WHERE {_OF_THE_TABLE} AND name IN %(orders)s"""
_LACKING_PARTS: Final = f"""
    SELECT count() FROM system.parts WHERE {_OF_THE_TABLE} AND active AND rows > 0 AND name NOT IN (
        SELECT parent_name FROM system.projection_parts WHERE {_OF_THE_TABLE} AND active AND name IN %(orders)s
        GROUP BY parent_name HAVING uniqExact(name) = {len(schema.ORDERS)})"""
_UNDER_WAY: Final = f"SELECT count() FROM system.mutations WHERE {_OF_THE_TABLE} AND NOT is_done"


@dataclass(frozen=True, slots=True)
class Published:
    """What a run came to. All are rows of the table: a record has one for each of its identifiers."""

    sent: int
    added: int
    withdrawn: int

    @property
    def known(self) -> int:
        """What was there before, and says the same."""
        return self.sent - self.added


class RejectedRow(NamedTuple):
    """A row that became no record, as `Reject` has it."""

    file: str
    row: int
    item: int
    reason: str
    column: str
    text: str


@dataclass(frozen=True, slots=True)
class VehicleRecords:
    """The records of all sources. Each method raises `EngineAway` or `EngineRefused`."""

    engine: Analytics

    async def prepare(self) -> None:
        """Make the tables that are not there yet, and what those lack that were made by an older version."""
        await self.engine.command(schema.records_table(schema.RECORDS))
        await self.engine.command(schema.REJECTS_TABLE)
        if await self._lacks(_LACKING_TABLES):
            for statement in schema.additions():
                await self.engine.command(statement)
        # What lay there before is put in order beside everything else, by an engine that goes on after an end.
        if await self._lacks(_LACKING_PARTS) and not await self._lacks(_UNDER_WAY):
            for order in schema.ORDERS:
                await self.engine.command(f"ALTER TABLE {schema.RECORDS} MATERIALIZE PROJECTION {order}")

    async def _lacks(self, sql: str) -> bool:
        parameters = {"table": schema.RECORDS, "orders": tuple(schema.ORDERS)}
        [(count,)] = await self.engine.rows(sql, parameters)
        return count > 0

    async def begin(self, run: int) -> None:
        """Make room for what a run brings; what an earlier try of it has brought stays."""
        await self.prepare()
        await self.engine.command(schema.staging_table(run))

    async def add(self, run: int, portion: int, batch: Batch) -> int:
        """Bring in a portion; what was brought before is not brought again. Returns how many rows it makes."""
        columns = under_identifiers(run, batch)
        count = len(columns[0])
        if count:
            await self.engine.insert(_insert(schema.staging(run), _INTO, f"records {run} {portion}"), columns)
        return count

    async def reject(self, run: int, portion: int, rejects: Sequence[Reject]) -> None:
        """Keep which rows of a portion became no record, and why."""
        if not rejects:
            return
        rows = [(run, one.file, one.row, one.item, one.reason, one.column, one.text) for one in rejects]
        into = "(run, file, row, item, reason, column, text)"
        columns = [list(column) for column in zip(*rows, strict=True)]
        await self.engine.insert(_insert(schema.REJECTS, into, f"rejects {run} {portion}"), columns)

    async def rejects_of(self, run: int, *, most: int, skip: int = 0) -> list[RejectedRow]:
        """Rejected rows in the file's order, without the first `skip`."""
        sql = f"""
            SELECT file, row, item, reason, column, text FROM {schema.REJECTS} WHERE run = %(run)s
            ORDER BY file, row, item, reason, column, text LIMIT %(skip)s, %(most)s"""
        parameters = {"run": run, "most": most, "skip": skip}
        return [RejectedRow(*one) for one in await self.engine.rows(sql, parameters)]

    async def publish(
        self, run: int, source: str, *, as_of: datetime, complete: bool, expected: int
    ) -> Published:
        """Show what a run brought that was not there yet, all of it in one moment; with `complete` take back what
        the source had stated and does not state any more. Safe to repeat until `forget`.

        Raises `RowsMissing` if what is there are not the `expected` rows: then nothing has changed.
        """
        staged, fresh = schema.staging(run), schema.fresh(run)
        [(sent,)] = await self.engine.rows(f"SELECT count() FROM {staged}")
        if sent != expected:
            raise RowsMissing(expected, sent)
        # An earlier try may have shown some of it: then nothing of that is fresh.
        await self.engine.command(f"DROP TABLE IF EXISTS {fresh}")
        await self.engine.command(schema.records_table(fresh))
        parameters = {"source": source, "run": run, "as_of": as_of.replace(tzinfo=None)}
        await self.engine.command(f"INSERT INTO {fresh} {_INTO} {_fresh_of(staged)}", parameters)
        if complete:
            await self.engine.command(f"INSERT INTO {fresh} {_INTO} {_gone_from(staged)}", parameters)
        await self.engine.command(f"ALTER TABLE {schema.RECORDS} ATTACH PARTITION tuple() FROM {fresh}")
        counts = f"SELECT countIf(action = 'state'), countIf(action != 'state') FROM {schema.RECORDS}"
        [(added, withdrawn)] = await self.engine.rows(f"{counts} WHERE run = %(run)s", parameters)
        return Published(sent, added, withdrawn)

    async def forget(self, run: int) -> None:
        """Drop what a run brought: what it showed stays."""
        for table in (schema.staging(run), schema.fresh(run)):
            await self.engine.command(f"DROP TABLE IF EXISTS {table}")

    async def undo(self, run: int) -> None:
        """Take away what a run had added, and what it had taken back holds again."""
        for table in (schema.RECORDS, schema.REJECTS):
            await self.engine.command(f"DELETE FROM {table} WHERE run = %(run)s", {"run": run})
        # From the other orders of numbers they go beside everything else: what is known of one is read anew.
        await self.engine.command(f"ALTER TABLE {schema.RECORDS} APPLY DELETED MASK")

    async def of(self, identifiers: Iterable[Identifier]) -> list[Record]:
        """What all sources say of the vehicle with one of these names, the newest word of each about each thing.

        At most `MOST_RECORDS`. A plate of an unknown country is that of any.
        """
        wanted = list(identifiers)
        if not wanted:
            return []
        sql = f"""
            SELECT name, value, run, {_SELECTED} FROM {schema.RECORDS}
            WHERE value IN %(values)s AND name IN %(names)s LIMIT {_MOST_ROWS} SETTINGS max_threads = 1"""
        values, names = (tuple(sorted({one[place] for one in wanted})) for place in (1, 0))
        rows = await self.engine.rows(sql, {"values": values, "names": names})
        asked = {(one.name, one.value) for one in wanted}
        countries = {one.country for one in wanted if one.name == "plate"}
        said = _newest((run, _record(row)) for name, value, run, *row in rows if (name, value) in asked)
        found = [one for one in said if one.action is Action.STATE and _is_meant(one, wanted, countries)]
        return found[:MOST_RECORDS]

    async def ranges(self, codes: Iterable[str], fits: Callable[[Range], bool]) -> list[Record]:
        """What sources say of ranges of VINs that begin with one of these makers' codes, of those that fit.

        Whether one does is asked of its two ends alone: they are read first, and are a hundredth of a record.
        """
        wanted: dict[str, Any] = {"codes": tuple(sorted(set(codes)))}
        if not wanted["codes"]:
            return []
        among = f"FROM {schema.RECORDS} WHERE value IN %(codes)s AND name = '{RANGE}'"
        ends = f"SELECT DISTINCT key, vin_from, vin_to {among} LIMIT {MOST_RANGES} SETTINGS max_threads = 1"
        found = [(key, Range.between(*both)) for key, *both in await self.engine.rows(ends, wanted)]
        keys = tuple(sorted({key for key, one in found if one and fits(one)}))
        if not keys:
            return []
        sql = f"SELECT run, {_SELECTED} {among} AND key IN %(keys)s LIMIT {MOST_RANGES} SETTINGS max_threads = 1"
        rows = await self.engine.rows(sql, {**wanted, "keys": keys})
        return [
            one for one in _newest((run, _record(row)) for run, *row in rows) if one.action is Action.STATE
        ]


class RowsMissing(Exception):
    """Not all that was brought is there, or more."""

    def __init__(self, expected: int, found: int) -> None:
        super().__init__(f"{found} rows instead of {expected}")


def _insert(table: str, into: str, token: str) -> str:
    return f"INSERT INTO {table} {into} SETTINGS insert_deduplication_token = '{token}' VALUES"


def under_identifiers(run: int, batch: Batch) -> list[list[Any]]:
    """The columns of the table: each record under each identifier and code of its range, or the empty name."""
    names: list[str] = []
    values: list[str] = []
    places: list[int] = []
    for place, record in enumerate(batch):
        found = [(one.name, one.value) for one in record.identifiers()]
        if record.vin_from and (within := Range.of(record)):
            found += [(RANGE, code) for code in within.codes]
        for name, value in found or [("", "")]:
            names.append(name)
            values.append(value)
            places.append(place)
    columns = batch.columns
    return [names, values, [run] * len(places), *([columns[one][place] for place in places] for one in NAMES)]


def _holding() -> str:
    """What a source states now, of each thing under each identifier: by what hash."""
    same = ", ".join(_SAME)
    return f"""
        SELECT {same}, argMax(row_hash, (as_of, run)) AS hash FROM {schema.RECORDS} WHERE source = %(source)s
        GROUP BY {same} HAVING argMax(action, (as_of, run)) = 'state'"""


def _fresh_of(staged: str) -> str:
    """What was brought and is not stated already. What a file says twice is taken once: its last word."""
    same = ", ".join(_SAME)
    on = " AND ".join(f"new.{name} = old.{name}" for name in _SAME)
    columns = ", ".join(f"new.{name}" for name in _ALL)
    last = f"SELECT * FROM {staged} ORDER BY {same}, as_of DESC, row DESC LIMIT 1 BY {same}"
    return f"""
        SELECT {columns} FROM ({last}) AS new LEFT JOIN ({_holding()}) AS old ON {on}
        WHERE old.key = '' OR old.hash != new.row_hash {_JOINED}"""


def _gone_from(staged: str) -> str:
    """What is stated, and was not brought by a delivery of everything: as taken back."""
    on = " AND ".join(f"old.{name} = new.{name}" for name in _SAME)
    given = {"run": "%(run)s", "action": f"'{Action.WITHDRAW}'", "as_of": "toDateTime64(%(as_of)s, 0, 'UTC')"}
    columns = ", ".join(f"{given[name]} AS {name}" if name in given else f"held.{name}" for name in _ALL)
    same = ", ".join(_SAME)
    gone = f"""
        SELECT old.* FROM ({_holding()}) AS old
        LEFT JOIN (SELECT DISTINCT {same} FROM {staged}) AS new ON {on} WHERE new.key = ''"""
    with_hash = " AND ".join(f"held.{name} = gone.{name}" for name in _SAME)
    return f"""
        SELECT {columns} FROM {schema.RECORDS} AS held INNER JOIN ({gone}) AS gone
        ON {with_hash} AND held.row_hash = gone.hash {_JOINED}"""


def _newest(said: Iterable[tuple[int, Record]]) -> list[Record]:
    """The newest word of each source about each thing, the newest of all first.

    Here and not in SQL: these are few rows, and sorting them there takes three times as long as reading them.
    """
    newest: dict[tuple[str, str, str, int], Record] = {}
    for _, one in sorted(said, key=lambda each: (each[1].as_of, each[0]), reverse=True):
        newest.setdefault((one.source, one.kind, one.key, one.item), one)
    return list(newest.values())


def _record(row: Sequence[Any]) -> Record:
    values: dict[str, Any] = dict(zip(NAMES, row, strict=True))
    for name, read in _READ_AS.items():
        values[name] = read(values[name])
    return Record(**values)


def _is_meant(record: Record, wanted: Sequence[Identifier], countries: set[str]) -> bool:
    """Whether it is not by the plate of another country alone that it was found."""
    if "" in countries or not record.plate_country or record.plate_country in countries:
        return True
    return any(one.name != "plate" and one in set(record.identifiers()) for one in wanted)
