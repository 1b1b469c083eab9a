"""The toy service as its own peer."""

import httpx
from fastapi import FastAPI

from service_kit.db import Database
from service_kit.http import problem_responses
from service_kit.http.event_log import stream_routes
from service_kit.http.peer import Peer
from service_kit.resync import Resync
from service_kit.signing import KeyRing
from tests.service.kit.conftest import IncomingStream, inbox, outbox


def peer_of(database: Database, asked: list[str] | None = None) -> tuple[FastAPI, Resync]:
    """The toy service as its own peer: its log is served, and caught up with, over signed HTTP.

    The queries of what it is asked are added to `asked`.
    """

    async def note(request: httpx.Request) -> None:
        if asked is not None:
            asked.append(request.url.query.decode())

    keys = KeyRing(["a secret of the test, long enough"])
    app = FastAPI()
    app.state.database, app.state.service_keys = database, keys
    problem_responses.install(app)
    app.include_router(stream_routes(outbox, IncomingStream, noun="cars"))
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), event_hooks={"request": [note]})
    return app, Resync(database, inbox, Peer("http://peer", keys, client), noun="cars")
