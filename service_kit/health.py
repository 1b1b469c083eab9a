"""Health and metrics of a process: alive, ready (and if not, which engine is missing), and in figures."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Collection, Mapping
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel
from starlette.responses import PlainTextResponse

from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute

CHECK_TIMEOUT = 3.0

Check = Callable[[], Awaitable[None]]


class Alive(BaseModel):
    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """`engines` says of each engine `ok` or what is wrong with it, also of those that decide nothing."""

    status: Literal["ready", "not_ready"]
    engines: dict[str, str]


async def tried(check: Check) -> str:
    """`ok`, or what is wrong, within CHECK_TIMEOUT."""
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            await check()
    except TimeoutError:
        return f"no answer within {CHECK_TIMEOUT:.0f} s"
    except Exception as error:  # noqa: BLE001 - whatever an engine raises, it is not ready
        return type(error).__name__
    return "ok"


def health_routes(
    checks: Callable[[], Mapping[str, Check]],
    collect: Callable[[], Awaitable[bytes]],
    *,
    metrics_token: str | None,
    dispensable: Collection[str] = (),
) -> APIRouter:
    """/livez, /readyz and /metrics. `checks` are asked for with each request: an app is built without engines.

    Without the `dispensable` ones of them much goes on, so they are told of and do not decide.

    How much is going on is nobody's business: /metrics asks for `metrics_token` as a bearer. Without one (empty)
    there is no /metrics; None gives it to everybody.

    HEAD is answered like GET, without the body: some load balancers and monitors ask so.
    """
    router = APIRouter(tags=["health"], route_class=CheckedRoute)

    @router.head("/livez", include_in_schema=False)
    @router.get("/livez")
    async def livez() -> Alive:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        return Alive()

    @router.head("/readyz", include_in_schema=False)
    @router.get("/readyz", responses={503: {"model": Ready}})
    async def readyz(response: Response) -> Ready:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        asked = checks()
        found = await asyncio.gather(*(tried(check) for check in asked.values()))
        engines = dict(zip(asked, found, strict=True))
        if all(state == "ok" for name, state in engines.items() if name not in dispensable):
            return Ready(status="ready", engines=engines)
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return Ready(status="not_ready", engines=engines)

    @router.head("/metrics", include_in_schema=False)
    @router.get("/metrics", response_class=PlainTextResponse)
    async def metrics(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        if metrics_token is not None:
            sent = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
            if not metrics_token or not hmac.compare_digest(sent, f"Bearer {metrics_token}".encode()):
                raise NotFound
        return Response(await collect(), media_type=CONTENT_TYPE_LATEST)

    return router
