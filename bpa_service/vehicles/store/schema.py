"""The tables of vehicle records.

A record stands once under each of its identifiers, so that whoever looks one up reads neighbouring rows,
whichever it is: VIN, frame, plate, number of the body or engine. A range of VINs stands under the code that they
begin with, and what can be found by nothing (a masked VIN) under the empty name. No partitions: a lookup would
have to look into each.

Of numbers that are known in part only, the order of the table finds how they begin. Two projections hold the
numbers alone in two more orders, so that how they end is a range as well, and so are look-alikes. What is
attached to the records, and what a deletion leaves of them, has these too: they never say anything else.
"""

from typing import Final

from bpa_service.vehicles.records.columns import COLUMNS, Column, ColumnType
from service_kit.search.names import LOOK_ALIKE

_TYPES: Final = {
    ColumnType.WORD: "LowCardinality(String)",
    ColumnType.TEXT: "String CODEC(ZSTD(1))",
    ColumnType.HASH: "FixedString(16)",
    ColumnType.DATE: "Date32",
    ColumnType.MOMENT: "DateTime64(0, 'UTC')",
    ColumnType.INTEGER: "UInt32",
    ColumnType.NUMBER: "Float64",
    ColumnType.WORDS: "Array(LowCardinality(String))",
    ColumnType.TEXTS_BY_WORD: "Map(LowCardinality(String), String) CODEC(ZSTD(1))",
}
# Rows of a granule: what is read for one lookup, at least.
_GRANULARITY: Final = 1024
# Of a portion that is sent again the engine remembers that it has it.
_PORTIONS_REMEMBERED: Final = 1_000_000

RECORDS: Final = "vehicle_records"
REJECTS: Final = "vehicle_rejects"

_FROM, _TO = "".join(map(chr, LOOK_ALIKE)), "".join(LOOK_ALIKE.values())
SKELETON: Final = f"translate(value, '{_FROM}', '{_TO}')"
"""`service_kit.search.names.skeleton` of the value. If it changes, the projections need other names."""
BACKWARDS: Final = f"reverseUTF8({SKELETON})"
ORDERS: Final = {"by_beginning": SKELETON, "by_end": BACKWARDS}
"""The projections, and what each lies in the order of."""
# Without it the engine refuses to delete rows of a table that has projections.
_REBUILDS: Final = "lightweight_mutation_projection_mode = 'rebuild'"


def staging(run: int) -> str:
    """The table that a run's rows wait in until all of them are there."""
    return f"vehicle_staging_{run}"


def fresh(run: int) -> str:
    """The table of what a run adds."""
    return f"vehicle_fresh_{run}"


def records_table(name: str) -> str:
    """The statement that makes a table of records as people look them up, if it is not there."""
    orders = "".join(f",\n  PROJECTION {one}" for one in map(_projection, ORDERS))
    return _table(name, orders, f", {_REBUILDS}")


def staging_table(run: int) -> str:
    """The statement that makes the table that a run's rows wait in, if it is not there."""
    return _table(staging(run), "", f", non_replicated_deduplication_window = {_PORTIONS_REMEMBERED}")


def additions() -> list[str]:
    """The statements that add the projections to a table of records that was made without; harmless elsewhere."""
    return [
        f"ALTER TABLE {RECORDS} MODIFY SETTING {_REBUILDS}",
        *(f"ALTER TABLE {RECORDS} ADD PROJECTION IF NOT EXISTS {_projection(one)}" for one in ORDERS),
    ]


def _projection(order: str) -> str:
    return f"{order} (SELECT name, value, {ORDERS[order]} AS {order}_key ORDER BY {order}_key, name)"


def _table(name: str, orders: str, more_settings: str) -> str:
    columns = ",\n  ".join(f"{column.name} {_type_of(column)}" for column in COLUMNS)
    return f"""CREATE TABLE IF NOT EXISTS {name} (
  name LowCardinality(String),
  value String CODEC(ZSTD(1)),
  run UInt64,
  {columns}{orders}
) ENGINE = MergeTree ORDER BY (value, name, source, kind, key, item)
SETTINGS index_granularity = {_GRANULARITY}{more_settings}"""


REJECTS_TABLE: Final = f"""CREATE TABLE IF NOT EXISTS {REJECTS} (
  run UInt64,
  file LowCardinality(String),
  row UInt32,
  item UInt32,
  reason LowCardinality(String),
  column LowCardinality(String),
  text String CODEC(ZSTD(1))
) ENGINE = MergeTree ORDER BY (run, file, row, item)
SETTINGS non_replicated_deduplication_window = {_PORTIONS_REMEMBERED}"""


def _type_of(column: Column) -> str:
    kind, _, codec = _TYPES[column.type].partition(" CODEC")
    inner = f"Nullable({kind})" if column.nullable else kind
    return f"{inner} CODEC{codec}" if codec else inner
