"""A service's application in this process, started and asked over HTTP without a socket."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import httpx
from fastapi import FastAPI

from tests.support import declared

BASE_URL: Final = "http://127.0.0.1"


@asynccontextmanager
async def running(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of `app` while its lifespan lasts. Answers of 500 come as answers, not as exceptions.

    A problem that the contract does not name for its operation is an exception.
    """
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    service = app.title.rpartition(" ")[2]
    checks = [partial(declared.check, service)] if service in {"cabinet", "bpa"} else []
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=BASE_URL, event_hooks={"response": checks}) as client,
    ):
        yield client
