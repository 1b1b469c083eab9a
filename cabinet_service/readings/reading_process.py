"""The process that looks at photos: for bars and dots with zxing-cpp, for characters with RapidOCR."""

from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import zxingcpp
from PIL import Image
from rapidocr import RapidOCR

from cabinet_service.photos.preview import upright
from cabinet_service.photos.refusal import PhotoRefused
from cabinet_service.readings.domain import Seen, Source, candidates
from cabinet_service.readings.layout import Box
from service_kit.side_process import answer_questions
from shared_schemas.words import IdentifierKind

# What it has mapped after a page of text is 0.9 GiB, of which it uses 390 MiB; the largest photos that
# photos/limits.py allows need 350 MiB more for a moment.
MEMORY_LIMIT: Final = 2 * 1024**3
# Starting takes two seconds, which whoever reads a second number should not wait for again.
IDLE_SECONDS: Final = 120.0
# Requests are answered by the same machine, and come first; much more than this, and nobody waits for an answer.
NICENESS: Final = 3

_OCR: Final = {
    "Det.limit_type": "max",
    "Det.limit_side_len": 736,
    "Global.use_cls": False,
    "Global.log_level": "critical",
    # A second thread makes nothing faster here, and doubles the time of processors.
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}
# What stickers of makers and papers of cars carry.
_FORMATS: Final = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.Code39,
        zxingcpp.BarcodeFormat.Code128,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.PDF417,
    ]
)


def look_at(photo: Path) -> list[Seen]:
    """Texts and barcodes of the photo. Characters are not looked for where bars tell a VIN: they say the same."""
    picture = upright(photo)
    barcodes = list(_barcodes(picture))
    told = candidates(barcodes)
    if any(one.reading.kind is IdentifierKind.VIN and one.reading.ok for one in told):
        return barcodes
    return [*barcodes, *_lines(picture)]


def _barcodes(picture: Image.Image) -> Iterable[Seen]:
    for found in zxingcpp.read_barcodes(picture.convert("L"), formats=_FORMATS):
        place = found.position
        corners = [
            (one.x, one.y) for one in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        ]
        yield Seen(found.text, 1.0, _box(corners, picture), Source.BARCODE)


def _lines(picture: Image.Image) -> Iterable[Seen]:
    result: Any = _engine()(np.asarray(picture)[:, :, ::-1])
    if result.boxes is None:
        return
    for text, confidence, corners in zip(result.txts, result.scores, result.boxes, strict=True):
        yield Seen(text, float(confidence), _box(corners.tolist(), picture))


@cache
def _engine() -> Any:
    cv2.setNumThreads(1)
    return RapidOCR(params=_OCR)


def _box(corners: Iterable[tuple[float, float]], picture: Image.Image) -> Box:
    """The upright rectangle around the corners, as far as it lies on the picture."""
    xs, ys = zip(*corners, strict=True)
    left, right = (min(max(x / picture.width, 0), 1) for x in (min(xs), max(xs)))
    top, bottom = (min(max(y / picture.height, 0), 1) for y in (min(ys), max(ys)))
    return Box(left, top, right - left, bottom - top)


def _answer(question: str) -> dict[str, Any]:
    try:
        return {"seen": [asdict(one) for one in look_at(Path(question))]}
    except PhotoRefused as refusal:
        return {"refused": refusal.code, "params": refusal.params}
    except MemoryError:
        return {"refused": "photo_undecodable", "params": {}}


if __name__ == "__main__":
    answer_questions(_answer, memory=MEMORY_LIMIT, idle_seconds=IDLE_SECONDS, niceness=NICENESS)
