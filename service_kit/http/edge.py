"""FastAPI dependencies that make one request one transaction.

`scope="function"` ends the dependency, and so commits, before the response is sent. Without it FastAPI
answers 201 first and commits afterwards, and 201 stands even when the commit fails
(`tests/service/test_commit_before_answer.py` holds this).

A request's transaction begins as nobody's and shows nothing; the dependency that finds out who sent the request
enters their scope. The few routes that work for the service itself say so by `ServiceSession`.
"""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse

from service_kit import failpoints
from service_kit.db import NOBODY, SYSTEM, Database, ReadSession, Session, database_now, enter
from service_kit.http.credentials import SAFE_METHODS
from service_kit.idempotency import Replay


async def _transaction(request: Request) -> AsyncGenerator[Session]:
    database: Database = request.app.state.database
    if request.method in SAFE_METHODS:
        async with database.reading(NOBODY) as session:
            # Typed as a session that writes: PostgreSQL refuses that in a READ ONLY transaction.
            yield cast("Session", session)
    else:
        async with database.writing(NOBODY) as session:
            yield session
        failpoints.reach(failpoints.Point.ANSWERING)


WriteSession = Annotated[Session, Depends(_transaction, scope="function")]
"""The request's one transaction, of a route whose method may change something."""

Reading = Annotated[ReadSession, Depends(_transaction, scope="function")]
"""The request's one transaction, of a route that only reads; of a GET it is READ ONLY."""


async def _as_service(session: WriteSession) -> Session:
    await enter(session, SYSTEM)
    return session


ServiceSession = Annotated[Session, Depends(_as_service, scope="function")]
"""For routes that work before it is known for whom, such as a sign-in."""

ServiceReading = Annotated[ReadSession, Depends(_as_service, scope="function")]
"""The same for routes that only read: what the peer asks, and links that are secrets themselves."""


async def _now(session: Reading) -> datetime:
    return await database_now(session)


Now = Annotated[datetime, Depends(_now, scope="function")]

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
        return JSONResponse(error.body, error.status, {"Idempotency-Replayed": "true"})

    app.add_exception_handler(Replay, on_replay)
