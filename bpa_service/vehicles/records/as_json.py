"""Records as JSON, and back: for places that keep a few of them together. What is empty is left out."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from typing import Any, Final

from bpa_service.vehicles.records.columns import COLUMNS, Column, ColumnType
from bpa_service.vehicles.records.kinds import Action
from bpa_service.vehicles.records.record import Record
from shared_schemas.records import Kind, MileageQuality, Outcome, Precision

_WORDS: Final[dict[str, Callable[[Any], Any]]] = {
    "kind": Kind,
    "action": Action,
    "precision": Precision,
    "mileage_quality": MileageQuality,
    "outcome": Outcome,
}
_ALWAYS: Final = frozenset(
    one.name for one in fields(Record) if one.default is MISSING and one.default_factory is MISSING
)
_WRITTEN: Final[dict[ColumnType, Callable[[Any], Any]]] = {
    ColumnType.HASH: bytes.hex,
    ColumnType.DATE: date.isoformat,
    ColumnType.MOMENT: datetime.isoformat,
    ColumnType.WORDS: list,
    ColumnType.TEXTS_BY_WORD: dict,
}
_READ: Final[dict[ColumnType, Callable[[Any], Any]]] = {
    ColumnType.HASH: bytes.fromhex,
    ColumnType.DATE: date.fromisoformat,
    ColumnType.MOMENT: datetime.fromisoformat,
    ColumnType.WORDS: tuple,
}


def written(record: Record) -> dict[str, Any]:
    """The record as an object of JSON."""
    values = ((column, getattr(record, column.name)) for column in COLUMNS)
    return {
        column.name: _written(column, value)
        for column, value in values
        if column.name in _ALWAYS or not _is_empty(value)
    }


def read(values: Mapping[str, Any]) -> Record:
    """The record that was written so. Raises KeyError, TypeError or ValueError for what is none."""
    found = ((column, values[column.name]) for column in COLUMNS if column.name in values)
    return Record(**{column.name: _read(column, value) for column, value in found})


def _is_empty(value: Any) -> bool:
    return value is None or value in ("", (), {})


def _written(column: Column, value: Any) -> Any:
    write = _WRITTEN.get(column.type)
    return write(value) if write else value


def _read(column: Column, value: Any) -> Any:
    read_as = _READ.get(column.type) or _WORDS.get(column.name)
    return read_as(value) if read_as else value
