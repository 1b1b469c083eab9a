"""Rendered stampings: seventeen characters struck one by one into metal, as a phone sees them.

Half of them (the odd numbers) have one character that was struck anew: off its place along the row, of another
height, or tilted. What a genuine tool does is drawn, too: every character is a little off in all of these.
"""

import io
import math
import random
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Kind = Literal["pitch", "height", "tilt"]
LETTERS: Final = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
LENGTH: Final = 17
_KINDS: Final[tuple[Kind, ...]] = ("pitch", "height", "tilt")
_DRAWN_AT: Final = 2  # drawn twice as large, so that reducing it leaves edges as a lens does
_PUNCH: Final = 400  # pixels to the em of a punch, before it is brought to its size
_MOST_TILT: Final = math.radians(0.5)

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Alteration:
    """`size` is in parts of the pitch, in parts of the height, or in radians; its sign is the direction."""

    place: int
    kind: Kind
    size: float


@dataclass(frozen=True, slots=True)
class Stamping:
    """The grey picture in the box that a hand placed around the number."""

    text: str
    altered: Alteration | None
    image: Image.Image


@dataclass(frozen=True, slots=True)
class _Tool:
    """What all characters of one stamping have in common; lengths are pixels as drawn."""

    height: float
    pitch: float
    condensed: float
    weight: int
    slack: float


def stamping(number: int) -> Stamping:
    """The stamping with this number; the same every time."""
    chance = random.Random(number)
    text = "".join(chance.choices(LETTERS, k=LENGTH))
    altered = _alteration(chance) if number % 2 else None
    height = chance.uniform(40, 80) * _DRAWN_AT
    tool = _Tool(
        height=height,
        pitch=height * chance.uniform(0.74, 0.92),
        condensed=chance.uniform(0.78, 0.95),
        weight=chance.randint(0, 10),
        slack=chance.uniform(0.005, 0.01),
    )
    stars = chance.random() < 0.3
    depth, box = _struck(chance, tool, text, altered, stars=stars)
    scene = _lit(chance, depth, tool)
    return Stamping(text, altered, _photographed(chance, scene, box, tool))


def _alteration(chance: random.Random) -> Alteration:
    kind = chance.choice(_KINDS)
    size = chance.uniform(0.04, 0.15 if kind == "tilt" else 0.12)
    return Alteration(chance.randrange(LENGTH), kind, size * chance.choice((-1, 1)))


def _struck(
    chance: random.Random, tool: _Tool, text: str, altered: Alteration | None, *, stars: bool
) -> tuple[Image.Image, tuple[float, float, float, float]]:
    """How deep the metal is, white the deepest, and the bounds of the number in it."""
    margin = tool.height * 2.2
    size = (round(tool.pitch * LENGTH + margin * 2), round(tool.height * 2.4 + margin * 2))
    depth = Image.new("L", size)
    middle = size[1] / 2
    for place, character in enumerate(text):
        size_off, along = 1 + chance.gauss(0, tool.slack), chance.gauss(0, tool.slack)
        tilt, down = _own_tilt(chance), chance.gauss(0, tool.slack)
        if altered is not None and altered.place == place:
            size_off += altered.size if altered.kind == "height" else 0
            along += altered.size if altered.kind == "pitch" else 0
            tilt += altered.size if altered.kind == "tilt" else 0
        at = (margin + tool.pitch * (place + 0.5 + along), middle + tool.height * down)
        _strike(depth, tool, character, at, size_off, tilt)
    ends = (-0.5, LENGTH + 0.5) if stars else ()
    for end in ends:
        at = (margin + tool.pitch * (end + chance.gauss(0, tool.slack)), middle)
        _strike(depth, tool, "*", at, 1, _own_tilt(chance))
    reach = tool.pitch if stars else 0
    left, right = margin - reach, size[0] - margin + reach
    return depth, (left, middle - tool.height / 2, right, middle + tool.height / 2)


def _own_tilt(chance: random.Random) -> float:
    return max(-_MOST_TILT, min(_MOST_TILT, chance.gauss(0, _MOST_TILT / 2)))


def _strike(
    depth: Image.Image, tool: _Tool, character: str, at: tuple[float, float], size: float, tilt: float
) -> None:
    """One punch: its letter stands in the middle of its shank, and is as narrow as the pitch demands."""
    font = ImageFont.load_default(_PUNCH)
    assert isinstance(font, ImageFont.FreeTypeFont)
    capital = font.getmask("H").getbbox()
    cap = (capital[3] - capital[1]) + tool.weight * 2
    tile = Image.new("L", (_PUNCH * 2, _PUNCH * 2))
    base = (_PUNCH * 0.5, _PUNCH * 1.5)
    ImageDraw.Draw(tile).text(
        base, character, fill=255, font=font, anchor="ls", stroke_width=tool.weight, stroke_fill=255
    )
    bounds = tile.getbbox()
    assert bounds is not None
    up = tool.height / cap
    narrow = min(tool.condensed, 0.84 * tool.pitch / ((bounds[2] - bounds[0]) * up))
    across = up * narrow
    # Where a pixel of the picture comes from in the tile: turned back, then brought to the tile's size.
    cosine, sine = math.cos(tilt), math.sin(tilt)
    centre = ((bounds[0] + bounds[2]) / 2, base[1] + tool.weight - cap / 2)
    a, b = cosine / (across * size), sine / (across * size)
    d, e = -sine / (up * size), cosine / (up * size)
    half = round(tool.height * 1.1)
    left, top = math.floor(at[0]) - half, math.floor(at[1]) - half
    x, y = at[0] - left, at[1] - top
    matrix = (a, b, centre[0] - a * x - b * y, d, e, centre[1] - d * x - e * y)
    # The tile is reduced several times over, so it is softened by as much first.
    soft = tile.filter(ImageFilter.GaussianBlur(0.4 / up))
    struck = soft.transform((half * 2, half * 2), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)
    depth.paste(255, (left, top), struck)


def _lit(chance: random.Random, struck: Image.Image, tool: _Tool) -> Image.Image:
    """Painted metal with grain, lit from one side: every stroke has a lit wall, a shaded one and a dark floor."""
    wall = tool.height * chance.uniform(0.016, 0.03)
    depth = _array(struck.filter(ImageFilter.GaussianBlur(wall))) / 255
    down, right = (np.asarray(part, dtype=np.float32) for part in np.gradient(depth))
    towards = chance.uniform(0, 2 * math.pi)
    slope = (right * math.cos(towards) + down * math.sin(towards)) * wall * 2.5
    paint = chance.uniform(80, 180)
    floor = chance.uniform(0.12, 0.4)
    relief = chance.uniform(0.35, 0.7)
    shine = np.clip(slope, 0, None) ** 2 * chance.uniform(0, 0.5)
    grain = _grain(chance, struck.size)
    bright = paint * (1 - floor * depth + relief * slope + shine) * grain
    scene = Image.fromarray(np.clip(bright, 0, 255).astype(np.uint8))
    _scratch(chance, scene, paint)
    return Image.fromarray(np.clip(_array(scene) * _falloff(chance, scene.size), 0, 255).astype(np.uint8))


def _grain(chance: random.Random, size: tuple[int, int]) -> Array:
    """Of two kinds: fine, brushed along the row, and coarse, as paint and dirt lie."""
    drawn = np.random.default_rng(chance.getrandbits(32))
    fine = drawn.normal(0, 1, (size[1], size[0] // 8 + 1)).astype(np.float32)
    fine = np.repeat(fine, 8, axis=1)[:, : size[0]]
    small = drawn.normal(0, 1, (size[1] // 24 + 2, size[0] // 24 + 2)).astype(np.float32)
    coarse = _array(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC))
    rough = 1 + fine * chance.uniform(0.01, 0.05) + coarse * chance.uniform(0.01, 0.04)
    return rough.astype(np.float32)


def _scratch(chance: random.Random, scene: Image.Image, paint: float) -> None:
    pen = ImageDraw.Draw(scene)
    for _ in range(chance.randint(0, 4)):
        x, y = chance.uniform(0, scene.width), chance.uniform(0, scene.height)
        turn, length = chance.uniform(0, math.pi), chance.uniform(40, 300)
        end = (x + math.cos(turn) * length, y + math.sin(turn) * length)
        pen.line([(x, y), end], fill=round(paint * chance.uniform(0.8, 1.25)), width=chance.randint(1, 3))


def _falloff(chance: random.Random, size: tuple[int, int]) -> Array:
    """Light that falls off towards one side."""
    turn, dimmest = chance.uniform(0, 2 * math.pi), chance.uniform(0.55, 0.9)
    down, right = np.mgrid[-1 : 1 : size[1] * 1j, -1 : 1 : size[0] * 1j]
    way = (right * math.cos(turn) + down * math.sin(turn)) / (abs(math.cos(turn)) + abs(math.sin(turn)))
    return (dimmest + (1 - dimmest) * (way + 1) / 2).astype(np.float32)


def _photographed(
    chance: random.Random, scene: Image.Image, box: tuple[float, float, float, float], tool: _Tool
) -> Image.Image:
    """Seen by a phone held a little askew, not quite square to the metal; cut to the box of a hand."""
    turn = math.radians(chance.uniform(-6, 6))
    yaw, lean = chance.uniform(-0.06, 0.06), chance.uniform(-0.04, 0.04)
    width, height = scene.size
    x0, y0 = width / 2, height / 2
    cosine, sine = math.cos(turn), math.sin(turn)

    def seen(x: float, y: float) -> tuple[float, float]:
        x, y = x - x0, y - y0
        nearer = 1 + yaw * x / x0 + lean * y / x0
        return (
            (x * cosine - y * sine) / nearer / _DRAWN_AT,
            (x * sine + y * cosine) / nearer / _DRAWN_AT,
        )

    corners = [seen(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    tall = tool.height / _DRAWN_AT
    slack = [chance.uniform(0.12, 0.5) * tall for _ in range(4)]
    left, top = min(x for x, _ in corners) - slack[0], min(y for _, y in corners) - slack[1]
    right, bottom = max(x for x, _ in corners) + slack[2], max(y for _, y in corners) + slack[3]
    size = (round(right - left), round(bottom - top))
    # Seen twice as large and reduced. `seen` is turned around: 1 / nearer is linear in what is seen.
    matrix = _back(turn, yaw / x0, lean / x0, (x0, y0), (left, top))
    large = scene.transform(
        (size[0] * 2, size[1] * 2), Image.Transform.PERSPECTIVE, matrix, Image.Resampling.BICUBIC
    )
    focus = ImageFilter.GaussianBlur(chance.uniform(0.5, 1.3) * 2)
    photo = _array(large.filter(focus).resize(size, Image.Resampling.BOX))
    noise = np.random.default_rng(chance.getrandbits(32)).normal(0, chance.uniform(2, 6), photo.shape)
    exposed = Image.fromarray(np.clip(photo + noise, 0, 255).astype(np.uint8))
    kept = io.BytesIO()
    exposed.save(kept, "JPEG", quality=chance.randint(80, 92))
    return Image.open(kept).convert("L")


def _back(
    turn: float, across: float, down: float, middle: tuple[float, float], corner: tuple[float, float]
) -> tuple[float, ...]:
    """The eight numbers by which Pillow finds where a pixel of the picture, twice as large, lies in the scene."""
    cosine, sine = math.cos(turn), math.sin(turn)
    forth = np.array([[cosine, -sine, 0], [sine, cosine, 0], [across, down, 1]])
    forth = np.diag([1 / _DRAWN_AT, 1 / _DRAWN_AT, 1]) @ forth
    to_corner = np.array([[2, 0, -2 * corner[0]], [0, 2, -2 * corner[1]], [0, 0, 1]])
    from_middle = np.array([[1, 0, -middle[0]], [0, 1, -middle[1]], [0, 0, 1]])
    back = np.linalg.inv(to_corner @ forth @ from_middle)
    return tuple(float(part) for part in (back / back[2, 2]).flatten()[:8])


def _array(image: Image.Image) -> Array:
    return np.asarray(image, dtype=np.float32)
