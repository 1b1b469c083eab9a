"""Health and metrics of a process: alive, ready (and if not, which engine is missing), and in figures."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from prometheus_client.registry import REGISTRY
from pydantic import BaseModel
from sqlalchemy import func, select
from starlette.responses import PlainTextResponse

from service_kit.bus.tables import DeadLetterColumns
from service_kit.db import Database
from service_kit.inbox import ParkedEventColumns
from service_kit.outbox import OutboxColumns

CHECK_TIMEOUT = 3.0

Check = Callable[[], Awaitable[None]]


class Alive(BaseModel):
    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    """`engines` says of each engine `ok` or what is wrong with it."""

    status: Literal["ready", "not_ready"]
    engines: dict[str, str]


async def _try(check: Check) -> str:
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            await check()
    except TimeoutError:
        return f"no answer within {CHECK_TIMEOUT:.0f} s"
    except Exception as error:  # noqa: BLE001 - whatever an engine raises, it is not ready
        return type(error).__name__
    return "ok"


def health_routes(
    checks: Callable[[], Mapping[str, Check]], collect: Callable[[], Awaitable[bytes]]
) -> APIRouter:
    """/livez, /readyz and /metrics. `checks` are asked for with each request: an app is built without engines."""
    router = APIRouter(tags=["health"])

    @router.get("/livez")
    async def livez() -> Alive:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        return Alive()

    @router.get("/readyz", responses={503: {"model": Ready}})
    async def readyz(response: Response) -> Ready:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        asked = checks()
        found = await asyncio.gather(*(_try(check) for check in asked.values()))
        engines = dict(zip(asked, found, strict=True))
        if all(state == "ok" for state in found):
            return Ready(status="ready", engines=engines)
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return Ready(status="not_ready", engines=engines)

    @router.get("/metrics", response_class=PlainTextResponse)
    async def metrics() -> Response:  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        return Response(await collect(), media_type=CONTENT_TYPE_LATEST)

    return router


async def delivery_metrics(
    database: Database,
    *,
    outbox: type[OutboxColumns],
    parked: type[ParkedEventColumns],
    dead: type[DeadLetterColumns],
) -> bytes:
    """Prometheus text: how far delivery lags behind, beside what this process counted itself.

    The figures are read from the database, so every API process tells the same.
    """
    async with database.reading() as session:
        waiting, oldest = (
            await session.execute(
                select(
                    func.count(),
                    func.coalesce(
                        func.extract("epoch", func.clock_timestamp() - func.min(outbox.occurred_at)), 0
                    ),
                ).where(outbox.sent_at.is_(None))
            )
        ).one()
        set_aside = await session.scalar(select(func.count()).select_from(parked)) or 0
        buried = await session.scalar(
            select(func.count()).select_from(dead).where(dead.replayed_at.is_(None))
        )
    registry = CollectorRegistry()
    for name, text, value in (
        ("outbox_waiting", "Rows of the outbox that the bus has not confirmed.", waiting),
        ("outbox_oldest_seconds", "Age of the oldest of them.", oldest),
        ("inbox_parked", "Events set aside until their predecessor comes.", set_aside),
        ("dead_letters", "Messages that were given up and not replayed.", buried or 0),
    ):
        Gauge(f"autodetective_{name}", text, registry=registry).set(float(value))
    return generate_latest(registry) + generate_latest(REGISTRY)
