"""Rows one by one, for clients who take their data along."""

from collections.abc import AsyncGenerator
from typing import Any, TypeVar

from sqlalchemy import Select

from cabinet_service.db.base import Base
from service_kit.db import Session

Row = TypeVar("Row", bound=Base)
Json = dict[str, Any]


async def each(session: Session, statement: Select[Row]) -> AsyncGenerator[Row]:
    """The rows of a statement, however many there are: only a few at a time are in memory."""
    async for row in session.stream(statement):
        yield row
