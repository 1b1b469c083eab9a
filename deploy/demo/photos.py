"""Photos of a car that does not exist, drawn as a phone would take them: for the demo, and for tests.

Each function gives a JPEG with the EXIF of a phone. The number is drawn in single strokes, as a stamping
machine writes it, and lit from the upper left.
"""

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

PHONE_SIZE: Final = (4032, 3024)
MOSCOW: Final = (55.7522, 37.6156)

Colour = tuple[int, int, int]
Point = tuple[float, float]

# Scenes are drawn at most this wide, then brought to the size of the photo; sensor noise comes last.
_WIDEST_SCENE: Final = 2016


def stamped_number(
    number: str, *, size: tuple[int, int] = PHONE_SIZE, taken_at: datetime | None = None, orientation: int = 1
) -> bytes:
    """A number dot-peened into a painted body panel, between two asterisks."""
    return as_phone_jpeg(_stamped(number, size), taken_at=taken_at, orientation=orientation)


def vin_plate(
    number: str, *, size: tuple[int, int] = PHONE_SIZE, taken_at: datetime | None = None, orientation: int = 1
) -> bytes:
    """A maker's plate of aluminium with the number, riveted to a painted pillar."""
    return as_phone_jpeg(_plate(number, size), taken_at=taken_at, orientation=orientation)


def dark(number: str, *, size: tuple[int, int] = PHONE_SIZE, taken_at: datetime | None = None) -> bytes:
    """The stamped number in a garage without light: the sensor sees little but its own noise."""
    lit = ImageEnhance.Brightness(_stamped(number, size)).enhance(0.15)
    noisy = ImageChops.add(lit, Image.merge("RGB", [_noise(size, 18) for _ in range(3)]), offset=-118)
    return as_phone_jpeg(noisy, taken_at=taken_at)


def blurred(number: str, *, size: tuple[int, int] = PHONE_SIZE, taken_at: datetime | None = None) -> bytes:
    """The stamped number by an unsteady hand: smeared along one direction and out of focus."""
    image = _stamped(number, size)
    reach = size[0] / 110
    return as_phone_jpeg(image.filter(ImageFilter.GaussianBlur((reach, reach / 4))), taken_at=taken_at)


def as_phone_jpeg(
    upright: Image.Image,
    *,
    taken_at: datetime | None = None,
    orientation: int = 1,
    location: Point | None = MOSCOW,
    quality: int = 88,
) -> bytes:
    """`upright` as a phone stores it: turned as `orientation` says, with the tag that turns it back.

    `taken_at` is written with its zone if it has one; `location` is latitude and longitude in degrees.
    """
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Autodetective", "Demo camera"
    exif[0x0112] = orientation
    if taken_at:
        details = exif.get_ifd(0x8769)
        details[0x9003] = taken_at.strftime("%Y:%m:%d %H:%M:%S")
        if zone := taken_at.strftime("%z"):
            details[0x9011] = f"{zone[:3]}:{zone[3:5]}"
    if location:
        latitude, longitude = location
        exif.get_ifd(0x8825).update(
            {
                1: "N" if latitude >= 0 else "S",
                2: _degrees(latitude),
                3: "E" if longitude >= 0 else "W",
                4: _degrees(longitude),
            }
        )
    stored = upright.transpose(_STORED[orientation]) if orientation in _STORED else upright
    buffer = BytesIO()
    stored.save(buffer, "JPEG", quality=quality, exif=exif)
    return buffer.getvalue()


# What was done to upright pixels if EXIF has this code.
_STORED: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def _degrees(value: float) -> tuple[float, float, float]:
    minutes, seconds = divmod(abs(value) * 3600, 60)
    degrees, minutes = divmod(minutes, 60)
    return degrees, minutes, round(seconds, 2)


# Strokes on a grid of 4 x 6 (x, y from the upper left; pairs of digits), as stamping machines draw them.
_STROKES: Final = {
    "A": "06 20 46/14 34",
    "B": "03 00 30 41 42 33 03 06 36 45 44 33",
    "C": "41 30 10 01 05 16 36 45",
    "D": "00 06 26 44 42 20 00",
    "E": "40 00 06 46/03 33",
    "F": "40 00 06/03 33",
    "G": "41 30 10 01 05 16 36 45 43 23",
    "H": "00 06/40 46/03 43",
    "I": "10 30/20 26/16 36",
    "J": "40 45 36 16 05",
    "K": "00 06/40 03 46",
    "L": "00 06 46",
    "M": "06 00 23 40 46",
    "N": "06 00 46 40",
    "O": "10 30 41 45 36 16 05 01 10",
    "P": "06 00 30 41 42 33 03",
    "Q": "10 30 41 45 36 16 05 01 10/34 46",
    "R": "06 00 30 41 42 33 03/23 46",
    "S": "41 30 10 01 02 13 33 44 45 36 16 05",
    "T": "00 40/20 26",
    "U": "00 05 16 36 45 40",
    "V": "00 26 40",
    "W": "00 16 22 36 40",
    "X": "00 46/40 06",
    "Y": "00 23 40/23 26",
    "Z": "00 40 06 46",
    "0": "10 30 41 45 36 16 05 01 10/14 32",
    "1": "11 20 26/16 36",
    "2": "01 10 30 41 42 06 46",
    "3": "01 10 30 41 42 33 13/33 44 45 36 16 05",
    "4": "36 30 04 44",
    "5": "40 00 03 33 44 45 36 16 05",
    "6": "41 30 10 01 05 16 36 45 44 33 13 04",
    "7": "00 40 16",
    "8": "13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33",
    "9": "42 33 13 02 01 10 30 41 45 36 16 05",
    "-": "13 33",
    "*": "21 25/02 44/42 04",
}


def _strokes(number: str, *, left: float, top: float, unit: float) -> Iterator[list[Point]]:
    """The polylines of `number`; a character is 4 units wide and 6 high, the next begins 6.4 units on."""
    for index, character in enumerate(number):
        for stroke in _STROKES[character].split("/"):
            yield [
                (left + (6.4 * index + int(x)) * unit, top + int(y) * unit * 1.25) for x, y in stroke.split()
            ]


def _dots(line: list[Point], spacing: float) -> Iterator[Point]:
    for (x0, y0), (x1, y1) in pairwise(line):
        count = max(1, round(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 / spacing))
        for step in range(count + 1):
            yield x0 + (x1 - x0) * step / count, y0 + (y1 - y0) * step / count


def _stamped(number: str, size: tuple[int, int]) -> Image.Image:
    width, height = canvas = _canvas(size)
    dice = random.Random(number)  # noqa: S311 - the same scratches for the same number
    marked = f"*{number}*"
    unit = width * 0.76 / (6.4 * len(marked))
    left, top = width * 0.12, height * 0.44

    depth = Image.new("L", canvas)
    pen = ImageDraw.Draw(depth)
    for line in _strokes(marked, left=left, top=top, unit=unit):
        for x, y in _dots(line, spacing=unit * 0.56):
            reach = unit * dice.uniform(0.3, 0.35)
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=255)
    depth = depth.filter(ImageFilter.GaussianBlur(unit * 0.09))

    panel = _painted(canvas, (74, 92, 112), light_from=0.35)
    _bead(panel, at=height * 0.2, thickness=height * 0.035)
    _bead(panel, at=height * 0.84, thickness=height * 0.02)
    _scratches(panel, dice)
    panel = _pressed(panel, depth, reach=max(1, round(unit * 0.1)), bare=(168, 170, 172))
    return _photographed(panel, size, turn=dice.uniform(-2.2, 2.2))


def _plate(number: str, size: tuple[int, int]) -> Image.Image:
    width, height = canvas = _canvas(size)
    dice = random.Random(number)  # noqa: S311 - the same wear for the same number
    panel = _painted(canvas, (122, 26, 30), light_from=0.6)
    _bead(panel, at=height * 0.1, thickness=height * 0.03)

    plate = _brushed((1400, 760))
    pen = ImageDraw.Draw(plate)
    ink: Colour = (24, 24, 26)
    pen.rounded_rectangle((18, 18, 1381, 741), radius=26, outline=ink, width=4)
    pen.text((700, 92), "AUTODETECTIVE MOTORS", font=_font(58), fill=ink, anchor="mm")
    pen.line((90, 140, 1310, 140), fill=ink, width=3)
    unit = 1180 / (6.4 * len(number))
    depth = Image.new("L", plate.size)
    grooves = ImageDraw.Draw(depth)
    for line in _strokes(number, left=118, top=190, unit=unit):
        grooves.line(line, fill=255, width=round(unit * 0.75), joint="curve")
    plate = _pressed(plate, depth.filter(ImageFilter.GaussianBlur(1.6)), reach=2, bare=(52, 54, 58))
    pen = ImageDraw.Draw(plate)
    for row, (name, value) in enumerate(
        (("", "1915 kg"), ("", "3415 kg"), ("1 -", "970 kg"), ("2 -", "995 kg"))
    ):
        pen.text((118, 372 + 84 * row), name, font=_font(52), fill=ink, anchor="lm")
        pen.text((560, 372 + 84 * row), value, font=_font(52), fill=ink, anchor="rm")
    for row, (name, value) in enumerate(
        (("TYPE", "AD-17"), ("ENGINE", "M274"), ("PAINT", "590"), ("TRIM", "201 A"))
    ):
        pen.text((720, 372 + 84 * row), name, font=_font(40), fill=ink, anchor="lm")
        pen.text((1270, 372 + 84 * row), value, font=_font(52), fill=ink, anchor="rm")
    for x in (62, 1338):
        for y in (62, 698):
            _rivet(plate, x, y)

    # Laid on the panel through its rounded outline, above the shadow of the same.
    outline = Image.new("L", plate.size)
    ImageDraw.Draw(outline).rounded_rectangle((0, 0, plate.width - 1, plate.height - 1), radius=34, fill=255)
    scale = width / _WIDEST_SCENE
    plate, outline = (ImageOps.scale(layer, scale, Image.Resampling.BICUBIC) for layer in (plate, outline))
    left, top = (width - plate.width) // 2, round(height * 0.29)
    shadow = Image.new("L", canvas)
    shadow.paste(170, (left + round(10 * scale), top + round(14 * scale)), outline)
    panel.paste((10, 6, 8), mask=shadow.filter(ImageFilter.GaussianBlur(12 * scale)))
    panel.paste(plate, (left, top), outline)
    return _photographed(panel, size, turn=dice.uniform(-3, 3))


def _canvas(size: tuple[int, int]) -> tuple[int, int]:
    width = min(_WIDEST_SCENE, max(size))
    return width, width * 3 // 4


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _noise(size: tuple[int, int], strength: float) -> Image.Image:
    """Grey noise around 128."""
    return Image.effect_noise(size, strength)


def _stretched(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image.resize(size, Image.Resampling.BICUBIC)  # pyright: ignore[reportUnknownMemberType] - numpy


def _gradient(size: tuple[int, int], brightness: Callable[[float], float]) -> Image.Image:
    """A grey picture whose brightness (0 to 255) depends on how far down (0 to 1) a row is."""
    column = Image.new("L", (1, 64))
    for row in range(64):
        column.putpixel((0, row), round(brightness(row / 63)))
    return _stretched(column, size)


def _painted(size: tuple[int, int], colour: Colour, *, light_from: float) -> Image.Image:
    """Metallic paint: flakes, orange peel, and light that falls off from the height `light_from`."""
    light = _gradient(size, lambda down: 215 - 190 * abs(down - light_from) ** 1.1)
    peel = _stretched(_noise((size[0] // 6, size[1] // 6), 24), size)
    flakes = _noise(size, 44).filter(ImageFilter.GaussianBlur(0.8))
    surface = ImageChops.add(ImageChops.add(light, peel, scale=1, offset=-128), flakes, scale=1, offset=-128)
    bright: Colour = (min(255, colour[0] * 2), min(255, colour[1] * 2), min(255, colour[2] * 2))
    return ImageOps.colorize(surface, (6, 7, 9), bright, colour)


def _brushed(size: tuple[int, int]) -> Image.Image:
    """Aluminium, brushed along its length."""
    grain = _stretched(_noise((size[0] // 40, size[1]), 46), size)
    light = _gradient(size, lambda down: 224 - 60 * down)
    surface = ImageChops.add(light, grain, scale=1, offset=-128)
    return ImageOps.colorize(surface, (60, 62, 64), (246, 247, 248), (186, 188, 190))


def _bead(panel: Image.Image, *, at: float, thickness: float) -> None:
    """A fold pressed across the sheet: bright where it faces the light, dark below."""
    layer = Image.new("L", panel.size, 128)
    pen = ImageDraw.Draw(layer)
    pen.rectangle((0, at - thickness, panel.width, at), fill=225)
    pen.rectangle((0, at, panel.width, at + thickness), fill=40)
    layer = layer.filter(ImageFilter.GaussianBlur(thickness * 0.35))
    lit = ImageChops.add(panel, Image.merge("RGB", [layer] * 3), scale=1, offset=-128)
    panel.paste(lit)


def _scratches(panel: Image.Image, dice: random.Random) -> None:
    layer = Image.new("L", panel.size)
    pen = ImageDraw.Draw(layer)
    scale = panel.width / _WIDEST_SCENE
    for _ in range(14):
        x, y = dice.uniform(0, panel.width), dice.uniform(panel.height * 0.25, panel.height)
        reach, slope = dice.uniform(30, 260) * scale, dice.uniform(-1.2, 1.2)
        pen.line((x, y, x + reach, y + reach * slope), fill=dice.randint(50, 130), width=dice.randint(1, 3))
    for _ in range(60):
        x, y, reach = dice.uniform(0, panel.width), dice.uniform(0, panel.height), dice.uniform(1, 5) * scale
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=dice.randint(60, 160))
    panel.paste((16, 17, 19), mask=layer.filter(ImageFilter.GaussianBlur(1)))


def _pressed(surface: Image.Image, depth: Image.Image, *, reach: int, bare: Colour) -> Image.Image:
    """`surface` with `depth` pressed into it: the metal shows, one flank is lit, the other in shade."""
    metal = surface.copy()
    metal.paste(bare, mask=ImageEnhance.Brightness(depth).enhance(0.5))
    # Not from the corner: strokes that run along the light would vanish, and many run diagonally.
    toward, away = ImageChops.offset(depth, 2 * reach, reach), ImageChops.offset(depth, -2 * reach, -reach)
    relief = ImageChops.subtract(toward, away, scale=1.6, offset=128)
    return ImageChops.add(metal, Image.merge("RGB", [relief] * 3), scale=1, offset=-128)


def _rivet(plate: Image.Image, x: int, y: int) -> None:
    pen = ImageDraw.Draw(plate)
    for reach, shade in ((27, 70), (24, 150), (20, 176), (15, 196)):
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), fill=(shade, shade, shade + 3))
    pen.ellipse((x - 12, y - 13, x - 2, y - 4), fill=(236, 238, 240))


def _photographed(scene: Image.Image, size: tuple[int, int], *, turn: float) -> Image.Image:
    """`scene` as a phone sees it: held slightly askew, darker to the corners, with sensor noise."""
    scene = scene.rotate(turn, Image.Resampling.BICUBIC)
    width, height = scene.size
    cut = 0.05 + abs(turn) / 100
    box = (round(width * cut), round(height * cut), round(width * (1 - cut)), round(height * (1 - cut)))
    image = ImageOps.fit(scene.crop(box), size, Image.Resampling.BICUBIC)
    corners = ImageOps.invert(Image.radial_gradient("L"))
    lens = _stretched(Image.blend(Image.new("L", corners.size, 255), corners, 0.62), size)
    image = ImageChops.multiply(image, Image.merge("RGB", [lens] * 3))
    grain = _noise(size, 7)
    return ImageChops.add(image, Image.merge("RGB", [grain] * 3), scale=1, offset=-128)
