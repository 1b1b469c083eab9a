"""FastAPI dependencies that make one request one transaction.

`scope="function"` ends the dependency, and so commits, before the response is sent. Without it FastAPI
answers 201 first and commits afterwards, and 201 stands even when the commit fails
(`tests/service/test_commit_before_answer.py` holds this).
"""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI, Header, Request, Response

from service_kit import failpoints
from service_kit.db import Database, ReadSession, Session, database_now
from service_kit.idempotency import Replay


async def _write_session(request: Request) -> AsyncGenerator[Session]:
    database: Database = request.app.state.database
    async with database.writing() as session:
        yield session
    failpoints.reach(failpoints.Point.ANSWERING)


async def _read_session(request: Request) -> AsyncGenerator[ReadSession]:
    database: Database = request.app.state.database
    async with database.reading() as session:
        yield session


WriteSession = Annotated[Session, Depends(_write_session, scope="function")]
Reading = Annotated[ReadSession, Depends(_read_session, scope="function")]


async def _write_now(session: WriteSession) -> datetime:
    return await database_now(session)


async def _read_now(session: Reading) -> datetime:
    return await database_now(session)


Now = Annotated[datetime, Depends(_write_now, scope="function")]
ReadNow = Annotated[datetime, Depends(_read_now, scope="function")]

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Required. 8 to 128 visible ASCII characters, new for each thing you create; kept 7 days.",
    ),
]


async def fingerprint(request: Request) -> bytes:
    """What makes two requests the same, for `idempotency.claim`."""
    return b"\n".join((request.method.encode(), request.url.path.encode(), await request.body()))


def install_replay(app: FastAPI) -> None:
    """Answer a repeated request with the stored answer."""

    async def on_replay(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Replay)  # noqa: S101 - registered for it only
        return error.response

    app.add_exception_handler(Replay, on_replay)
