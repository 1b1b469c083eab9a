"""Files that mean harm: the same ones each time for the same seed."""

import random
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

from PIL import Image

from tests.factories import photos
from tests.factories.photos import png_chunk

_SMALL = (96, 64)
_ODD_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
_PAYLOADS = (
    b"PK\x05\x06" + bytes(18),
    b"PK\x05\x06" + b"\xff" * 18,
    b"PK\x01\x02" + bytes(42) + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, 46, 0, 0),
    b"MZ" + bytes(300),
    b"\x7fELF\x02\x01\x01" + bytes(60),
    b"<html><script>alert(1)</script>",
    b"<?php phpinfo(); ?>",
    b"%PDF-1.7\n1 0 obj",
    b"Rar!\x1a\x07\x00",
    b"\0" * 70_000,
    b"\xff" * 5_000,
    b"\xff\xd8\xff\xe0",
)


def bases() -> dict[str, bytes]:
    """Good photos, small ones, of every kind of coding that is taken."""
    exif = Image.open(BytesIO(photos.with_exif(6, width=96, height=64))).getexif().tobytes()
    palette = photos.corners(*_SMALL).convert("P", palette=Image.Palette.ADAPTIVE)
    return {
        "jpeg": photos.with_exif(6, width=96, height=64),
        "progressive": photos.jpeg(*_SMALL, progressive=True),
        "cmyk": photos.encoded(photos.corners(*_SMALL).convert("CMYK"), "JPEG"),
        "png": photos.png(*_SMALL, exif=exif),
        "palette": photos.encoded(palette, "PNG", transparency=0),
        "webp": photos.webp(*_SMALL, exif=exif),
        "webp-lossless": photos.webp(*_SMALL, lossless=True),
        "heic": photos.heic(*_SMALL, exif=exif),
        "heic-tiles": photos.heic(192, 128, tile_size=64),
    }


def hostile_files(seed: int = 0, *, rounds: int = 1) -> Iterator[tuple[str, bytes]]:
    """Names and contents; about 380 files a round, of which each further round has new ones."""
    dice = random.Random(seed)
    good = bases()
    for _ in range(rounds):
        for name, content in good.items():
            yield from _cut(name, content, dice)
            yield from _flipped(name, content, dice)
            yield from _with_odd_numbers(name, content, dice)
            yield from ((f"{name}+payload", content + dice.choice(_PAYLOADS)) for _ in range(5))
            yield f"{name}+other", content + dice.choice(list(good.values()))
            yield f"{name}-noise", content[:24] + dice.randbytes(600)
            yield f"{name}-shuffled", content[:40] + _shuffled(content[40:], dice)
    yield from _crafted(dice)


def _cut(name: str, content: bytes, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    for _ in range(8):
        yield f"{name}-cut", content[: dice.randrange(len(content))]
    start = dice.randrange(len(content) // 2)
    yield f"{name}-hole", content[:start] + content[start + dice.randrange(1, 64) :]


def _flipped(name: str, content: bytes, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    for count in (1, 1, 1, 1, 2, 2, 4, 8, 32, 128):
        damaged = bytearray(content)
        for _ in range(count):
            damaged[dice.randrange(min(len(damaged), 400))] ^= 1 << dice.randrange(8)
        yield f"{name}-flipped", bytes(damaged)


def _with_odd_numbers(name: str, content: bytes, dice: random.Random) -> Iterator[tuple[str, bytes]]:
    for _ in range(14):
        at, size, order = (
            dice.randrange(4, min(len(content) - 8, 500)),
            dice.choice((2, 4)),
            dice.choice("<>"),
        )
        number = struct.pack(order + {2: "H", 4: "I"}[size], dice.choice(_ODD_NUMBERS) % 256**size)
        damaged = content[:at] + number + content[at + size :]
        yield f"{name}-number", _resealed(damaged) if content.startswith(b"\x89PNG") else damaged


def _resealed(png: bytes) -> bytes:
    """The same PNG with the checksums made right, so that damage gets past them."""
    sealed, position = png[:8], 8
    while position + 12 <= len(png):
        length = int.from_bytes(png[position : position + 4], "big")
        if position + 12 + length > len(png):
            break
        sealed += png_chunk(png[position + 4 : position + 8], png[position + 8 : position + 8 + length])
        position += 12 + length
    return sealed + png[position:]


def _shuffled(content: bytes, dice: random.Random) -> bytes:
    blocks = [content[i : i + 16] for i in range(0, len(content), 16)]
    dice.shuffle(blocks)
    return b"".join(blocks)


def _crafted(dice: random.Random) -> Iterator[tuple[str, bytes]]:
    yield "bomb", photos.bomb_png()
    jpeg, png = photos.jpeg(*_SMALL), photos.png(*_SMALL)
    for components in (0, 2, 255):
        at = jpeg.index(b"\xff\xc0") + 9
        yield "jpeg-components", jpeg[:at] + bytes([components]) + jpeg[at + 1 :]
    yield "jpeg-two-frames", jpeg[:2] + jpeg[jpeg.index(b"\xff\xc0") :][:19] + jpeg[2:]
    yield "jpeg-markers", jpeg[:2] + b"\xff\x01" * 80_000 + jpeg[2:]
    for _ in range(10):
        segment = b"Exif\0\0" + dice.choice((b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08")) + dice.randbytes(300)
        yield "jpeg-exif", jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]
    for _ in range(5):
        yield "jpeg-icc", photos.jpeg(*_SMALL, icc_profile=dice.randbytes(3_000))
    for kind in (b"zTXt", b"iCCP"):
        swollen = b"name\0\0" + zlib.compress(bytes(30_000_000), 9)
        yield "png-swollen", png[:33] + png_chunk(kind, swollen) + png[33:]
    yield "png-chunks", png[:33] + png_chunk(b"tEXt", b"a\0b") * 60_000 + png[33:]
    for depth, colour in ((0, 2), (3, 2), (16, 3), (1, 2), (8, 5), (32, 6)):
        yield "png-depth", photos.raw_png(96, 64, bytes(96 * 64 * 8), depth=depth, colour=colour)
    yield "png-starved", photos.raw_png(4_000, 4_000, bytes(1_000))
    yield "png-overfed", photos.raw_png(64, 64, bytes(20_000_000))
    heic = photos.heic(*_SMALL)
    size_at = heic.index(b"ispe") + 8
    for width, height in ((0, 0), (1, 1), (33, 33), (6_000, 6_000), (2**31, 2**31), (2**32 - 1, 64)):
        yield "heic-size", heic[:size_at] + struct.pack(">II", width, height) + heic[size_at + 8 :]
    for kind in (b"iovl", b"unci", b"iden", b"grid", b"Exif", b"jpeg", b"av01"):
        yield "heic-kind", heic.replace(b"hvc1", kind, 1)
