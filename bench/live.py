"""From a client's submit to an expert's screen, against a bare hop over a confirmed quorum queue to SSE.

One piece of news at a time: what is measured is the way, not how many fit on it.
"""

import asyncio
import contextlib
import re
import time
from asyncio import StreamReader
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final
from uuid import uuid4

from bench import load, pictures, rows
from bench.harness import Figure
from bench.load import Connection, request
from bench.stage import BROKER, ROUNDS, Stage
from bench.submit import CLAIM

NEWS: Final = 60
SCREENS: Final = 50
PATIENCE: Final = 20.0
_ID: Final = re.compile(rb"^data:.*?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})")


class Screens:
    """Open streams, and when each piece of news came to each of them."""

    def __init__(self) -> None:
        self._arrivals: dict[str, list[float]] = {}
        self._came = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._connections: list[Connection] = []

    async def open(self, port: int, ask: bytes, count: int) -> None:
        for _ in range(count):
            connection = await Connection.open(port)
            stream = await connection.lines(ask)
            while b"open" not in await stream.readline():
                pass
            self._connections.append(connection)
            self._tasks.append(asyncio.create_task(self._read(stream)))

    async def wait_for(self, name: str) -> list[float]:
        """When it came to each screen, once it came to all."""
        async with asyncio.timeout(PATIENCE):
            while len(self._arrivals.get(name, ())) < len(self._tasks):
                self._came.clear()
                await self._came.wait()
        return self._arrivals.pop(name)

    async def close(self) -> None:
        for task, connection in zip(self._tasks, self._connections, strict=True):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            connection.close()

    async def _read(self, stream: StreamReader) -> None:
        while line := await stream.readline():
            if found := _ID.match(line):
                self._arrivals.setdefault(found[1].decode(), []).append(time.perf_counter())
                self._came.set()


def run() -> list[Figure]:
    if not BROKER:
        print("live: skipped, for want of a broker; run it as `python -m tests.servers make bench ARGS=live`")
        return []
    with Stage(bus_url=BROKER) as stage:
        client = stage.client()
        draft = client.start(CLAIM)
        client.upload(draft["id"], "vin_stamped", pictures.small())
        count = NEWS * (ROUNDS + 1)
        token = client.headers["Authorization"]
        figures: list[Figure] = []
        for screens in (1, SCREENS):
            ids = iter([str(one) for one in rows.copy_draft(stage, draft["id"], count=count)])
            bare, product = asyncio.run(_measure(stage, token, ids, screens))
            suffix = "1 screen" if screens == 1 else f"{screens} screens"
            figures.append(
                Figure(
                    name=f"submit to the expert's screen, p99, {suffix}",
                    unit="ms",
                    baseline=load.p99(bare) * 1000,
                    product=load.p99(product) * 1000,
                    at_most=5 if screens == 1 else None,
                )
            )
            if screens > 1:
                figures.append(
                    Figure(
                        name=f"submit to the expert's screen, p99 in all, {suffix}",
                        unit="ms",
                        product=load.p99(product) * 1000,
                        at_most=100,
                    )
                )
    return figures


async def _measure(
    stage: Stage, token: str, ids: Iterator[str], count: int
) -> tuple[Sequence[float], Sequence[float]]:
    """Seconds from sending to each arrival, of all rounds but the first."""
    desk, bare_screens = Screens(), Screens()
    expert = {"Authorization": stage.expert().headers["Authorization"]}
    await desk.open(stage.stack.bpa.port, request("GET", "/api/v1/stream", headers=expert), count)
    await bare_screens.open(stage.screens_port, request("GET", "/stream"), count)
    client, publisher = (
        await Connection.open(stage.stack.cabinet.port),
        await Connection.open(stage.bare_port),
    )

    async def submit() -> str:
        name = next(ids)
        headers = {"Authorization": token, "Idempotency-Key": uuid4().hex}
        ask = request("POST", f"/api/v1/inspections/{name}/submit", headers=headers)
        await client.ask(ask, expect=200)
        return name

    async def publish() -> str:
        name = str(uuid4())
        await publisher.ask(request("POST", f"/news/{name}"), expect=202)
        return name

    bare: list[float] = []
    product: list[float] = []
    for number in range(ROUNDS + 1):
        ways = (await _round(publish, bare_screens), await _round(submit, desk))
        if number:
            bare += ways[0]
            product += ways[1]
    client.close()
    publisher.close()
    await desk.close()
    await bare_screens.close()
    return bare, product


async def _round(tell: Callable[[], Awaitable[str]], screens: Screens) -> list[float]:
    ways: list[float] = []
    for _ in range(NEWS):
        told = time.perf_counter()
        name = await tell()
        ways += [arrived - told for arrived in await screens.wait_for(name)]
        await asyncio.sleep(0.01)
    return ways
