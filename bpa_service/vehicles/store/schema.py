"""The tables of vehicle records.

A record stands once under each of its identifiers, so that whoever looks one up reads neighbouring rows,
whichever it is: VIN, frame, plate, number of the body or engine. One that can be found by none (a range of a
recall, a masked VIN) stands under the empty name. No partitions: a lookup would have to look into each.
"""

from typing import Final

from bpa_service.vehicles.records.columns import COLUMNS, Column, ColumnType

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


def staging(run: int) -> str:
    """The table that a run's rows wait in until all of them are there."""
    return f"vehicle_staging_{run}"


def fresh(run: int) -> str:
    """The table of what a run adds."""
    return f"vehicle_fresh_{run}"


def records_table(name: str, *, deduplicates: bool = False) -> str:
    """The statement that makes a table of records, if it is not there."""
    columns = ",\n  ".join(f"{column.name} {_type_of(column)}" for column in COLUMNS)
    window = f", non_replicated_deduplication_window = {_PORTIONS_REMEMBERED}" if deduplicates else ""
    return f"""CREATE TABLE IF NOT EXISTS {name} (
  name LowCardinality(String),
  value String CODEC(ZSTD(1)),
  run UInt64,
  {columns}
) ENGINE = MergeTree ORDER BY (value, name, source, kind, key, item)
SETTINGS index_granularity = {_GRANULARITY}{window}"""


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
