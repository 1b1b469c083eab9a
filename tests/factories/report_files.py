"""Reports as files: previews for their photos, and what poppler reads in them."""

import subprocess
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from shutil import which
from typing import Final
from uuid import UUID

import pytest
from PIL import Image

from cabinet_service.reports.pdf.laying_out import Form, Paper
from shared_schemas.report.content import Report, ReportLanguage
from shared_schemas.report.presented import Presented, Short
from shared_schemas.report.presenting import present, short
from tests.factories.reports import MOSCOW

CODE: Final = "7K3MWX2A9Q5TB8YDZ4HN"
needs_poppler: Final = pytest.mark.skipif(which("pdftotext") is None, reason="apt install poppler-utils")


def paper(form: Form = Form.FULL, *, development: bool = False) -> Paper:
    return Paper(
        form=form, code=CODE, check_at=f"https://auto.example/verify/{CODE}", development=development
    )


def presented(report: Report, language: ReportLanguage = "ru") -> Presented:
    return present(report, language=language, zone=MOSCOW)


def shortened(report: Report, language: ReportLanguage = "ru") -> Short:
    return short(report, language=language, zone=MOSCOW)


def a_preview(seed: int = 0, size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A picture that compresses about as badly as one of a car, with what a camera writes beside it."""
    grain = Image.effect_noise((size[0] // 8, size[1] // 8), 60).convert("L")
    picture = Image.merge("RGB", [grain, grain, grain.point([(one + seed) % 256 for one in range(256)])])
    written = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    resized = picture.resize(size, Image.Resampling.BICUBIC)  # pyright: ignore[reportUnknownMemberType] - numpy
    resized.save(written, "JPEG", quality=82, exif=exif)
    return written.getvalue()


def previews(report: Report, folder: Path) -> Mapping[UUID, Path]:
    """A file for each photo of the report."""
    made: dict[UUID, Path] = {}
    data = [a_preview(seed) for seed in range(3)]
    for number, photo in enumerate(report.photos):
        path = folder / f"{photo.evidence_id}.jpeg"
        path.write_bytes(data[number % len(data)])
        made[photo.evidence_id] = path
    return made


def text_of(pdf: bytes) -> str:
    """What poppler reads, page by page with form feeds between, in the order of reading."""
    return _poppler(["pdftotext", "-", "-"], pdf)


def fonts_of(pdf: bytes) -> list[list[str]]:
    """The table of fonts: of each its columns."""
    return [line.split() for line in _poppler(["pdffonts", "-"], pdf).splitlines()[2:]]


def facts_of(pdf: bytes) -> dict[str, str]:
    """What poppler says of the file."""
    lines = _poppler(["pdfinfo", "-"], pdf).splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _poppler(command: list[str], pdf: bytes) -> str:
    done = subprocess.run(command, input=pdf, capture_output=True, check=True)
    return done.stdout.decode()
