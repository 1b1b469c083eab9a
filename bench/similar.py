"""What is known of a car, among 1,000,000 cases and as many hashed photos; and finding those like a new one.

A case has a number that two others have, a plate and an advert of its own, and a photo that looks like another.

The hashes are drawn so that photos share parts as often as those of 247 real cars do (docs/decisions/0041).
"""

import asyncio
import os
import time
from collections.abc import Sequence
from random import Random
from statistics import median, quantiles
from typing import Final
from uuid import uuid4

from bench import rows
from bench.harness import Figure, of_rounds
from bench.load import Job, asking, request
from bench.stage import Sample, Stage, in_turns
from bpa_service.backbone import open_backbone
from bpa_service.evidence import comparing
from bpa_service.evidence.likeness import PARTS
from bpa_service.settings import read_environment

PHOTOS: Final = 1_000_000
ASKED: Final = 200
STRIP_MS: Final = 20
# A bit that is set so often is the same in two hashes as often as their parts are, by what was measured.
_BIT: Final = 0.64
_PART: Final = " + ".join(f"(random() < {_BIT})::integer << {bit}" for bit in range(16))
_DIFFERENT: Final = f"""
UPDATE evidence SET sha256 = md5(id::text) || md5(case_id::text), hash_due_at = NULL;
INSERT INTO photo_hashes SELECT id, case_id{", " + ", ".join([_PART] * PARTS)} FROM evidence;
INSERT INTO similar_photos
SELECT one.id, other.id, one.case_id, 9
FROM (SELECT *, row_number() OVER (ORDER BY id) AS place FROM evidence) AS one
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM evidence) AS other
ON other.place <> one.place AND other.place / 2 = one.place / 2;
TRUNCATE car_names, same_cars;
INSERT INTO car_names
SELECT id, kind, CASE kind WHEN 'number' THEN place / 3 ELSE place END, 'claim', submitted_at
FROM (SELECT *, row_number() OVER (ORDER BY id) AS place FROM cases) AS numbered,
    unnest('{{number,plate,advert}}'::text[]) AS kind;
INSERT INTO same_cars SELECT one.case_id, other.case_id, one.kind
FROM car_names AS one JOIN car_names AS other USING (key, kind) WHERE other.case_id <> one.case_id;
VACUUM ANALYZE;
"""


def run() -> list[Figure]:
    with Stage() as stage:
        case_id = rows.first_case(stage)
        rows.copy_case(stage, case_id, first=1, last=PHOTOS)
        stage.sql("bpa", _DIFFERENT)
        ids = stage.sql("bpa", f"SELECT id FROM cases ORDER BY md5(id::text) LIMIT {ASKED};").split()
        strip = asyncio.run(_strips(stage, ids))
        os.environ.update(stage.stack.environment_of(stage.stack.bpa))
        found = asyncio.run(_finding())
    return [
        Figure(
            name=f"what is known of a car, p99, {PHOTOS} cases",
            unit="ms",
            product=median(product.load.p99_milliseconds for _, product in strip),
            at_most=STRIP_MS,
        ),
        # Whatever else the machine does makes both slower.
        of_rounds(
            "the same, p99 beside the bare app's",
            "ms",
            [(bare.load.p99_milliseconds, product.load.p99_milliseconds) for bare, product in strip],
        ),
        of_rounds(
            "the same, CPU",
            "ms",
            [(bare.cpu_milliseconds, product.cpu_milliseconds) for bare, product in strip],
        ),
        Figure(name="finding what looks like a photo, median", unit="ms", product=median(found)),
        Figure(name="the same, p99", unit="ms", product=quantiles(found, n=100)[-1]),
    ]


async def _strips(stage: Stage, ids: Sequence[str]) -> list[tuple[Sample, Sample]]:
    token = stage.expert().headers["Authorization"]
    known = [
        asking(request("GET", f"/api/v1/cases/{one}/known", headers={"Authorization": token}), expect=200)
        for one in ids
    ]
    bare: Sequence[Job] = [asking(request("GET", "/queue?limit=10"), expect=200)] * len(ids)
    return await in_turns(stage, bare=lambda _: bare, product=lambda _: known, api="bpa-api", connections=4)


async def _finding() -> list[float]:
    """How long it takes for photos of which none was seen before, in milliseconds."""
    chance, nobody = Random(1), uuid4()
    times: list[float] = []
    async with open_backbone(read_environment()) as backbone, backbone.database.reading() as session:
        for _ in range(ASKED):
            parts = [_part(chance) for _ in range(PARTS)]
            begun = time.perf_counter()
            await comparing.nearest(session, nobody, parts)
            times.append((time.perf_counter() - begun) * 1000)
    return times


def _part(chance: Random) -> int:
    return sum((chance.random() < _BIT) << bit for bit in range(16))
