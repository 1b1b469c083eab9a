"""A photo that comes again in another file is told by its hash, and others are not taken for it."""

from collections.abc import Callable
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Final

import pytest
from PIL import Image, ImageEnhance, ImageOps

from bpa_service.evidence.likeness import NEAR, distance, parts_of
from cabinet_service.photos.preview import hash_of, make_preview, perceptual_hash
from tests.factories import photos
from tests.unit.photos.conftest import Saved

FOLDER: Final = Path(__file__).resolve().parents[3].parent / "shared" / "photos"
REAL: Final = sorted((*FOLDER.glob("*.jpg"), *FOLDER.glob("plates/*.jpg")))


def opened(content: bytes | Path) -> Image.Image:
    image = Image.open(BytesIO(content) if isinstance(content, bytes) else content)
    return ImageOps.exif_transpose(image).convert("RGB")


def coded(image: Image.Image, quality: int) -> Image.Image:
    return opened(photos.encoded(image, "JPEG", quality=quality))


def smaller(image: Image.Image, edge: int) -> Image.Image:
    small = image.copy()
    small.thumbnail((edge, edge))
    return small


def cut(image: Image.Image, share: float) -> Image.Image:
    """Without a margin of half that share at each side."""
    across, down = round(image.width * share / 2), round(image.height * share / 2)
    return image.crop((across, down, image.width - across, image.height - down))


AGAIN: Final[dict[str, Callable[[Image.Image], Image.Image]]] = {
    "coded at 40": lambda image: coded(image, 40),
    "half as large": lambda image: smaller(image, max(image.size) // 2),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.2),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.7),
    "through a messenger": lambda image: coded(smaller(image, 1280), 70),
    "through two": lambda image: coded(smaller(coded(smaller(image, 1280), 60), 800), 50),
    "cut by three per cent": lambda image: cut(image, 0.03),
}
FAR: Final = NEAR + 6


def apart(one: str, other: str) -> int:
    return distance(parts_of(one), parts_of(other))


@pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN)
@pytest.mark.parametrize("drawn", [photos.stamped_number, photos.vin_plate], ids=["stamped", "plate"])
def test_a_photo_that_comes_again_is_similar(
    drawn: Callable[[], bytes], again: Callable[[Image.Image], Image.Image]
) -> None:
    image = opened(drawn())
    assert apart(perceptual_hash(image), perceptual_hash(again(image))) <= NEAR


def test_its_format_and_its_orientation_make_no_difference(saved: Saved, tmp_path: Path) -> None:
    image = opened(photos.stamped_number())
    turned = image.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    files = [
        photos.encoded(image, "PNG"),
        photos.encoded(image, "WEBP", quality=70),
        photos.encoded(turned, "JPEG", exif=exif.tobytes()),
    ]
    hashes = [make_preview(saved(file), tmp_path / "preview").perceptual_hash for file in files]
    assert max(apart(one, other) for one, other in combinations(hashes, 2)) <= 4


def test_a_preview_that_is_there_is_hashed_as_the_photo_was(saved: Saved, tmp_path: Path) -> None:
    made = make_preview(saved(photos.vin_plate()), tmp_path / "preview")
    assert apart(made.perceptual_hash, hash_of(tmp_path / "preview")) <= 2


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_what_is_too_plain_has_none(grey: int) -> None:
    wall = Image.blend(Image.new("L", (640, 480), grey), Image.effect_noise((640, 480), 20), 0.2)
    assert perceptual_hash(wall.convert("RGB")) == ""
    assert perceptual_hash(opened(photos.jpeg())) == ""  # four blocks of colour


@pytest.mark.skipif(not REAL, reason="no real photos beside this checkout")
def test_real_photos_are_told_from_each_other_and_from_none_of_their_copies() -> None:
    hashes: dict[str, str] = {}
    missed: dict[str, int] = dict.fromkeys(AGAIN, 0)
    for path in REAL:
        image = smaller(opened(path), 1600)
        hashes[path.stem] = perceptual_hash(image)
        for name, again in AGAIN.items():
            missed[name] += apart(hashes[path.stem], perceptual_hash(again(image))) > NEAR
    assert {name: count for name, count in missed.items() if count > len(REAL) // 20} == {}
    assert min(apart(one, other) for one, other in combinations(hashes.values(), 2)) > FAR
