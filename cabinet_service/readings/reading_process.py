"""The process that looks at photos: for bars and dots with zxing-cpp, for characters with RapidOCR."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import zxingcpp
from PIL import Image
from rapidocr import RapidOCR

from cabinet_service.photos.preview import upright
from cabinet_service.photos.refusal import UNDECODABLE
from cabinet_service.readings.closer import MORE_STRIPS, Line, closer, is_whole, strips, worth_it
from cabinet_service.readings.domain import Seen, Source, candidates
from cabinet_service.readings.layout import Box
from service_kit.decoding import decode_questions
from shared_schemas.words import IdentifierKind

# What it has mapped after a page of text is 0.9 GiB, of which it uses 390 MiB; the largest photos that
# photos/limits.py allows need 350 MiB more for a moment.
MEMORY_LIMIT: Final = 2 * 1024**3
# Starting takes two seconds, which whoever reads a second number should not wait for again.
IDLE_SECONDS: Final = 120.0
# Requests are answered by the same machine, and come first; much more than this, and nobody waits for an answer.
NICENESS: Final = 3
# The line that looks most like a number, and the next: each takes a third of what the whole picture does.
CLOSER_LOOKS: Final = 2

_OCR: Final = {
    "Det.limit_type": "max",
    "Det.limit_side_len": 736,
    "Global.use_cls": False,
    "Global.return_word_box": True,  # how sure it is of each character
    "Global.return_single_char_box": True,
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
    """Texts and barcodes of the photo. Characters are not looked for where bars tell a VIN: they say the same.

    Where texts tell no number the picture is looked at upside down as well: whoever bends over a sill holds the
    phone as they can.
    """
    picture = upright(photo)
    barcodes = list(_barcodes(picture))
    told = candidates(barcodes)
    if any(one.reading.kind is IdentifierKind.VIN and one.reading.ok for one in told):
        return barcodes
    lines = list(_lines(picture))
    if lines and not candidates(lines):
        turned = list(_lines(picture.transpose(Image.Transpose.ROTATE_180)))
        if candidates(turned):
            lines = [replace(one, box=one.box.upside_down(), upside_down=True) for one in turned]
    return [*barcodes, *lines]


def _barcodes(picture: Image.Image) -> Iterable[Seen]:
    for found in zxingcpp.read_barcodes(picture.convert("L"), formats=_FORMATS):
        place = found.position
        corners = [
            (one.x, one.y) for one in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
        ]
        yield Seen(found.text, 1.0, _box(corners, picture), Source.BARCODE)


def _lines(picture: Image.Image) -> Iterable[Seen]:
    pixels: Any = np.asarray(picture)[:, :, ::-1]
    whole = list(_read(pixels))
    for line in whole:
        yield _seen(line, picture, look=0)
    for line in worth_it(whole, CLOSER_LOOKS):
        found = line
        if not is_whole(line):
            nearer = list(_nearer(pixels, line))
            for again in nearer:
                yield _seen(again, picture, look=1)
            found = max((line, *worth_it(nearer, 1)), key=lambda one: len(one.text))
        for look, again in enumerate(_spelt(pixels, found), 2):
            yield _seen(again, picture, look=look)


def _nearer(pixels: Any, line: Line) -> Iterable[Line]:
    """What stands there, seen from nearer: a piece of the line may have been missed."""
    place = closer(pixels, line)
    for again in _read(place.pixels):
        if place.is_in_the_middle(again):
            yield place.on_the_picture(again)


def _spelt(pixels: Any, line: Line) -> list[Line]:
    """What the line alone says: looked at more often where it is not the same each time."""
    found = [_text(strip, line) for strip in strips(pixels, line)]
    if len({one.text for one in found}) > 1:
        found += [_text(strip, line) for strip in strips(pixels, line, MORE_STRIPS)]
    return found


def _text(strip: Any, line: Line) -> Line:
    result: Any = _engine()(strip, use_det=False, use_cls=False)
    scores = tuple(float(score) for score in result.word_results[0].confs)
    return Line(result.txts[0], float(result.scores[0]), scores, line.corners)


def _read(pixels: Any) -> Iterable[Line]:
    result: Any = _engine()(pixels, use_det=True, use_cls=False)  # whatever the last call asked for
    if result.boxes is None:
        return
    for text, confidence, characters, corners in zip(
        result.txts, result.scores, result.word_results, result.boxes, strict=True
    ):
        scores = tuple(float(score) for _, score, _ in characters)
        yield Line(text, float(confidence), scores, tuple((float(x), float(y)) for x, y in corners.tolist()))


def _seen(line: Line, picture: Image.Image, *, look: int) -> Seen:
    box = _box(line.corners, picture)
    return Seen(line.text, line.confidence, box, scores=line.scores, look=look)


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


def _work(question: str) -> list[dict[str, Any]]:
    return [asdict(one) for one in look_at(Path(question))]


if __name__ == "__main__":
    decode_questions(
        _work,
        undecodable=UNDECODABLE,
        memory=MEMORY_LIMIT,
        idle_seconds=IDLE_SECONDS,
        niceness=NICENESS,
    )
