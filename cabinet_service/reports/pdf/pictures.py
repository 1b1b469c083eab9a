"""Pictures of a report, made of previews: the part that is meant, marked, at a size that prints well."""

from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image, ImageDraw
from PIL.JpegImagePlugin import JpegImageFile

from service_kit.pictures import as_jpeg, fitted
from shared_schemas.evidence import Region

# At half the width of a page, and at a third of it, some 200 dots an inch.
LARGE_EDGE: Final = 700
SMALL_EDGE: Final = 440
# All pictures of a usual report, and what a small one is given at least and at most; a large one has twice that.
_TOGETHER: Final = 420_000
_LEAST: Final = 12_000
_MOST: Final = 40_000
# How large a picture of a car becomes at each quality, of what it is at the first. Below the last it is blurred.
_FIRST: Final = 75
_SIZES: Final = {85: 1.4, 80: 1.17, _FIRST: 1.0, 65: 0.81, 55: 0.69, 45: 0.59, 38: 0.52}
# So much of what is around a place is shown on each side, as a share of it, and so many pixels at least in all.
_AROUND: Final = 0.5
_FEWEST: Final = 320
_WHOLE: Final = 0.95


class Encoded(NamedTuple):
    """A picture in a JPEG that holds nothing but pixels."""

    data: bytes
    width: int
    height: int


def share_of(small: int, large: int) -> int:
    """How many bytes a small one of so many pictures may take; a large one may take twice as many."""
    return min(_MOST, max(_LEAST, _TOGETHER // max(small + 2 * large, 1)))


def printable(preview: Path, region: Region | None, *, edge: int, most: int) -> Encoded:
    """The picture, or what is around the region in it, with the region marked; in about `most` bytes."""
    with JpegImageFile(preview) as opened:
        if region is None:
            opened.draft("RGB", (edge, edge))
        image = opened.convert("RGB")
    image.info.clear()
    picture = _resized(image, edge) if region is None else _marked(image, region, edge)
    return Encoded(_encoded(picture, most), picture.width, picture.height)


def _marked(image: Image.Image, region: Region, edge: int) -> Image.Image:
    width, height = image.size
    left, top = region.x * width, region.y * height
    right, bottom = left + region.width * width, top + region.height * height
    if region.width > _WHOLE and region.height > _WHOLE:
        return _resized(image, edge)
    box = (
        *_around(left, right, width),
        *_around(top, bottom, height),
    )
    part = image.crop((box[0], box[2], box[1], box[3]))
    shown = _resized(part, edge)
    scale = shown.width / part.width
    corners = [
        (left - box[0]) * scale,
        (top - box[2]) * scale,
        (right - box[0]) * scale,
        (bottom - box[2]) * scale,
    ]
    draw = ImageDraw.Draw(shown)
    # White around red is seen on every paint, and in grey.
    draw.rectangle([corners[0] - 3, corners[1] - 3, corners[2] + 3, corners[3] + 3], outline="white", width=2)
    draw.rectangle(
        [corners[0] - 1, corners[1] - 1, corners[2] + 1, corners[3] + 1], outline="#b3261e", width=3
    )
    return shown


def _around(first: float, last: float, whole: int) -> tuple[int, int]:
    """From where to where is shown of a side that is so long."""
    length = last - first
    shown = min(whole, max(length * (1 + 2 * _AROUND), _FEWEST))
    begin = min(max(0.0, first - (shown - length) / 2), whole - shown)
    return int(begin), min(whole, int(begin + shown) + 1)


def _resized(image: Image.Image, edge: int) -> Image.Image:
    size = fitted(*image.size, edge)
    if size == image.size:
        return image
    return image.resize(size, Image.Resampling.HAMMING)  # pyright: ignore[reportUnknownMemberType] - mentions numpy


def _encoded(picture: Image.Image, most: int) -> bytes:
    first = as_jpeg(picture, quality=_FIRST)
    fitting = (quality for quality, size in _SIZES.items() if len(first) * size <= most)
    quality = next(fitting, min(_SIZES))
    return first if quality == _FIRST else as_jpeg(picture, quality=quality)
