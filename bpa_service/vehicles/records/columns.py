"""The columns of a record: their types and limits, and batches of them as the store takes them in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from bpa_service.vehicles.records.record import Record


class ColumnType(StrEnum):
    """What a column holds, in words that any store has a type for."""

    WORD = "word"  # a text of few different values
    TEXT = "text"
    HASH = "hash"  # 16 bytes
    DATE = "date"  # or None; between 1900-01-02 and 2100
    MOMENT = "moment"  # UTC, to the second; or None where the field may be
    INTEGER = "integer"  # or None
    NUMBER = "number"  # or None
    WORDS = "words"  # a tuple of words
    TEXTS_BY_WORD = "texts_by_word"  # a mapping


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a record. `most` is of a text's characters, a number's value, the count of the rest."""

    name: str
    type: ColumnType
    most: int
    nullable: bool = False


MOST_CHARACTERS_OF_ONE: Final = 1_000  # of a text within WORDS and TEXTS_BY_WORD
MOST_KM: Final = 5_000_000

_W, _T = ColumnType.WORD, ColumnType.TEXT
COLUMNS: Final = (
    Column("source", _W, 40),
    Column("kind", _W, 20),
    Column("key", _T, 120),
    Column("row_hash", ColumnType.HASH, 16),
    Column("file", _W, 200),
    Column("row", ColumnType.INTEGER, 2**32 - 1),
    Column("item", ColumnType.INTEGER, 2**32 - 1),
    Column("as_of", ColumnType.MOMENT, 0),
    Column("asked_at", ColumnType.MOMENT, 0, nullable=True),
    Column("action", _W, 10),
    Column("language", _W, 2),
    Column("vin", _T, 17),
    Column("vin_pattern", _T, 17),
    Column("vin_from", _T, 40),
    Column("vin_to", _T, 40),
    Column("frame", _T, 40),
    Column("body", _T, 40),
    Column("chassis", _T, 40),
    Column("engine", _T, 40),
    Column("plate", _T, 20),
    Column("plate_country", _W, 2),
    Column("source_vehicle", _T, 80),
    Column("began", ColumnType.DATE, 0, nullable=True),
    Column("ended", ColumnType.DATE, 0, nullable=True),
    Column("precision", _W, 5),
    Column("at", ColumnType.MOMENT, 0, nullable=True),
    Column("mileage_km", ColumnType.INTEGER, MOST_KM, nullable=True),
    Column("mileage_value", ColumnType.NUMBER, MOST_KM, nullable=True),
    Column("mileage_unit", _W, 2),
    Column("mileage_quality", _W, 10),
    Column("make", _W, 80),
    Column("model", _W, 120),
    Column("year", ColumnType.INTEGER, 2100, nullable=True),
    Column("colour", _W, 60),
    Column("country", _W, 2),
    Column("place", _W, 200),
    Column("amount", ColumnType.NUMBER, 10**12, nullable=True),
    Column("currency", _W, 3),
    Column("outcome", _W, 20),
    Column("text", _T, 4_000),
    Column("codes", ColumnType.WORDS, 200),
    Column("attributes", ColumnType.TEXTS_BY_WORD, 60),
    Column("as_written", ColumnType.TEXTS_BY_WORD, 60),
    Column("marks", ColumnType.WORDS, 30),
)
NAMES: Final = tuple(column.name for column in COLUMNS)


@dataclass(frozen=True, slots=True)
class Batch:
    """Records as columns: for each name of `NAMES` a list, all of the same length, in the order of the rows."""

    columns: dict[str, list[Any]]

    def __len__(self) -> int:
        return len(self.columns["row"])

    def __iter__(self) -> Iterator[Record]:
        for values in zip(*(self.columns[name] for name in NAMES), strict=True):
            yield Record(**dict(zip(NAMES, values, strict=True)))

    @classmethod
    def of(cls, records: Iterable[Record]) -> "Batch":
        """These records as columns."""
        rows = list(records)
        return cls({name: [getattr(record, name) for record in rows] for name in NAMES})
