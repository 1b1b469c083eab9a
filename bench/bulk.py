"""Cars of a list accepted as one job, and made by the worker, against the same cars ordered one by one."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import uuid4

from bench import load
from bench.harness import Figure, of_rounds
from bench.load import Job, asking, json_request
from bench.stage import CONNECTIONS, ROUNDS, Sample, Stage
from deploy.demo.people import Client

ROWS: Final = 1_000
ONE_BY_ONE: Final = 300
PATIENCE: Final = 120.0
COMPANY: Final = "11111111-1111-4111-8111-111111111111"
_JOIN: Final = f"""
INSERT INTO companies (id, name, created_at) VALUES ('{COMPANY}', 'Motors', now());
INSERT INTO memberships (account_id, company_id, role, created_at)
SELECT id, '{COMPANY}', 'partner_admin', now() FROM accounts;
"""


def run() -> list[Figure]:
    with Stage() as stage:
        client = stage.client()
        stage.sql("cabinet", _JOIN)
        cars = _cars()
        seconds = [_until_done(client, _list(cars)) for _ in range(ROUNDS)]
        stage.stop_background()
        rounds = asyncio.run(_in_turns(stage, client.headers["Authorization"], cars))
    made, one_by_one = ROWS / statistics.median(seconds), statistics.median(one for one, _ in rounds)
    return [
        of_rounds("rows accepted against single orders", "a second", rounds, at_least=10.0),
        Figure(
            name="rows ordered and made against single orders",
            unit="a second",
            product=made,
            baseline=one_by_one,
            at_least=1.0,
        ),
    ]


async def _in_turns(stage: Stage, token: str, cars: Iterator[dict[str, Any]]) -> list[tuple[float, float]]:
    """Cars a second, one by one over several connections and as one list over one."""
    rounds: list[tuple[float, float]] = []
    for number in range(ROUNDS + 1):
        singles = [
            _posted("/api/v1/inspections", {"claim": _claim(next(cars)), "company_id": COMPANY}, token, 201)
            for _ in range(ONE_BY_ONE)
        ]
        single = await _measured(stage, singles, connections=CONNECTIONS)
        many = await _measured(stage, [_posted("/api/v1/bulk-jobs", _list(cars), token, 202)], connections=1)
        if number:
            rounds.append((single.load.per_second, many.load.per_second * ROWS))
    return rounds


async def _measured(stage: Stage, jobs: Sequence[Job], *, connections: int) -> Sample:
    work = load.do(stage.stack.cabinet.port, jobs, connections=connections)
    return await stage.measure(stage.pids("cabinet-api"), work)


def _posted(path: str, body: Any, token: str, status: int) -> Job:
    headers = {"Authorization": token, "Idempotency-Key": uuid4().hex}
    return asking(json_request("POST", path, body, headers=headers), expect=status)


def _until_done(client: Client, body: Any) -> float:
    started = time.perf_counter()
    job = client.call("POST", "/bulk-jobs", body, key=uuid4().hex)
    while client.get(f"/bulk-jobs/{job['id']}")["state"] != "done":
        if time.perf_counter() - started > PATIENCE:
            raise TimeoutError
        time.sleep(0.05)
    return time.perf_counter() - started


def _cars() -> Iterator[dict[str, Any]]:
    return ({"identifier": f"WVWZZZ1JZ3W{n:06}", "make": "VW", "year": "2003"} for n in itertools.count())


def _claim(car: dict[str, Any]) -> dict[str, Any]:
    return car | {"year": int(car["year"])}


def _list(cars: Iterator[dict[str, Any]]) -> dict[str, Any]:
    rows = [{"row": place, "mileage": "120 000 км", **next(cars)} for place in range(2, ROWS + 2)]
    return {"company_id": COMPANY, "rows": rows}
