"""HEIC files put together box by box: a picture of many megapixels out of one small tile, in a moment."""

import struct

from tests.factories import photos


def box(kind: bytes, *content: bytes) -> bytes:
    """One box of an ISO base media file."""
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def of_one_tile(columns: int, rows: int, *, edge: int = 512, size: tuple[int, int] | None = None) -> bytes:
    """A grid whose tiles are all the same item. Unless it says another `size`, the grid is all of its tiles."""
    width, height = size or (columns * edge, rows * edge)
    tile = photos.heic(edge, edge)
    coding, pixels = _box_of(tile, b"hvcC"), _box_of(tile, b"mdat")[8:]
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)
    properties = box(b"ipco", _extent(width, height), coding, _extent(edge, edge))
    use = struct.pack(">IIHBBHBBB", 0, 2, 1, 1, 0x81, 2, 2, 0x82, 0x83)
    items = [struct.pack(">IHH4sB", 2 << 24, item, 0, kind, 0) for item, kind in ((1, b"grid"), (2, b"hvc1"))]
    tiles = struct.pack(">HH", 1, columns * rows) + struct.pack(">H", 2) * (columns * rows)

    def index(pixels_at: int) -> bytes:
        return box(
            b"meta",
            bytes(4),
            box(b"hdlr", bytes(8), b"pict", bytes(13)),
            box(b"pitm", struct.pack(">IH", 0, 1)),
            box(b"iinf", struct.pack(">IH", 0, 2), *(box(b"infe", item) for item in items)),
            box(b"iref", bytes(4), box(b"dimg", tiles)),
            box(b"iprp", properties, box(b"ipma", use)),
            box(b"idat", grid),
            box(
                b"iloc",
                struct.pack(">IBBH", 1 << 24, 0x44, 0, 2),
                struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(grid)),
                struct.pack(">HHHHII", 2, 0, 0, 1, pixels_at, len(pixels)),
            ),
        )

    start = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    return start + index(len(start) + len(index(0)) + 8) + box(b"mdat", pixels)


def _extent(width: int, height: int) -> bytes:
    return box(b"ispe", struct.pack(">III", 0, width, height))


def _box_of(file: bytes, kind: bytes) -> bytes:
    at = file.index(kind) - 4
    return file[at : at + int.from_bytes(file[at : at + 4], "big")]
