"""Rows as plain values, one by one, for clients who take their data along."""

from collections.abc import AsyncGenerator, Collection
from typing import Any, Final, TypeVar

from pydantic_core import to_jsonable_python
from sqlalchemy import Select, inspect

from cabinet_service.db.base import Base
from service_kit.db import Session

Row = TypeVar("Row", bound=Base)
Json = dict[str, Any]
BATCH: Final = 200


def plain(row: Base, *, without: Collection[str] = ()) -> Json:
    """The columns of the row as JSON has them; what is binary as hex."""
    columns = (attribute.key for attribute in inspect(row).mapper.column_attrs)
    values = {name: getattr(row, name) for name in columns if name not in without}
    plain_values: Json = to_jsonable_python(values, bytes_mode="hex")
    return plain_values


async def each(session: Session, statement: Select[Row]) -> AsyncGenerator[Row]:
    """The rows of a statement, however many there are: only a few at a time are in memory."""
    rows = await session.stream_scalars(statement.execution_options(yield_per=BATCH))
    async for row in rows:
        yield row
        session.expunge(row)
