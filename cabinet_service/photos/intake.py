"""The examination of a file before it is accepted as a photo: by its structure, without decoding a pixel."""

import mmap
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from cabinet_service.photos.containers import FileBytes, Structure, read_jpeg, read_png, read_webp
from cabinet_service.photos.exif import ExifFacts, read_exif
from cabinet_service.photos.heif import HEVC_BRANDS, brands, read_heif
from cabinet_service.photos.limits import MAX_EDGE, MAX_FILE_BYTES, MIN_EDGE
from cabinet_service.photos.refusal import PhotoRefused
from shared_schemas.words import CapturedAtSource


class MediaType(StrEnum):
    """What is taken, and nothing else."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What a file says of itself. `width` and `height` are of the stored pixels, before `orientation`, or of the
    part of them that a HEIC wants seen.

    `orientation` is an EXIF code, 1 to 8. `captured_at` is the file's own word, and `captured_at_source` how
    much that is worth. `has_location` is about the original only: nothing derived from it carries one.
    `most_pixels` is what a decoder has to be held to. `size` is in bytes. `pixels_end` is where the compressed
    pixels of a JPEG end, if it can be told whether they are all there; `lacks_end_at` is the same where no end
    marker stands.
    """

    media_type: MediaType
    width: int
    height: int
    orientation: int
    captured_at: datetime | None
    captured_at_source: CapturedAtSource
    has_location: bool
    size: int
    most_pixels: int
    pixels_end: int | None = None
    lacks_end_at: int | None = None


def examine(path: Path) -> PhotoFacts:
    """Examine the file at `path`, or raise PhotoRefused. An unreadable file is the caller's OSError."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if not size:
            raise PhotoRefused("photo_empty")
        if size > MAX_FILE_BYTES:
            raise PhotoRefused("photo_too_large", size=size, most=MAX_FILE_BYTES)
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _examine(data)


def _examine(data: FileBytes) -> PhotoFacts:
    media_type, read = _type_of(data)
    photo = read(data)
    _refuse_polyglots(data, photo)
    size = {"width": photo.width, "height": photo.height}
    if min(photo.width, photo.height) < MIN_EDGE:
        raise PhotoRefused("photo_too_small", **size, least=MIN_EDGE)
    if photo.width * photo.height > photo.most_pixels or max(photo.width, photo.height) > MAX_EDGE:
        raise PhotoRefused("photo_too_many_pixels", **size, most_pixels=photo.most_pixels, most_edge=MAX_EDGE)
    exif = read_exif(photo.exif)
    shown = photo.shown or (photo.width, photo.height)
    return PhotoFacts(
        media_type=media_type,
        width=shown[0],
        height=shown[1],
        orientation=photo.turned or exif.orientation,
        captured_at=exif.captured_at,
        captured_at_source=_source_of(exif),
        has_location=exif.has_location or _holds(data, photo, _XMP_LOCATION),
        size=len(data),
        most_pixels=photo.most_pixels,
        pixels_end=None if photo.is_arithmetic else photo.pixels.stop,
        lacks_end_at=photo.end if photo.lacks_end else None,
    )


def _source_of(exif: ExifFacts) -> CapturedAtSource:
    if exif.captured_at is None:
        return CapturedAtSource.UNKNOWN
    return CapturedAtSource.EXIF if exif.zone_is_known else CapturedAtSource.EXIF_LOCAL


def _type_of(data: FileBytes) -> tuple[MediaType, Callable[[FileBytes], Structure]]:
    if data[:3] == b"\xff\xd8\xff":
        return MediaType.JPEG, read_jpeg
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return MediaType.PNG, read_png
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return MediaType.WEBP, read_webp
    if brands(data) & HEVC_BRANDS:
        return MediaType.HEIC, read_heif
    raise PhotoRefused("photo_type_unknown")


# A photo that is something else as well is refused, because some other program would take it for that.
# Phones put much behind a picture (a second JPEG for depth or HDR, the video of a motion photo, notes of
# their own), so what lies there is searched for what does harm, and otherwise let be. Every pattern is long
# enough not to occur by chance in the megabytes of a video.
_PDF_HEADER_WITHIN: Final = 1024
_MARKUP: Final = re.compile(
    rb"<(?:html[\s>]|script[\s>/]|iframe[\s>]|!doctype\s+html|\?php\s)", re.IGNORECASE
)
_SIGNATURES: Final = {
    "archive": (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"__HALT_COMPILER()"),
    "executable": (
        b"\x7fELF\x02\x01\x01",
        b"\x7fELF\x01\x01\x01",
        b"This program cannot be run in DOS mode",
        b"This program must be run under Win",
    ),
}
_SECOND_FILE: Final = re.compile(rb"\0*+(?:MZ|\x7fELF|#!\s*/|PK\x03\x04|%PDF-)")
_XMP_LOCATION: Final = b"exif:GPSLatitude"


def _refuse_polyglots(data: FileBytes, photo: Structure) -> None:
    if data.find(b"%PDF-", 0, _PDF_HEADER_WITHIN) >= 0:
        raise PhotoRefused("photo_polyglot", found="pdf")
    if _has_zip_directory(data):
        raise PhotoRefused("photo_polyglot", found="zip")
    if _SECOND_FILE.match(data, photo.end):
        raise PhotoRefused("photo_polyglot", found="appended_file")
    if _MARKUP.search(data, 0, photo.pixels.start) or _MARKUP.search(data, photo.pixels.stop):
        raise PhotoRefused("photo_polyglot", found="markup")
    for name, signatures in _SIGNATURES.items():
        if any(_holds(data, photo, signature) for signature in signatures):
            raise PhotoRefused("photo_polyglot", found=name)


def _holds(data: FileBytes, photo: Structure, words: bytes) -> bool:
    """Whether `words` stand anywhere but in the compressed pixels."""
    return data.find(words, 0, photo.pixels.start) >= 0 or data.find(words, photo.pixels.stop) >= 0


_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_SIZE: Final = 22
_ZIP_LONGEST_COMMENT: Final = 0xFFFF


def _has_zip_directory(data: FileBytes) -> bool:
    """Whether a ZIP reader, which looks for the end of the directory from the end of a file, finds one."""
    earliest = max(0, len(data) - _ZIP_END_SIZE - _ZIP_LONGEST_COMMENT)
    at = data.rfind(_ZIP_END, earliest)
    while at >= 0:
        entries, directory_size = data[at + 10 : at + 12], int.from_bytes(data[at + 12 : at + 16], "little")
        start = at - directory_size
        if entries == b"\xff\xff" or (start >= 0 and data[start : start + 4] == b"PK\x01\x02"):
            return True
        at = data.rfind(_ZIP_END, earliest, at)
    return False
