"""A submit with three photos of about 345 KB: a draft, three uploads, the submit, as a phone sends them."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from typing import Final
from uuid import uuid4

from bench import pictures
from bench.harness import Figure, of_rounds
from bench.load import Connection, Job, form_request, json_request, request
from bench.stage import Stage, in_turns
from bench.submit import CLAIM, figures

JOBS: Final = 24
SHOTS: Final = ("vin_stamped", "vin_plate", "front")


def run() -> list[Figure]:
    photos = [pictures.of_345_kb(number) for number in range(len(SHOTS))]
    with Stage() as stage:
        client = stage.client()
        stage.stop_background()
        token = client.headers["Authorization"]
        product = _product(photos, token)
        in_five = asyncio.run(
            in_turns(stage, bare=lambda _: [_five_bare(photos)] * JOBS, product=lambda _: [product] * JOBS)
        )
        in_one = asyncio.run(
            in_turns(stage, bare=lambda _: [_one_bare(photos)] * JOBS, product=lambda _: [product] * JOBS)
        )
    return [
        *figures(
            "submit with 3 photos, against the same five requests",
            in_five,
            at_least=0.55,
            cpu_at_most=1.75,
        ),
        of_rounds(
            "submit with 3 photos, against everything in one request, throughput",
            "a second",
            [(bare.load.per_second, product.load.per_second) for bare, product in in_one],
        ),
    ]


def _key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


def _product(photos: Sequence[bytes], token: str) -> Job:
    signed_in = {"Authorization": token}
    fields = [
        {"shot": shot, "sha256": hashlib.sha256(photo).hexdigest()}
        for shot, photo in zip(SHOTS, photos, strict=True)
    ]

    async def job(connection: Connection) -> None:
        draft = json_request("POST", "/api/v1/inspections", {"claim": CLAIM}, headers=signed_in | _key())
        draft_id = json.loads(await connection.ask(draft, expect=201))["id"]
        path = f"/api/v1/inspections/{draft_id}"
        for photo, about in zip(photos, fields, strict=True):
            upload = form_request(f"{path}/evidence", about, [("file", photo)], headers=signed_in)
            await connection.ask(upload, expect=201)
        await connection.ask(request("POST", f"{path}/submit", headers=signed_in | _key()), expect=200)

    return job


def _five_bare(photos: Sequence[bytes]) -> Job:
    async def job(connection: Connection) -> None:
        draft = json_request("POST", "/drafts", {"claim": CLAIM}, headers=_key())
        draft_id = json.loads(await connection.ask(draft, expect=201))["id"]
        for photo in photos:
            upload = form_request(f"/drafts/{draft_id}/photos", {}, [("file", photo)], headers={})
            await connection.ask(upload, expect=201)
        await connection.ask(request("POST", f"/drafts/{draft_id}/submit", headers=_key()), expect=200)

    return job


def _one_bare(photos: Sequence[bytes]) -> Job:
    async def job(connection: Connection) -> None:
        files = [("photo", photo) for photo in photos]
        whole = form_request("/requests-with-photos", {"identifier": "VIN"}, files, headers=_key())
        await connection.ask(whole, expect=201)

    return job
