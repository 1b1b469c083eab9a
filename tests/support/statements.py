"""What is sent to PostgreSQL meanwhile."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from service_kit.session import ReadSession


@contextmanager
def statements_sent() -> Generator[list[str]]:
    """Each statement that a session of this process sends, but for BEGIN and COMMIT."""
    sent: list[str] = []
    fetch = ReadSession.fetch

    async def noted(session: ReadSession, sql: str, *values: Any) -> Any:
        sent.append(sql)
        return await fetch(session, sql, *values)

    with patch.object(ReadSession, "fetch", noted):
        yield sent
