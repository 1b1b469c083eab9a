"""Marks on columns: what of a client they hold, and what becomes of it when the client is forgotten.

A mark stands where the column is declared, `mapped_column(Text, info=personal())`, and every column that can hold
a text has one: so nobody adds a column that an erasure does not know. What a client takes along of a row is every
column that is not marked otherwise. `forgetting` goes by the marks.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import inspect
from sqlalchemy.orm import DeclarativeBase, Mapper

from shared_schemas.base import Contract
from shared_schemas.personal import redact

_INFO: Final = "personal"

Rows = type[DeclarativeBase]
Info = dict[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """`erased` makes of a value what stands in its place; None: nothing does, in this column.

    `name_of` is the column that says whose name it is: it is erased for that person only.
    """

    is_personal: bool
    is_exported: bool
    erased: Callable[[Any], Any] | None = None
    name_of: str | None = None


def personal(in_its_place: object = None, *, is_exported: bool = True) -> Info:
    """The client's, or about the client's car; what is absent stays so."""
    return {_INFO: Mark(is_personal=True, is_exported=is_exported, erased=lambda _: in_its_place)}


def personal_name(*, of: str, is_exported: bool = True) -> Info:
    """The name of whoever has the id in the column `of`."""
    return {_INFO: Mark(is_personal=True, is_exported=is_exported, erased=lambda _: None, name_of=of)}


def personal_in(contract: type[Contract], *, is_exported: bool = True) -> Info:
    """JSON of such a contract or a list of them, whose fields are marked themselves."""

    def redacted(value: Any) -> Any:
        if isinstance(value, list):
            return [redacted(item) for item in cast("list[Any]", value)]
        return redact(contract.model_validate(value)).model_dump(mode="json")

    return {_INFO: Mark(is_personal=True, is_exported=is_exported, erased=redacted)}


def personal_keys(*keys: str) -> Info:
    """A JSON object in which these keys are the client's."""

    def without(value: dict[str, Any]) -> dict[str, Any]:
        return {key: kept for key, kept in value.items() if key not in keys}

    return {_INFO: Mark(is_personal=True, is_exported=True, erased=without)}


def erased_otherwise(*, is_exported: bool = True) -> Info:
    """The client's, and not for `forget`: the row is deleted, or the events in it redacted (`redaction`)."""
    return {_INFO: Mark(is_personal=True, is_exported=is_exported)}


def not_personal(*, is_exported: bool = True) -> Info:
    """Nothing of a client: an id, a word of ours, a name of somebody who works here."""
    return {_INFO: Mark(is_personal=False, is_exported=is_exported)}


def marks_of(rows: Rows) -> Iterator[tuple[str, Mark]]:
    """The marked columns of a table, by their attributes."""
    for attribute in cast("Mapper[Any]", inspect(rows)).column_attrs:
        if (mark := attribute.columns[0].info.get(_INFO)) is not None:
            yield attribute.key, mark
