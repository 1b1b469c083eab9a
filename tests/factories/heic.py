"""HEIC files put together box by box: a picture of many megapixels out of one small tile, in a moment."""

import struct

from tests.factories import photos


def box(kind: bytes, *content: bytes) -> bytes:
    """One box of an ISO base media file."""
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def of_one_tile(
    columns: int,
    rows: int,
    *,
    edge: int = 512,
    size: tuple[int, int] | None = None,
    shown: tuple[int, int] | None = None,
) -> bytes:
    """A grid whose tiles are all the same bytes. Unless it says another `size`, the grid is all of its tiles;
    with `shown` only as much of its middle is to be seen.
    """
    width, height = size or (columns * edge, rows * edge)
    tile = photos.heic(edge, edge)
    coding, pixels = _box_of(tile, b"hvcC"), _box_of(tile, b"mdat")[8:]
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)
    aperture = box(b"clap", struct.pack(">8I", shown[0], 1, shown[1], 1, 0, 1, 0, 1)) if shown else b""
    properties = box(b"ipco", _extent(width, height), coding, _extent(edge, edge), aperture)
    # A reference to one item twice is refused by some decoders, so each tile is an item of its own.
    numbers = range(2, 2 + columns * rows)
    mine = b"\x81\x84" if shown else b"\x81"
    use = struct.pack(">IIHB", 0, 1 + len(numbers), 1, len(mine)) + mine
    use += b"".join(struct.pack(">HBBB", number, 2, 0x82, 0x83) for number in numbers)
    kinds = [(1, b"grid"), *((number, b"hvc1") for number in numbers)]
    items = [struct.pack(">IHH4sB", 2 << 24, item, 0, kind, 0) for item, kind in kinds]
    tiles = struct.pack(f">HH{len(numbers)}H", 1, len(numbers), *numbers)

    def index(pixels_at: int) -> bytes:
        return box(
            b"meta",
            bytes(4),
            box(b"hdlr", bytes(8), b"pict", bytes(13)),
            box(b"pitm", struct.pack(">IH", 0, 1)),
            box(b"iinf", struct.pack(">IH", 0, len(items)), *(box(b"infe", item) for item in items)),
            box(b"iref", bytes(4), box(b"dimg", tiles)),
            box(b"iprp", properties, box(b"ipma", use)),
            box(b"idat", grid),
            box(
                b"iloc",
                struct.pack(">IBBH", 1 << 24, 0x44, 0, len(items)),
                struct.pack(">HHHHII", 1, 1, 0, 1, 0, len(grid)),
                *(struct.pack(">HHHHII", item, 0, 0, 1, pixels_at, len(pixels)) for item in numbers),
            ),
        )

    start = box(b"ftyp", b"heic", bytes(4), b"mif1heic")
    return start + index(len(start) + len(index(0)) + 8) + box(b"mdat", pixels)


def _extent(width: int, height: int) -> bytes:
    return box(b"ispe", struct.pack(">III", 0, width, height))


def _box_of(file: bytes, kind: bytes) -> bytes:
    at = file.index(kind) - 4
    return file[at : at + int.from_bytes(file[at : at + 4], "big")]
