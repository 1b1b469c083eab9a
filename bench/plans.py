"""Every query of the hot routes, twenty times each on one connection.

PostgreSQL plans a prepared statement anew for its first five calls, and may then keep to one plan for all values:
a query that gets slower after its sixth call does so only in production.
"""

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from statistics import median
from typing import Any, Final
from unittest.mock import patch

import httpx
from fastapi import FastAPI

from bench import pictures, rows
from bench.harness import Figure
from bench.stage import Stage
from bench.submit import CLAIM, VIN
from bpa_service.entrypoints.app import create_app as create_bpa
from bpa_service.settings import read_environment as read_bpa
from cabinet_service.entrypoints.app import create_app as create_cabinet
from cabinet_service.settings import read_environment as read_cabinet
from service_kit.session import ReadSession

CALLS: Final = 20
CUSTOM: Final = slice(1, 5)  # not the first one, which prepares
GENERIC: Final = slice(6, None)
CASES: Final = 100_000
SLOWER: Final = 2.0
# What a statement of half a millisecond varies by is the machine's doing.
FLOOR_SECONDS: Final = 0.002

Timings = dict[str, list[float]]


def run() -> list[Figure]:
    with Stage() as stage:
        client = stage.client()
        draft = client.start(CLAIM, worry="Are the digits genuine?")
        client.upload(draft["id"], "vin_stamped", pictures.small())
        case_id = rows.first_case(stage)
        stage.stop_background()
        rows.copy_case(stage, case_id, first=1, last=CASES)
        rows.copy_draft(stage, draft["id"], count=CASES)
        client_headers = {"Authorization": client.headers["Authorization"]}
        expert_headers = {"Authorization": stage.expert().headers["Authorization"]}
        os.environ.update(stage.stack.environment_of(stage.stack.cabinet))
        os.environ.update(stage.stack.environment_of(stage.stack.bpa))
        one = f"/api/v1/inspections/{draft['id']}"
        lists = ["/api/v1/inspections", f"/api/v1/inspections?q={VIN[:8]}", "/api/v1/inspections?state=draft"]
        queues = [f"/api/v1/queue?view={view}" for view in ("open", "mine", "waiting", "all")]
        timings = asyncio.run(
            _timings(create_cabinet(read_cabinet()), [one, f"{one}/timeline", *lists], client_headers)
        ) | asyncio.run(
            _timings(
                create_bpa(read_bpa()),
                [f"/api/v1/cases/{case_id}", f"/api/v1/cases/{case_id}/timeline", "/api/v1/cases", *queues],
                expert_headers,
            )
        )
    slower = {
        statement: (median(times[CUSTOM]), median(times[GENERIC]))
        for statement, times in timings.items()
        if median(times[GENERIC]) > SLOWER * median(times[CUSTOM]) + FLOOR_SECONDS
    }
    for statement, (before, after) in slower.items():
        print(f"{before * 1000:.1f} ms, later {after * 1000:.1f} ms: {statement}")
    slowest = max(timings.values(), key=median)
    return [
        Figure(
            name=f"of {len(timings)} queries, slower after the sixth call",
            unit="",
            product=len(slower),
            at_most=0,
        ),
        Figure(name="the slowest query, median", unit="ms", product=median(slowest) * 1000),
    ]


async def _timings(app: FastAPI, paths: Sequence[str], headers: dict[str, str]) -> Timings:
    """Seconds of each call of each statement, the statements by their text."""
    timings: Timings = defaultdict(list)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=headers) as http,
    ):
        with _timed(timings):
            for path in paths:
                for _ in range(CALLS):
                    (await http.get(path)).raise_for_status()
    return {statement: times for statement, times in timings.items() if len(times) >= CALLS}


@contextmanager
def _timed(timings: Timings) -> Generator[None]:
    fetch = ReadSession.fetch

    async def timed(session: ReadSession, sql: str, *values: Any) -> list[Any]:
        started = time.perf_counter()
        try:
            return await fetch(session, sql, *values)
        finally:
            timings[sql].append(time.perf_counter() - started)

    with patch.object(ReadSession, "fetch", timed):
        yield
