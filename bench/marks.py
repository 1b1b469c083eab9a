"""Rendered identification marks as a phone would see them: struck numbers, plates and stickers."""

import random
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

SIZE: Final = (1024, 768)
_DRAWN_AT: Final = 2  # drawn twice as large, so that reducing it leaves edges as a lens does
_LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"


def mark(number: int) -> Image.Image:
    """A photo of the mark with this number; the same every time."""
    chance = random.Random(number)
    width, height = SIZE[0] * _DRAWN_AT, SIZE[1] * _DRAWN_AT
    scene = _surface(chance, width, height)
    (_struck, _plate, _sticker)[number % 3](chance, scene)
    turned = scene.rotate(chance.uniform(-14, 14), Image.Resampling.BICUBIC)
    zoom = 0.76
    left, top = round(width * (1 - zoom) / 2), round(height * (1 - zoom) / 2)
    turned = turned.crop((left, top, width - left, height - top)).resize(SIZE, Image.Resampling.LANCZOS)
    return _exposed(ImageChops.multiply(turned, _light(chance, SIZE)), chance.uniform(150, 225))


def _exposed(scene: Image.Image, bright: float) -> Image.Image:
    """As a phone exposes: the bright end of the picture is brought to where it should be."""
    histogram = scene.convert("L").histogram()
    total, below, level = sum(histogram), 0, 0
    while below < total * 0.95:
        below += histogram[level]
        level += 1
    table = [min(235, round(value * bright / level)) for value in range(256)]
    return scene.point(table * len(scene.getbands()))


def _surface(chance: random.Random, width: int, height: int) -> Image.Image:
    """Painted metal with its grain and a seam: most of the picture shows nothing."""
    paint = chance.choice([(70, 74, 80), (132, 136, 140), (178, 180, 178), (96, 30, 30), (40, 60, 90)])
    scene = Image.new("RGB", (width, height), paint)
    # effect_noise has no seed: the grain is drawn from ours, small, and enlarged.
    grain = Image.frombytes("L", (256, 192), chance.randbytes(256 * 192)).resize((width, height))
    scene = Image.blend(scene, Image.merge("RGB", [grain] * 3), 0.05)
    pen = ImageDraw.Draw(scene)
    seam = height * chance.uniform(0.12, 0.25)
    pen.line([(0, seam), (width, seam * chance.uniform(0.8, 1.2))], fill=(20, 20, 22), width=14)
    for _ in range(chance.randint(1, 4)):
        x, y = chance.uniform(0, width), chance.choice([0.22, 0.8]) * height
        pen.ellipse((x - 40, y - 40, x + 40, y + 40), fill=(60, 60, 62), outline=(15, 15, 15), width=6)
    return scene


def _struck(chance: random.Random, scene: Image.Image) -> None:
    """A number struck into metal: each stroke has a lit and a shaded side."""
    text = "*" + _number(chance, 17) + "*"
    font = _font(scene, text, chance.uniform(0.62, 0.76))
    at = _place(scene, text, font)
    depth = max(3, round(font.size * 0.045))
    strength = chance.uniform(0.45, 0.8)
    for offset, colour in ((depth, (235, 235, 235)), (0, (18, 18, 20))):
        layer = Image.new("L", scene.size)
        ImageDraw.Draw(layer).text(
            (at[0] + offset, at[1] + offset), text, fill=round(255 * strength), font=font
        )
        scene.paste(colour, mask=layer)


def _plate(chance: random.Random, scene: Image.Image) -> None:
    """A riveted plate with two rows."""
    _label(chance, scene, paper=(196, 198, 200), ink=(24, 24, 28), rivets=True)


def _sticker(chance: random.Random, scene: Image.Image) -> None:
    """White paper with a number and a barcode."""
    left, top, right, bottom = _label(chance, scene, paper=(226, 226, 222), ink=(16, 16, 16), rivets=False)
    pen = ImageDraw.Draw(scene)
    x = left + (right - left) * 0.1
    while x < left + (right - left) * 0.85:
        width = chance.choice([4, 8, 12])
        pen.rectangle(
            (x, bottom - (bottom - top) * 0.3, x + width, bottom - (bottom - top) * 0.08), fill=(16, 16, 16)
        )
        x += width + chance.choice([6, 10, 14])


def _label(
    chance: random.Random,
    scene: Image.Image,
    *,
    paper: tuple[int, int, int],
    ink: tuple[int, int, int],
    rivets: bool,
) -> tuple[float, float, float, float]:
    text = _number(chance, 17)
    font = _font(scene, text, chance.uniform(0.5, 0.66))
    x, y = _place(scene, text, font)
    width, height = font.getlength(text), font.size
    box = (x - height, y - height * 1.6, x + width + height, y + height * 3.2)
    pen = ImageDraw.Draw(scene)
    pen.rounded_rectangle(box, radius=18, fill=paper, outline=(50, 50, 52), width=5)
    pen.text((x, y), text, fill=ink, font=font)
    small = font.font_variant(size=font.size * 0.6)
    pen.text((x, y - height * 1.1), "TYPE " + _number(chance, 6), fill=ink, font=small)
    if rivets:
        pen.text(
            (x, y + height * 1.6), _number(chance, 4) + " KG  " + _number(chance, 5), fill=ink, font=small
        )
        for edge in (box[0] + height * 0.45, box[2] - height * 0.45):
            pen.ellipse(
                (edge - 18, y, edge + 18, y + 36), fill=(120, 120, 120), outline=(40, 40, 40), width=4
            )
    return box


def _number(chance: random.Random, length: int) -> str:
    return "".join(chance.choices(_LETTERS, k=length))


def _font(scene: Image.Image, text: str, share: float) -> ImageFont.FreeTypeFont:
    """The font in which the text takes that share of the picture's width."""
    probe = ImageFont.load_default(100)
    assert isinstance(probe, ImageFont.FreeTypeFont)
    return probe.font_variant(size=100 * scene.width * share / probe.getlength(text))


def _place(scene: Image.Image, text: str, font: ImageFont.FreeTypeFont) -> tuple[float, float]:
    return (scene.width - font.getlength(text)) / 2, (scene.height - font.size) / 2


def _light(chance: random.Random, size: tuple[int, int]) -> Image.Image:
    """Light that falls off towards one side."""
    falling = Image.linear_gradient("L").rotate(chance.choice([0, 90, 180, 270]))
    dimmest = chance.uniform(0.55, 0.85)
    table = [round(255 * dimmest + value * (1 - dimmest)) for value in range(256)]
    shade = falling.point(table).resize(size)
    return Image.merge("RGB", [shade.filter(ImageFilter.GaussianBlur(8))] * 3)
