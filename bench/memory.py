"""Memory of each process (PSS: what is shared counts in parts), fresh and after many requests."""

import asyncio
from typing import Final

import psutil

from bench import load, pictures
from bench.harness import Figure
from bench.load import asking, json_request, request
from bench.stage import Stage
from bench.submit import CLAIM

REQUESTS: Final = 5_000
SHARE: Final = 1.5
GROWTH: Final = 1.05
MIB: Final = 1024 * 1024


def run() -> list[Figure]:
    with Stage() as stage:
        client = stage.client()
        draft = client.start(CLAIM)
        client.upload(draft["id"], "vin_stamped", pictures.small())
        client.submit(draft["id"])
        signed_in = {"Authorization": client.headers["Authorization"]}
        read = asking(request("GET", f"/api/v1/inspections/{draft['id']}", headers=signed_in), expect=200)
        write = asking(
            json_request(
                "POST", "/requests", {"claim": CLAIM}, headers={"Idempotency-Key": "the-same-again"}
            ),
            expect=201,
        )
        bare_read = asking(request("GET", "/queue"), expect=200)
        asyncio.run(load.do(stage.bare_port, [write], connections=1))
        asyncio.run(load.do(stage.stack.cabinet.port, [read] * 200, connections=8))
        fresh = _pss(stage.pids("cabinet-api")[0])
        asyncio.run(load.do(stage.stack.cabinet.port, [read] * REQUESTS, connections=8))
        asyncio.run(load.do(stage.bare_port, [bare_read] * REQUESTS, connections=8))
        bare = _pss(stage.bare[0].pid)
        used = {
            name: _pss(process.pid)
            for name, process in stage.stack.processes.items()
            if name.startswith(("cabinet", "bpa"))
        }
    return [
        *(
            Figure(name=f"memory of {name}", unit="MiB", baseline=bare, product=pss, at_most=SHARE)
            for name, pss in used.items()
        ),
        Figure(
            name=f"memory of cabinet-api after {REQUESTS} requests more",
            unit="MiB",
            baseline=fresh,
            product=used["cabinet-api"],
            at_most=GROWTH,
        ),
    ]


def _pss(pid: int) -> float:
    return psutil.Process(pid).memory_full_info().pss / MIB
