"""Many rows as the values of one statement, which is the same however many they are."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, TableValuedAlias, Uuid, any_, column, func, literal
from sqlalchemy.types import TypeEngine


def rows_of(names: Sequence[tuple[str, TypeEngine[Any]]], rows: Sequence[Sequence[Any]]) -> TableValuedAlias:
    """The rows as a table with columns of these names and types."""
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    arrays = [literal(list(values), ARRAY(type_)) for (_, type_), values in zip(names, columns, strict=True)]
    return func.unnest(*arrays).table_valued(*[column(*one) for one in names]).render_derived()


def among(id_: Any, ids: Collection[UUID]) -> ColumnElement[bool]:
    """Whether the id is one of these."""
    condition: ColumnElement[bool] = id_ == any_(literal(list(ids), ARRAY(Uuid())))
    return condition
