"""The structure of HEIC files (ISO 23008-12), read from their index without decoding a pixel.

An ISO base media file is a tree of boxes. Its `meta` box lists items (pictures, tiles, EXIF), where their
bytes are, and their properties; the primary item is the photo.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cabinet_service.photos.containers import FileBytes, Structure
from cabinet_service.photos.limits import (
    MAX_EXIF_BYTES,
    MAX_HEIF_ITEMS,
    MAX_HEIF_META_BYTES,
    MAX_HEIF_PIXELS,
    MAX_PARTS,
)
from cabinet_service.photos.refusal import PhotoRefused

# Pictures in HEVC. AVIF shares the container and is not taken: phones do not write it.
HEVC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_SEQUENCE_BRANDS: Final = frozenset({b"hevc", b"hevx", b"hevm", b"hevs", b"msf1"})
_PHOTO_ITEMS: Final = frozenset({b"hvc1", b"grid"})
# Items whose canvas may be of any size whatever the photo's own; phones write none of them.
_BOUNDLESS_ITEMS: Final = frozenset({b"iovl", b"unci", b"tili"})
_PARTS_OF_A_PHOTO: Final = frozenset({b"meta", b"mdat"})
_PRINTABLE: Final = frozenset(range(0x20, 0x7F))

# How rotations and mirrorings add up: rows of a 2 x 2 matrix that turns stored pixels upright.
_Matrix = tuple[int, int, int, int]
_TURN_LEFT: Final[_Matrix] = (0, 1, -1, 0)
_MIRRORS: Final[tuple[_Matrix, _Matrix]] = ((-1, 0, 0, 1), (1, 0, 0, -1))
_ORIENTATIONS: Final[dict[_Matrix, int]] = {
    (1, 0, 0, 1): 1,
    (-1, 0, 0, 1): 2,
    (-1, 0, 0, -1): 3,
    (1, 0, 0, -1): 4,
    (0, 1, 1, 0): 5,
    (0, -1, 1, 0): 6,
    (0, -1, -1, 0): 7,
    (0, 1, -1, 0): 8,
}


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Extent:
    at: int
    length: int


def brands(data: FileBytes) -> frozenset[bytes]:
    """The brands of an ISO base media file, the major one and those that it claims to be compatible with."""
    if data[4:8] != b"ftyp":
        return frozenset()
    names = data[8:12] + data[16 : min(int.from_bytes(data[:4], "big"), 256)]
    return frozenset(names[i : i + 4] for i in range(0, len(names), 4))


def read_heif(data: FileBytes) -> Structure:
    """The primary picture of a HEIC file."""
    if data[8:12] in _SEQUENCE_BRANDS:
        raise PhotoRefused("photo_animated")
    top, end = _top_boxes(data)
    if not _PARTS_OF_A_PHOTO.issubset(top):
        raise PhotoRefused("photo_truncated")
    meta, pixels = top[b"meta"], top[b"mdat"]
    if meta.end - meta.start > MAX_HEIF_META_BYTES:
        raise PhotoRefused("photo_undecodable")
    try:
        return _Meta(data, meta).structure(slice(pixels.start, pixels.end), end)
    except (struct.error, LookupError, StopIteration):
        raise PhotoRefused("photo_undecodable") from None


def _top_boxes(data: FileBytes) -> tuple[dict[bytes, _Box], int]:
    """The first box of each kind, and where the boxes end: phones put more behind them."""
    found: dict[bytes, _Box] = {}
    position = 0
    for _ in range(MAX_PARTS):
        head = data[position : position + 16]
        kind, size, start = head[4:8], int.from_bytes(head[:4], "big"), position + 8
        if len(kind) < 4 or not _PRINTABLE.issuperset(kind):  # noqa: PLR2004 - a box's name
            return found, position
        if size == 1:
            size, start = int.from_bytes(head[8:16], "big"), position + 16
        elif size == 0:
            size = len(data) - position
        end = position + size
        if end > len(data) and not _PARTS_OF_A_PHOTO.issubset(found):
            raise PhotoRefused("photo_truncated")
        if not start <= end <= len(data):
            return found, position
        found.setdefault(kind, _Box(kind, start, end))
        position = end
    raise PhotoRefused("photo_undecodable")


def _boxes(data: FileBytes, start: int, end: int) -> Iterator[_Box]:
    while start < end:
        size, kind = struct.unpack_from(">I4s", data, start)
        if size < 8 or start + size > end:  # noqa: PLR2004 - a box's header; larger ones are not in an index
            raise PhotoRefused("photo_undecodable")
        yield _Box(kind, start + 8, start + size)
        start += size


class _Meta:
    """The index of a file. Methods raise struct.error, LookupError or StopIteration where it is damaged."""

    def __init__(self, data: FileBytes, meta: _Box) -> None:
        self.data = data
        self.boxes = {box.kind: box for box in _boxes(data, meta.start + 4, meta.end)}
        self.kinds = dict(self._item_kinds())
        self.extents = dict(self._item_extents())

    def structure(self, pixels: slice, end: int) -> Structure:
        """What intake wants to know, of the primary item."""
        version = self._version(b"pitm")
        primary = self._number(self.boxes[b"pitm"].start + 4, 4 if version else 2)
        if self.kinds[primary] not in _PHOTO_ITEMS or _BOUNDLESS_ITEMS & set(self.kinds.values()):
            raise PhotoRefused("photo_undecodable")
        properties = list(_boxes(self.data, *self._span(b"iprp", b"ipco")))
        sizes = {i: self._size(box) for i, box in enumerate(properties, 1) if box.kind == b"ispe"}
        own = self._associations()[primary]
        width, height = next(sizes[i] for i in own if i in sizes)
        # Each part of a file is decoded on a canvas of its own, so none may be larger than a photo may be.
        for part_width, part_height in (*sizes.values(), *self._grids()):
            if part_width * part_height > max(MAX_HEIF_PIXELS, width * height):
                raise PhotoRefused("photo_undecodable")
        mine = [properties[i - 1] for i in own if i]
        return Structure(
            width,
            height,
            MAX_HEIF_PIXELS,
            pixels,
            end,
            exif=self._exif(),
            shown=next((self._clean(box) for box in mine if box.kind == b"clap"), None),
            turned=self._orientation(mine),
        )

    def _item_kinds(self) -> Iterator[tuple[int, bytes]]:
        start, end = self.boxes[b"iinf"].start, self.boxes[b"iinf"].end
        for box in _boxes(self.data, start + (8 if self._version(b"iinf") else 6), end):
            wide = self.data[box.start] > 2  # noqa: PLR2004 - version 3 has items of 32 bits
            kind_at = box.start + (10 if wide else 8)
            yield self._number(box.start + 4, 4 if wide else 2), self.data[kind_at : kind_at + 4]

    def _item_extents(self) -> Iterator[tuple[int, _Extent]]:
        """The first extent of each item: what is read here, phones write in one piece."""
        version, at = self._version(b"iloc"), self.boxes[b"iloc"].start + 4
        offset_size, length_size = divmod(self.data[at], 16)
        base_size, index_size = divmod(self.data[at + 1], 16)
        index_size = index_size if version else 0
        wide = 4 if version == 2 else 2  # noqa: PLR2004 - version 2 has items of 32 bits
        count, at = self._count(at + 2, wide), at + 2 + wide
        for _ in range(count):
            item, at = self._number(at, wide), at + wide
            in_index = version > 0 and self._number(at, 2) & 15 == 1
            at += 4 if version else 2
            base, at = self._number(at, base_size), at + base_size
            extents, at = self._number(at, 2), at + 2
            if extents:
                offset = base + self._number(at + index_size, offset_size)
                length = self._number(at + index_size + offset_size, length_size)
                origin = self.boxes[b"idat"].start if in_index else 0
                yield item, _Extent(origin + offset, length)
            at += extents * (index_size + offset_size + length_size)

    def _associations(self) -> dict[int, list[int]]:
        start, _end = self._span(b"iprp", b"ipma")
        version, wide = self.data[start], self.data[start + 3] & 1
        count, at = self._count(start + 4, 4), start + 8
        found: dict[int, list[int]] = {}
        for _ in range(count):
            item, at = self._number(at, 4 if version else 2), at + (4 if version else 2)
            size = 2 if wide else 1
            mask = 0x7FFF if wide else 0x7F
            found[item] = [self._number(at + 1 + i * size, size) & mask for i in range(self._number(at, 1))]
            at += 1 + len(found[item]) * size
        return found

    def _grids(self) -> Iterator[tuple[int, int]]:
        for item, kind in self.kinds.items():
            if kind == b"grid":
                at = self.extents[item].at
                size = 4 if self._number(at + 1, 1) & 1 else 2
                if (self._number(at + 2, 1) + 1) * (self._number(at + 3, 1) + 1) > MAX_HEIF_ITEMS:
                    raise PhotoRefused("photo_undecodable")
                yield self._number(at + 4, size), self._number(at + 4 + size, size)

    def _exif(self) -> bytes:
        for item, kind in self.kinds.items():
            if kind == b"Exif" and item in self.extents:
                at, length = self.extents[item].at, min(self.extents[item].length, MAX_EXIF_BYTES)
                raw = self.data[at : at + length]
                return raw[4 + int.from_bytes(raw[:4], "big") :]  # the number says where TIFF begins
        return b""

    def _orientation(self, properties: list[_Box]) -> int:
        turned: _Matrix = (1, 0, 0, 1)
        for box in properties:
            if box.kind == b"irot":
                for _ in range(self.data[box.start] & 3):
                    turned = _after(_TURN_LEFT, turned)
            elif box.kind == b"imir":
                turned = _after(_MIRRORS[self.data[box.start] & 1], turned)
        return _ORIENTATIONS[turned]

    def _clean(self, box: _Box) -> tuple[int, int]:
        """The size of the clean aperture: two fractions, of which decoders round the result."""
        wide, of_wide, high, of_high = (self._number(box.start + 4 * at, 4) for at in range(4))
        if not of_wide or not of_high or not wide or not high:
            raise PhotoRefused("photo_undecodable")
        return max(1, round(wide / of_wide)), max(1, round(high / of_high))

    def _size(self, box: _Box) -> tuple[int, int]:
        return self._number(box.start + 4, 4), self._number(box.start + 8, 4)

    def _span(self, outer: bytes, inner: bytes) -> tuple[int, int]:
        within = self.boxes[outer]
        box = next(box for box in _boxes(self.data, within.start, within.end) if box.kind == inner)
        return box.start, box.end

    def _version(self, kind: bytes) -> int:
        return self.data[self.boxes[kind].start]

    def _count(self, at: int, size: int) -> int:
        count = self._number(at, size)
        if count > MAX_HEIF_ITEMS:
            raise PhotoRefused("photo_undecodable")
        return count

    def _number(self, at: int, size: int) -> int:
        raw = self.data[at : at + size]
        if len(raw) < size:
            raise IndexError(at)
        return int.from_bytes(raw, "big")


def _after(second: _Matrix, first: _Matrix) -> _Matrix:
    a, b, c, d = second
    e, f, g, h = first
    return a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h
