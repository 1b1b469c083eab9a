"""Numbers read from photos of the size that phones send: how many exactly, and how long it takes.

Rendered plates and stampings, each harder than the last, and real photos from beside the checkout, if there are
any. A read is exact if the number is the first candidate: the one that is offered with a single tap. Of the real
plates the rules were found on one half, by a hash of the name; the goals are about the other.
"""

import asyncio
import csv
import hashlib
import io
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import psutil
from PIL import Image, ImageFilter

from bench.harness import Figure
from cabinet_service.readings.domain import candidates
from cabinet_service.readings.errors import ReaderBusy
from cabinet_service.readings.reader import PhotoReader
from deploy.demo import photos
from shared_schemas import vin

NUMBERS: Final = 12
SIZE: Final = (1600, 1200)
GOAL: Final = 0.9
FOLDER: Final = Path(__file__).resolve().parents[1].parent / "shared" / "photos"
PREFIX: Final = "vin-stamped-"
MIB: Final = 1024 * 1024
# The plates have 256 pixels a side.
ENLARGED: Final = 4
WRONG: Final = 0.05
EXACT: Final = 0.75

Drawing = Callable[[str], bytes]


def _worse(draw: Drawing, act: Callable[[Image.Image], Image.Image]) -> Drawing:
    def drawn(number: str) -> bytes:
        return photos.as_phone_jpeg(act(Image.open(io.BytesIO(draw(number)))), quality=82)

    return drawn


def _plate(number: str) -> bytes:
    return photos.vin_plate(number, size=SIZE)


def _stamped(number: str) -> bytes:
    return photos.stamped_number(number, size=SIZE)


def _from_afar(image: Image.Image) -> Image.Image:
    far = Image.new("RGB", image.size, (96, 100, 104))
    small = image.reduce(3)
    far.paste(small, ((far.width - small.width) // 2, (far.height - small.height) // 2))
    return far


def _tilted(image: Image.Image) -> Image.Image:
    return image.rotate(12, Image.Resampling.BICUBIC, fillcolor=(96, 100, 104))


def _soft(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(4))


# From what any reader reads to what hardly a person does.
LEVELS: Final[dict[str, Drawing]] = {
    "a maker's plate": _plate,
    "a plate, held 12 degrees askew": _worse(_plate, _tilted),
    "a plate, from three times as far": _worse(_plate, _from_afar),
    "a plate, out of focus": _worse(_plate, _soft),
    "a stamped number": _stamped,
    "a stamped number, askew": _worse(_stamped, _tilted),
    "a stamped number, from three times as far": _worse(_stamped, _from_afar),
    "a stamped number in the dark": lambda number: photos.dark(number, size=SIZE),
    "a stamped number, smeared": lambda number: photos.blurred(number, size=SIZE),
}
# What a person would say yes to at a glance; the rest shows where it ends.
DEMANDED: Final = frozenset(list(LEVELS)[:2])


def run() -> list[Figure]:
    return asyncio.run(_run())


async def _run() -> list[Figure]:
    dice = Random(17)  # the same numbers in every run
    numbers = [_number(dice) for _ in range(NUMBERS)]
    reader = PhotoReader(patience=60)
    try:
        _, first = await _read(reader, _plate(numbers[0]))
        figures = [Figure(name="first number, with the start of the reader", unit="s", product=first)]
        for name, draw in LEVELS.items():
            goal = GOAL if name in DEMANDED else None
            figures += await _figures(reader, name, [(one, draw(one)) for one in numbers], at_least=goal)
        if real := list(_real_photos()):
            figures += await _figures(reader, f"{len(real)} real stamped number(s)", real)
        for half in (True, False):
            if plates := [one for one in _real_plates() if one.tune is half]:
                figures += await _offers(reader, "real plates, tuned on" if half else "real plates", plates)
        if yard := sorted(FOLDER.glob("yard-*.jpg")):
            offers = [(await _read(reader, path.read_bytes()))[0] for path in yard]
            figures.append(
                Figure(
                    name=f"{len(yard)} photos of whole cars: something offered",
                    unit="of 1",
                    product=sum(map(bool, offers)) / len(yard),
                    at_most=0,
                )
            )
        await _read(reader, _plate(numbers[0]))
        pss = psutil.Process(reader.process.pid).memory_full_info().pss / MIB
        return [*figures, Figure(name="memory of the reader", unit="MiB", product=pss)]
    finally:
        await reader.close()


# None of them computes a check digit, so that any number will do.
MAKERS: Final = ("Z94", "XWE", "XTA", "SAL", "WVW", "VF1")


def _number(dice: Random) -> str:
    letters = sorted(vin.ALPHABET)
    body = "".join(dice.choice(letters) for _ in range(vin.LENGTH - 9))
    return dice.choice(MAKERS) + body + "".join(dice.choice("0123456789") for _ in range(6))


@dataclass(frozen=True, slots=True)
class Plate:
    """A real photo and what can be read on it by eye: nothing, if `number` is empty."""

    number: str
    photo: bytes
    tune: bool


def _real_plates() -> Iterable[Plate]:
    folder = FOLDER / "plates"
    if not folder.exists():
        return
    with (folder / "truth.csv").open() as file:
        for row in csv.DictReader(file):
            with Image.open(folder / row["file"]) as opened:
                large = opened.convert("RGB").resize((opened.width * ENLARGED, opened.height * ENLARGED))
            tune = hashlib.sha256(row["file"].encode()).digest()[0] % 2 == 1
            yield Plate(row["vin"], photos.as_phone_jpeg(large, quality=92), tune)


async def _offers(reader: PhotoReader, name: str, plates: list[Plate]) -> list[Figure]:
    firsts = [(plate.number, (await _read(reader, plate.photo))[0][:1]) for plate in plates]
    offered = [(number, found) for number, found in firsts if found]
    legible = [(number, found) for number, found in firsts if number]
    wrong = sum(found != [number] for number, found in offered)
    exact = sum(found == [number] for number, found in legible)
    return [
        Figure(
            name=f"{name} ({len(offered)} offers): wrong or made up",
            unit="of 1",
            product=wrong / max(1, len(offered)),
            at_most=WRONG,
        ),
        Figure(
            name=f"{name} ({len(legible)} legible): read exactly",
            unit="of 1",
            product=exact / max(1, len(legible)),
            at_least=EXACT,
        ),
    ]


def _real_photos() -> Iterable[tuple[str, bytes]]:
    """Number and photo, of each."""
    for path in sorted(FOLDER.glob(f"{PREFIX}*.jpg")):
        yield path.stem.removeprefix(PREFIX), path.read_bytes()


async def _figures(
    reader: PhotoReader, name: str, drawn: list[tuple[str, bytes]], *, at_least: float | None = None
) -> list[Figure]:
    reads = [(number, *await _read(reader, photo)) for number, photo in drawn]
    exact = sum(found[:1] == [number] for number, found, _ in reads) / len(reads)
    offered = sum(number in found for number, found, _ in reads) / len(reads)
    seconds = statistics.median(taken for *_, taken in reads)
    return [
        Figure(name=f"{name}: read exactly", unit="of 1", product=exact, at_least=at_least),
        Figure(name=f"{name}: among the candidates", unit="of 1", product=offered),
        Figure(name=f"{name}: time", unit="s", product=seconds),
    ]


async def _read(reader: PhotoReader, photo: bytes) -> tuple[list[str], float]:
    started = time.perf_counter()
    try:
        seen = await reader.read(io.BytesIO(photo))
    except ReaderBusy:  # it took too long
        seen = []
    found = [one.reading.value for one in candidates(seen)]
    return found, time.perf_counter() - started
