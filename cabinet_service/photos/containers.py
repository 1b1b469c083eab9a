"""The structure of JPEG, PNG and WebP files, read from their headers without decoding a pixel.

A reader gets the whole file (mapped, not loaded) and answers with its `Structure` or raises PhotoRefused.
"""

import re
import struct
from dataclasses import dataclass
from mmap import mmap
from typing import Final

from cabinet_service.photos.limits import (
    MAX_EXIF_BYTES,
    MAX_JPEG_PIXELS,
    MAX_JPEG_SCANS,
    MAX_PARTS,
    MAX_PNG_PIXELS,
    MAX_PROGRESSIVE_SAMPLES,
    MAX_WEBP_PIXELS,
)
from cabinet_service.photos.refusal import PhotoRefused

FileBytes = bytes | mmap


@dataclass(frozen=True, slots=True)
class Structure:
    """Where things are in a file.

    `width` and `height` are of the stored pixels, `most_pixels` is what this kind of coding may have. The
    compressed pixels lie within `pixels`; before and after them is metadata, and behind `end` whatever was
    put behind the picture. `turned` is the orientation that the container itself demands (HEIF), as an EXIF
    code, and `shown` the size of the part that it wants seen. `lacks_end` says that a JPEG has no end marker
    before what stands behind it, `is_arithmetic` that it has another coding than all phones write.
    """

    width: int
    height: int
    most_pixels: int
    pixels: slice
    end: int
    exif: bytes = b""
    turned: int | None = None
    shown: tuple[int, int] | None = None
    lacks_end: bool = False
    is_arithmetic: bool = False


# Any marker but stuffing (00), fill (FF) and restarts (D0-D7), which belong to the pixels.
_JPEG_MARKER: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_SOI, _EOI, _SOS, _APP1 = 0xD8, 0xD9, 0xDA, 0xE1
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE: Final = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_ARITHMETIC: Final = 0xC9
_STANDALONE: Final = frozenset(range(0x01, 0xC0)) | {_SOI}
_EXIF_PREFIX: Final = b"Exif\0\0"


def read_jpeg(data: FileBytes) -> Structure:
    """The first picture of a JPEG file. It ends with its EOI marker; phones put more behind it.

    Samsung's panoramas have no EOI: they end where the trailer begins that the end of the file tells of. What
    stands in there, a video, is never searched for markers.
    """
    behind = _samsungs_trailer(data)
    lacks_end, is_arithmetic = False, False
    position, scans, pixels_start, buffered = 2, 0, 0, False
    frame, exif = b"", b""
    for _ in range(MAX_PARTS):
        found = _JPEG_MARKER.search(data, position, behind)
        if not found and scans and behind < len(data):
            position, lacks_end = behind, True
            break
        if not found:
            raise PhotoRefused("photo_truncated")
        marker, position = data[found.end() - 1], found.end()
        if marker == _EOI:
            break
        if marker in _STANDALONE:
            continue
        body, position = position + 2, _segment_end(data, position)
        if marker in _FRAMES and not frame:
            frame = data[body : body + 6]
            buffered = marker in _PROGRESSIVE
            is_arithmetic = marker >= _ARITHMETIC
        elif marker == _APP1 and not exif and data[body : body + 6] == _EXIF_PREFIX:
            exif = data[body + 6 : position]
        elif marker == _SOS:
            scans += 1
            pixels_start = pixels_start or body
            # A scan of fewer components than the frame has is not the only one: all wait for the last.
            buffered = buffered or data[body : body + 1] != frame[5:6]
    else:
        raise PhotoRefused("photo_undecodable")
    if len(frame) < 6 or not frame[5] or not 0 < scans <= MAX_JPEG_SCANS:  # noqa: PLR2004 - as cut above
        raise PhotoRefused("photo_undecodable")
    _precision, height, width, components = struct.unpack(">BHHB", frame)
    most_pixels = min(MAX_PROGRESSIVE_SAMPLES // components, MAX_JPEG_PIXELS) if buffered else MAX_JPEG_PIXELS
    return Structure(
        width,
        height,
        most_pixels,
        slice(pixels_start, position),
        position,
        exif=exif,
        lacks_end=lacks_end,
        is_arithmetic=is_arithmetic,
    )


_TRAILER_END: Final = b"SEFT"
_TRAILER_INDEX: Final = b"SEFH"
_TRAILER_ENTRY: Final = 12


def _samsungs_trailer(data: FileBytes) -> int:
    """Where the trailer begins that phones of Samsung put behind a picture; the end of the file without one.

    Its last eight bytes are the size of its index and `SEFT`. The index says of each part how far before the
    index it begins.
    """
    size = len(data)
    index = size - 8 - int.from_bytes(data[size - 8 : size - 4], "little")
    if (
        data[size - 4 : size] != _TRAILER_END
        or not 0 < index < size
        or data[index : index + 4] != _TRAILER_INDEX
    ):
        return size
    parts = int.from_bytes(data[index + 8 : index + 12], "little")
    if parts > (size - index) // _TRAILER_ENTRY:
        return size
    before = [_number(data, index + 12 + part * _TRAILER_ENTRY + 4, "<I") for part in range(parts)]
    return index - max(before, default=0) if max(before, default=0) < index else size


def _segment_end(data: FileBytes, start: int) -> int:
    length = _number(data, start, ">H")
    if length < 2:  # noqa: PLR2004 - the length counts itself
        raise PhotoRefused("photo_undecodable")
    if start + length > len(data):
        raise PhotoRefused("photo_truncated")
    return start + length


def read_png(data: FileBytes) -> Structure:
    """A PNG file, from its signature to its IEND chunk."""
    position, pixels_start, pixels_end, end = 8, 0, 0, 0
    header, exif = b"", b""
    for _ in range(MAX_PARTS):
        length, kind = _number(data, position, ">I"), data[position + 4 : position + 8]
        body, end = position + 8, position + 12 + length
        if end > len(data):
            raise PhotoRefused("photo_truncated")
        if not header:
            header = data[body : body + 8]
            if kind != b"IHDR" or length != 13:  # noqa: PLR2004 - the only length it has
                raise PhotoRefused("photo_undecodable")
        elif kind == b"acTL":
            raise PhotoRefused("photo_animated")
        elif kind == b"eXIf":
            exif = data[body : body + min(length, MAX_EXIF_BYTES)]
        elif kind == b"IDAT":
            pixels_start, pixels_end = pixels_start or body, end
        elif kind == b"IEND":
            break
        position = end
    else:
        raise PhotoRefused("photo_undecodable")
    if not pixels_start:
        raise PhotoRefused("photo_undecodable")
    width, height = struct.unpack(">II", header)
    return Structure(width, height, MAX_PNG_PIXELS, slice(pixels_start, pixels_end), end, exif=exif)


_VP8: Final = b"VP8?"  # the picture, lossy or lossless: the first of them counts
_VP8X_ANIMATION: Final = 0x02
_14_BITS: Final = 0x3FFF


def read_webp(data: FileBytes) -> Structure:
    """A WebP file: a RIFF list of chunks, the picture in the first VP8 or VP8L."""
    end = 8 + _number(data, 4, "<I")
    if end > len(data):
        raise PhotoRefused("photo_truncated")
    chunks: dict[bytes, slice] = {}
    position = 12
    for _ in range(MAX_PARTS):
        if position + 8 > end:
            break
        kind, length = data[position : position + 4], _number(data, position + 4, "<I")
        body, position = position + 8, position + 8 + length + length % 2
        if body + length > end:
            raise PhotoRefused("photo_truncated")
        chunks.setdefault(_VP8 if kind in {b"VP8 ", b"VP8L"} else kind, slice(body, body + length))
    else:
        raise PhotoRefused("photo_undecodable")
    extended = data[chunks[b"VP8X"]] if b"VP8X" in chunks else b""
    if b"ANIM" in chunks or b"ANMF" in chunks or (extended and extended[0] & _VP8X_ANIMATION):
        raise PhotoRefused("photo_animated")
    pixels = chunks.get(_VP8)
    if not pixels:
        raise PhotoRefused("photo_undecodable")
    width, height = _webp_size(data[pixels.start - 8 : pixels.start + 10])
    # Only animations have a canvas of another size; a decoder would make room for it.
    if extended and extended[4:] != _24_bits(width - 1) + _24_bits(height - 1):
        raise PhotoRefused("photo_undecodable")
    exif = chunks.get(b"EXIF", slice(0))
    return Structure(
        width,
        height,
        MAX_WEBP_PIXELS,
        pixels,
        end,
        exif=data[exif.start or 0 : exif.stop][:MAX_EXIF_BYTES].removeprefix(_EXIF_PREFIX),
    )


def _webp_size(chunk: bytes) -> tuple[int, int]:
    kind, head = chunk[:4], chunk[8:]
    if kind == b"VP8 " and head[3:6] == b"\x9d\x01\x2a" and len(head) == 10:  # noqa: PLR2004 - up to the sizes
        width, height = struct.unpack("<HH", head[6:10])
        return width & _14_BITS, height & _14_BITS
    if kind == b"VP8L" and head[:1] == b"\x2f" and len(head) > 4:  # noqa: PLR2004 - up to the sizes
        sizes = int.from_bytes(head[1:5], "little")
        return (sizes & _14_BITS) + 1, (sizes >> 14 & _14_BITS) + 1
    raise PhotoRefused("photo_undecodable")


def _24_bits(number: int) -> bytes:
    return (number & 0xFFFFFF).to_bytes(3, "little")


def _number(data: FileBytes, at: int, layout: str) -> int:
    try:
        return struct.unpack_from(layout, data, at)[0]
    except struct.error:
        raise PhotoRefused("photo_truncated") from None
