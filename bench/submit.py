"""A draft and a submit against the same rows written barely: throughput, and CPU of server and PostgreSQL."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import uuid4

from bench import pictures, rows
from bench.harness import Figure, of_rounds
from bench.load import Job, asking, json_request, request
from bench.stage import ROUNDS, Sample, Stage, in_turns

JOBS: Final = 300
VIN: Final = "SAL1A2A40SA606662"
CLAIM: Final = {"identifier": VIN, "make": "Land Rover", "model": "Discovery"}


def run() -> list[Figure]:
    with Stage() as stage:
        client = stage.client()
        draft = client.start(CLAIM, worry="Are the digits genuine?")
        client.upload(draft["id"], "vin_stamped", pictures.small())
        stage.stop_background()
        ids = rows.copy_draft(stage, draft["id"], count=JOBS * (ROUNDS + 1))
        token = client.headers["Authorization"]

        def product(number: int) -> Sequence[Job]:
            return [
                asking(
                    request(
                        "POST",
                        f"/api/v1/inspections/{one}/submit",
                        headers={"Authorization": token, "Idempotency-Key": uuid4().hex},
                    ),
                    expect=200,
                )
                for one in ids[number * JOBS : (number + 1) * JOBS]
            ]

        drafts = asyncio.run(
            in_turns(
                stage,
                bare=lambda _: _created("/drafts", {}),
                product=lambda _: _created("/api/v1/inspections", {"Authorization": token}),
            )
        )
        submits = asyncio.run(in_turns(stage, bare=lambda _: _created("/requests", {}), product=product))
    return [
        *figures("draft", drafts, at_least=None, cpu_at_most=1.8),
        *figures("submit", submits, at_least=0.45, cpu_at_most=2.5),
    ]


def _created(path: str, headers: Mapping[str, str]) -> Sequence[Job]:
    body = {"claim": CLAIM, "worry": "Are the digits genuine?"}
    return [
        asking(
            json_request("POST", path, body, headers={**headers, "Idempotency-Key": uuid4().hex}), expect=201
        )
        for _ in range(JOBS)
    ]


def figures(
    name: str,
    rounds: Sequence[tuple[Sample, Sample]],
    *,
    at_least: float | None,
    cpu_at_most: float | None = None,
) -> list[Figure]:
    """Throughput, with its goal, and the CPU of each job: the machine's other users don't change that one."""
    return [
        of_rounds(
            f"{name}, throughput",
            "a second",
            [(bare.load.per_second, product.load.per_second) for bare, product in rounds],
            at_least=at_least,
        ),
        of_rounds(
            f"{name}, CPU",
            "ms",
            [(bare.cpu_milliseconds, product.cpu_milliseconds) for bare, product in rounds],
            at_most=cpu_at_most,
        ),
    ]
