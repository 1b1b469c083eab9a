"""A report from its facts to a signed PDF: in words, set in type, signed, as the worker makes it. Goal: at most
600 ms for nineteen of twenty, with 12 photos. Beside it how large it gets, what its process takes, and how long
100 take that come at once: the worker makes one after the other.
"""

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import psutil
from PIL import Image

from bench.harness import Figure
from cabinet_service.reports.pdf.laying_out import Form, Paper
from cabinet_service.reports.pdf.typesetting import Typesetter
from cabinet_service.reports.signing.keys import SigningKey, open_key
from cabinet_service.reports.signing.making import make_key
from cabinet_service.reports.signing.signing import sign
from shared_schemas.report.content import Report
from shared_schemas.report.presenting import present
from tests.factories import reports

PHOTOS: Final = 12
MADE: Final = 100
P95_MS: Final = 600
USUAL_KB: Final = 600
_ZONE: Final = ZoneInfo("Europe/Moscow")
_CODE: Final = "0123456789ABCDEFGHJK"


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        return asyncio.run(_made(Path(name)))


async def _made(folder: Path) -> list[Figure]:
    make_key(folder / "key.pem", "Autodetective", now=datetime.now(UTC))
    key = open_key(str(folder / "key.pem"), "", now=datetime.now(UTC))
    report = reports.one_finding().model_copy(update={"photos": reports.photos(PHOTOS)})
    previews = {photo.evidence_id: _preview(folder, number) for number, photo in enumerate(report.photos)}
    typesetter, size = Typesetter(), 0
    try:
        await _make(
            report, previews, typesetter, key, folder / "first.pdf"
        )  # its process starts with the first
        began = time.monotonic()
        times: list[float] = []
        for _ in range(MADE):
            started = time.perf_counter()
            size = await _make(report, previews, typesetter, key, folder / "report.pdf")
            times.append((time.perf_counter() - started) * 1000)
        lasted = time.monotonic() - began
        taken = max(child.memory_info().rss for child in psutil.Process().children())
    finally:
        await typesetter.close()
    return [
        Figure(
            name=f"a report with {PHOTOS} photos as a signed PDF, median", unit="ms", product=median(times)
        ),
        Figure(name="the same, p95", unit="ms", product=quantiles(times, n=20)[-1], at_most=P95_MS),
        Figure(name=f"{MADE} of them", unit="s", product=lasted),
        Figure(name="its size", unit="KB", product=size / 1024, at_most=USUAL_KB),
        Figure(name="memory of the process that sets it", unit="MB", product=taken / 1e6),
    ]


async def _make(
    report: Report, previews: dict[UUID, Path], typesetter: Typesetter, key: SigningKey, target: Path
) -> int:
    told = present(report, language="ru", zone=_ZONE)
    paper = Paper(
        form=Form.FULL, code=_CODE, check_at=f"https://cars.example/verify/{_CODE}", development=False
    )
    await typesetter.typeset(told, previews, paper, target=target)
    signed = await asyncio.to_thread(sign, target, key, code=_CODE, now=datetime.now(UTC), tsa_url="")
    return len(signed)


def _preview(folder: Path, number: int) -> Path:
    path = folder / f"{number}.jpg"
    # Weak noise over a gradient: about what a preview of a car has.
    gradient = Image.linear_gradient("L").resize((1600, 1200))
    Image.blend(gradient, Image.effect_noise((1600, 1200), 40), 0.2).convert("RGB").save(path, quality=82)
    return path
