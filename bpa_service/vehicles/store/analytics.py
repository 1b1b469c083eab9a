"""The port to the analytical engine, and how it can fail."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

NO_SUCH_TABLE: Final = 60
"""The code of a refusal where nothing was ever imported."""


class EngineAway(Exception):
    """The engine does not answer now, or took too long: the same question may be asked again later."""


class EngineRefused(Exception):
    """The engine would not carry out a statement; `code` is that of ClickHouse's table of errors."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Analytics(Protocol):
    """Statements in ClickHouse's SQL. `%(name)s` in them stands for a parameter, quoted by the adapter.

    Each raises `EngineAway` or `EngineRefused`. A statement whose answer was lost may have been carried out.
    """

    async def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows that a SELECT gives."""
        ...

    async def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Carry out something that gives no rows."""
        ...

    async def insert(self, sql: str, columns: Sequence[Sequence[Any]]) -> None:
        """Carry out an `INSERT INTO … VALUES` with these columns, all of one length: wholly or not at all."""
        ...
