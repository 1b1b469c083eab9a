"""Erasing and giving out what is a client's in the rows of a service, by the marks of `personal_columns`."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from pydantic_core import to_jsonable_python
from sqlalchemy import inspect, select, update
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapper
from sqlalchemy.sql.selectable import ScalarSelect

from service_kit.db import Session
from service_kit.personal_columns import Rows, marks_of


def exported(row: DeclarativeBase) -> dict[str, Any]:
    """What the client takes along of a row, as JSON has it; what is binary as hex."""
    kept = {name for name, mark in marks_of(type(row)) if not mark.is_exported}
    names = (attribute.key for attribute in cast("Mapper[Any]", inspect(type(row))).column_attrs)
    values = {name: getattr(row, name) for name in names if name not in kept}
    plain: dict[str, Any] = to_jsonable_python(values, bytes_mode="hex")
    return plain


def forget(row: DeclarativeBase, *, client_id: UUID | None = None) -> None:
    """Erase what is marked in the row. A name goes if it is that of `client_id`."""
    for name, mark in marks_of(type(row)):
        value = getattr(row, name)
        if mark.erased is None or value is None:
            continue
        if mark.name_of is None or getattr(row, mark.name_of) == client_id:
            setattr(row, name, mark.erased(value))


async def forget_rows(
    session: Session, base: Rows, column: str, subject_id: UUID, *, client_id: UUID | None = None
) -> None:
    """Erase what is marked in every table of `base` that has this column, in its rows of the subject."""
    for rows in tables_with(base, column):
        found = await session.scalars(select(rows).where(_attribute(rows, column) == subject_id))
        for row in found.all():
            forget(row, client_id=client_id)
        await session.flush()


async def forget_names(
    session: Session, base: Rows, column: str, subject_ids: ScalarSelect[UUID], *, client_id: UUID
) -> None:
    """Erase the client's name, and nothing else, in the rows of these subjects."""
    for rows in tables_with(base, column):
        for name, mark in marks_of(rows):
            if mark.name_of is not None:
                theirs = _attribute(rows, mark.name_of) == client_id
                of_them = _attribute(rows, column).in_(subject_ids)
                await session.execute(update(rows).where(of_them, theirs).values({name: None}))


def tables_with(base: Rows, column: str) -> Sequence[Rows]:
    """Those of which something is erased in place, always in one order."""
    mapped: list[Rows] = [mapper.class_ for mapper in base.registry.mappers]
    return sorted(
        (rows for rows in mapped if hasattr(rows, column) and any(mark.erased for _, mark in marks_of(rows))),
        key=lambda rows: rows.__tablename__,
    )


def _attribute(rows: Rows, name: str) -> InstrumentedAttribute[Any]:
    attribute: InstrumentedAttribute[Any] = getattr(rows, name)
    return attribute
