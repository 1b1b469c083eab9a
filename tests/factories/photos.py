"""Photos for tests, as bytes: plain ones whose corners tell which way is up, and those a phone might take."""

import struct
import zlib
from datetime import datetime
from functools import cache
from io import BytesIO
from random import Random
from typing import Final

import pillow_heif
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from deploy.demo import photos as demo
from deploy.demo.photos import MOSCOW, as_phone_jpeg

VIN: Final = "SAL1A2A40SA606662"

Colour = tuple[int, int, int]

# The colours of `corners`, from the upper left, clockwise.
RED, GREEN, WHITE, BLUE = (200, 30, 30), (30, 160, 40), (235, 235, 235), (30, 50, 190)


def corners(width: int = 640, height: int = 480) -> Image.Image:
    """A picture of four quarters: red and green above, blue and white below."""
    image = Image.new("RGB", (width, height))
    half_width, half_height = width // 2, height // 2
    image.paste(RED, (0, 0, half_width, half_height))
    image.paste(GREEN, (half_width, 0, width, half_height))
    image.paste(BLUE, (0, half_height, half_width, height))
    image.paste(WHITE, (half_width, half_height, width, height))
    return image


def four_colours(image: Image.Image) -> list[Colour]:
    """The colours in the middle of each quarter, from the upper left, clockwise."""
    left, right = image.width // 4, image.width * 3 // 4
    top, bottom = image.height // 4, image.height * 3 // 4
    found: list[Colour] = []
    for place in ((left, top), (right, top), (right, bottom), (left, bottom)):
        colour = image.getpixel(place)
        assert isinstance(colour, tuple)
        found.append((round(colour[0]), round(colour[1]), round(colour[2])))
    return found


def assert_like_corners(image: Image.Image, *, tolerance: int = 12) -> None:
    """That `image` shows `corners`, the right way up; each channel may differ by `tolerance`."""
    for found, drawn in zip(four_colours(image), (RED, GREEN, WHITE, BLUE), strict=True):
        assert max(abs(a - b) for a, b in zip(found, drawn, strict=True)) <= tolerance, (found, drawn)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """`image` as a file of Pillow's `kind`, with the options of its writer."""
    if kind == "HEIF":
        pillow_heif.register_heif_opener()  # pyright: ignore[reportUnknownMemberType] - takes any options
    buffer = BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def jpeg(width: int = 640, height: int = 480, **options: object) -> bytes:
    """A JPEG without any metadata."""
    return encoded(corners(width, height), "JPEG", **options)


def png(width: int = 640, height: int = 480, **options: object) -> bytes:
    """A PNG in RGB."""
    return encoded(corners(width, height), "PNG", **options)


def webp(width: int = 640, height: int = 480, **options: object) -> bytes:
    """A WebP, lossy unless `lossless` is given."""
    return encoded(corners(width, height), "WEBP", **options)


def heic(width: int = 640, height: int = 480, **options: object) -> bytes:
    """A HEIC; with `tile_size` in tiles, as iPhones write it."""
    return encoded(corners(width, height), "HEIF", **options)


def with_exif(
    orientation: int = 1,
    *,
    gps: bool = True,
    taken_at: datetime | None = None,
    width: int = 640,
    height: int = 480,
) -> bytes:
    """A JPEG whose pixels are stored as `orientation` says; turned upright it shows `corners`."""
    return as_phone_jpeg(
        corners(width, height), orientation=orientation, taken_at=taken_at, location=MOSCOW if gps else None
    )


def with_comments(photo: bytes, size: int) -> bytes:
    """The JPEG `photo` made `size` bytes long at least, by comments that no compression makes smaller."""
    text = Random(size).randbytes(60_000)
    comment = b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text
    # The segments of applications stay first: some readers look for Exif nowhere else.
    place = 2
    while photo[place] == 0xFF and 0xE0 <= photo[place + 1] <= 0xEF:
        place += 2 + int.from_bytes(photo[place + 2 : place + 4], "big")
    missing = max(0, size - len(photo))
    return photo[:place] + comment * -(-missing // len(comment)) + photo[place:]


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """One PNG chunk with its length and checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def raw_png(
    width: int, height: int, pixels: bytes, *, depth: int = 8, colour: int = 2, extra: bytes = b""
) -> bytes:
    """A PNG of rows that already have their filter bytes; for depths and sizes that Pillow does not write."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + extra
        + png_chunk(b"IDAT", zlib.compress(pixels, 9))
        + png_chunk(b"IEND", b"")
    )


@cache
def bomb_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """Some 50 kB that would be gigabytes if a decoder believed them."""
    return raw_png(width, height, bytes(48 * 1024 * 1024), depth=8, colour=6)


def truncated_jpeg(keep: float = 0.7) -> bytes:
    """A JPEG of which only the first part arrived."""
    whole = with_exif()
    return whole[: int(len(whole) * keep)]


@cache
def stamped_number(number: str = VIN) -> bytes:
    """A number dot-peened into painted metal, small enough for quick tests."""
    return demo.stamped_number(number, size=(1280, 960))


@cache
def vin_plate(number: str = VIN) -> bytes:
    """A maker's plate with the number."""
    return demo.vin_plate(number, size=(1280, 960))


@cache
def dark(number: str = VIN) -> bytes:
    """The stamped number, almost without light."""
    return demo.dark(number, size=(1280, 960))


@cache
def blurred(number: str = VIN) -> bytes:
    """The stamped number, smeared."""
    return demo.blurred(number, size=(1280, 960))


def narrow_sticker(number: str) -> Image.Image:
    """A sticker in a narrow typeface, not quite in focus, that runs down to the right as it does from aside."""
    font = ImageFont.load_default(80)
    assert isinstance(font, ImageFont.FreeTypeFont)
    ink = 30
    text = Image.new("L", (round(font.getlength(number)) + 40, 110), 225)
    ImageDraw.Draw(text).text((20, 8), number, font=font, fill=ink, stroke_width=2, stroke_fill=ink)
    text = text.resize((round(text.width * 0.1575), 50), Image.Resampling.LANCZOS)
    photo = Image.new("L", (1024, 768), 225)
    photo.paste(text, (300, 340))
    aside = (1, 0, 0, 0.3, 1, -135)
    photo = photo.transform(
        photo.size, Image.Transform.AFFINE, aside, Image.Resampling.BICUBIC, fillcolor=225
    )
    return photo.filter(ImageFilter.GaussianBlur(1.2)).convert("RGB")
