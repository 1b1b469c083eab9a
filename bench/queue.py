"""A page of the queue among 100,000 cases of which 5 % are open, and what it costs among ten times as many."""

import asyncio
from collections.abc import Sequence
from statistics import median
from typing import Final

from bench import rows
from bench.harness import Figure, of_rounds
from bench.load import Job, asking, request
from bench.stage import Sample, Stage, in_turns

CASES: Final = 100_000
MORE_CASES: Final = 10 * CASES
PAGES: Final = 200
PAGE: Final = 50
BARE_ROWS: Final = f"""
INSERT INTO requests
SELECT gen_random_uuid(), 'Q-' || n, CASE WHEN n % 20 = 0 THEN 'queued' ELSE 'closed' END, 1,
    '{{"make": "Land Rover", "identifier": "SAL1A2A40SA606662"}}', now() + n * interval '1 second', now()
FROM generate_series(1, {CASES}) AS n;
ANALYZE;
"""


def run() -> list[Figure]:
    with Stage() as stage:
        case_id = rows.first_case(stage)
        rows.copy_case(stage, case_id, first=1, last=CASES)
        stage.sql("bare", BARE_ROWS)
        among_few = asyncio.run(_pages(stage))
        rows.copy_case(stage, case_id, first=CASES + 1, last=MORE_CASES)
        among_many = asyncio.run(_pages(stage))
    return [
        of_rounds(
            "queue page, p99",
            "ms",
            [(bare.load.p99_milliseconds, product.load.p99_milliseconds) for bare, product in among_few],
            at_most=2.5,
        ),
        of_rounds(
            "queue page, CPU",
            "ms",
            [(bare.cpu_milliseconds, product.cpu_milliseconds) for bare, product in among_few],
        ),
        Figure(
            name="queue page, CPU at 10 x the cases",
            unit="x bare",  # which keeps its size, and so says how busy the machine is
            baseline=_cpu_ratio(among_few),
            product=_cpu_ratio(among_many),
            at_most=1.2,
        ),
    ]


async def _pages(stage: Stage) -> list[tuple[Sample, Sample]]:
    token = stage.expert().headers["Authorization"]
    page = asking(request("GET", f"/api/v1/queue?limit={PAGE}", headers={"Authorization": token}), expect=200)
    bare: Sequence[Job] = [asking(request("GET", f"/queue?limit={PAGE}"), expect=200)] * PAGES
    return await in_turns(
        stage, bare=lambda _: bare, product=lambda _: [page] * PAGES, api="bpa-api", connections=4
    )


def _cpu_ratio(rounds: Sequence[tuple[Sample, Sample]]) -> float:
    return median(product.cpu for _, product in rounds) / median(bare.cpu for bare, _ in rounds)
