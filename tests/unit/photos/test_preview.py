"""Previews: upright, in sRGB, with nothing but pixels, whatever the original is."""

import struct
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from cabinet_service.photos.intake import examine
from cabinet_service.photos.preview import make_preview
from cabinet_service.photos.refusal import PhotoRefused
from tests.factories import photos
from tests.factories.heic import of_one_tile
from tests.factories.photos import Colour, assert_like_corners, four_colours
from tests.unit.photos.conftest import Saved


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "previews"
    folder.mkdir()
    return folder / "preview.jpg"


def looked_at(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
    assert (image.format, image.mode) == ("JPEG", "RGB")
    return image


@pytest.mark.parametrize("code", range(1, 9))
def test_every_orientation_comes_out_upright(saved: Saved, target: Path, code: int) -> None:
    facts = make_preview(saved(photos.with_exif(code)), target)
    preview = looked_at(target)
    assert (facts.width, facts.height) == preview.size == (640, 480)
    assert_like_corners(preview)


@pytest.mark.parametrize("code", range(1, 9))
def test_heic_comes_out_upright_once(saved: Saved, target: Path, code: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = code
    stored = Image.open(BytesIO(photos.with_exif(code)))
    make_preview(saved(photos.encoded(stored, "HEIF", exif=exif.tobytes(), quality=90)), target)
    assert_like_corners(looked_at(target), tolerance=20)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_nothing_but_pixels_is_left(saved: Saved, target: Path, kind: str) -> None:
    source = Image.open(BytesIO(photos.with_exif(taken_at=datetime(2026, 5, 4, tzinfo=UTC))))
    exif = source.getexif()
    exif[0x927C] = b"maker notes"
    options: dict[str, object] = {"exif": exif.tobytes()}
    if kind == "JPEG":
        options |= {"comment": b"55.7522, 37.6156", "xmp": b"<x:xmpmeta exif:GPSLatitude='55,45.1N'/>"}
    original = photos.encoded(source, kind, **options)
    assert b"Demo camera" in original

    make_preview(saved(original), target)
    assert looked_at(target).info.keys() <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }
    written = target.read_bytes()
    for trace in (b"Exif", b"GPS", b"Demo camera", b"maker notes", b"55.7522", b"xmpmeta", b"ICC_PROFILE"):
        assert trace not in written


def test_preview_is_a_progressive_jpeg_of_1600(saved: Saved, target: Path) -> None:
    facts = make_preview(saved(photos.jpeg(4000, 3000)), target)
    preview = looked_at(target)
    assert preview.size == (facts.width, facts.height) == (1600, 1200)
    assert preview.info["progressive"]
    assert facts.size == target.stat().st_size
    assert_like_corners(preview)


@pytest.mark.parametrize(
    ("size", "expected"), [((5000, 40), (1600, 13)), ((40, 5000), (13, 1600)), ((100, 60), (100, 60))]
)
def test_shape_is_kept_and_nothing_is_enlarged(
    saved: Saved, target: Path, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    make_preview(saved(photos.jpeg(*size)), target)
    assert looked_at(target).size == expected


@pytest.mark.parametrize(
    "original",
    [
        photos.jpeg(progressive=True),
        photos.jpeg(subsampling=0),
        photos.encoded(photos.corners().convert("CMYK"), "JPEG"),
        photos.png(),
        photos.png(3700, 2000),
        photos.encoded(photos.corners().convert("P", palette=Image.Palette.ADAPTIVE), "PNG"),
        photos.encoded(photos.corners().convert("RGBA"), "PNG"),
        photos.encoded(photos.corners(3700, 2000).convert("RGBA"), "PNG"),
        photos.webp(quality=95),
        photos.webp(lossless=True),
        photos.heic(quality=95),
        photos.heic(quality=95, tile_size=256),
        photos.heic(641, 481, quality=95),
    ],
)
def test_colours_are_kept_from_every_coding(saved: Saved, target: Path, original: bytes) -> None:
    make_preview(saved(original), target)
    assert_like_corners(looked_at(target), tolerance=20)


def sixteen_bit_png(channels: tuple[int, ...], colour: int) -> bytes:
    row = b"\0" + struct.pack(f">{len(channels)}H", *channels) * 64
    return photos.raw_png(64, 64, row * 64, depth=16, colour=colour)


@pytest.mark.parametrize(
    ("channels", "colour", "expected"),
    [
        ((0x8000,), 0, (128, 128, 128)),
        ((0xC000, 0x4000, 0x2000), 2, (192, 64, 32)),
        ((0x4000, 0xFFFF), 4, (64, 64, 64)),
        ((0xC000, 0x4000, 0x2000, 0xFFFF), 6, (192, 64, 32)),
    ],
    ids=["grey", "rgb", "grey-alpha", "rgba"],
)
def test_sixteen_bits_are_scaled_not_clipped(
    saved: Saved, target: Path, channels: tuple[int, ...], colour: int, expected: Colour
) -> None:
    make_preview(saved(sixteen_bit_png(channels, colour)), target)
    for found in four_colours(looked_at(target)):
        assert max(abs(a - b) for a, b in zip(found, expected, strict=True)) <= 4


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_becomes_white(saved: Saved, target: Path, mode: str) -> None:
    image = Image.new("RGBA", (64, 64), (255, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0, 32, 64))
    make_preview(saved(photos.encoded(image.convert(mode), "PNG")), target)
    left, right, *_ = four_colours(looked_at(target))
    assert max(left) < 12
    assert min(right) > 243


def test_bilevel_and_grey_are_taken(saved: Saved, target: Path) -> None:
    for mode in ("1", "L"):
        make_preview(saved(photos.encoded(photos.corners().convert(mode), "PNG")), target)
        assert min(four_colours(looked_at(target))[2]) > 215


def test_profile_is_applied_and_left_out(saved: Saved, target: Path) -> None:
    # In this profile red and blue have changed places, so that it cannot be applied by chance.
    srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType] - not annotated there
    red, blue = srgb.index(b"rXYZ"), srgb.index(b"bXYZ")
    srgb[red : red + 4], srgb[blue : blue + 4] = b"bXYZ", b"rXYZ"
    make_preview(saved(photos.jpeg(icc_profile=bytes(srgb))), target)
    upper_left, _, _, lower_left = four_colours(looked_at(target))
    assert upper_left[2] > 150 > upper_left[0]
    assert lower_left[0] > 150 > lower_left[2]


@pytest.mark.parametrize("profile", [b"not a profile", bytes(200), b"\0" * 500_000])
def test_profile_that_is_none_is_left_aside(saved: Saved, target: Path, profile: bytes) -> None:
    make_preview(saved(photos.jpeg(icc_profile=profile)), target)
    assert_like_corners(looked_at(target))


def test_file_that_lies_about_its_pixels_is_undecodable(saved: Saved, target: Path) -> None:
    whole = photos.png(200, 200)
    chunk = whole.index(b"IDAT")
    broken = whole[: chunk + 20] + bytes(40) + whole[chunk + 60 :]
    with pytest.raises(PhotoRefused) as caught:
        make_preview(saved(broken), target)
    assert caught.value.code == "photo_undecodable"
    assert list(target.parent.iterdir()) == []


def test_file_that_intake_refuses_has_no_preview(saved: Saved, target: Path) -> None:
    with pytest.raises(PhotoRefused) as caught:
        make_preview(saved(photos.bomb_png()), target)
    assert caught.value.code == "photo_too_many_pixels"
    assert not target.exists()


def test_rendered_photos_of_a_car_have_previews(saved: Saved, target: Path) -> None:
    for content in (photos.stamped_number(), photos.vin_plate(), photos.dark(), photos.blurred()):
        make_preview(saved(content), target)
        assert looked_at(target).size == (1280, 960)


def test_the_largest_heic_is_taken_and_no_larger_one(saved: Saved, target: Path) -> None:
    facts = make_preview(saved(of_one_tile(16, 12)), target)
    assert (facts.width, facts.height) == (1600, 1200)
    with pytest.raises(PhotoRefused, match="photo_too_many_pixels"):
        make_preview(saved(of_one_tile(17, 12)), target)


def test_of_a_heic_with_a_clean_aperture_all_sizes_are_those_of_what_it_shows(
    saved: Saved, target: Path
) -> None:
    photo = saved(of_one_tile(2, 2, size=(1014, 758), shown=(500, 700)))
    preview = make_preview(photo, target)
    assert (examine(photo).width, examine(photo).height) == (preview.width, preview.height) == (500, 700)


def test_full_disk_is_not_the_photos_fault(saved: Saved) -> None:
    with pytest.raises(OSError, match="No space left"):
        make_preview(saved(photos.png()), Path("/dev/full"))


def test_missing_original_is_the_callers_error(tmp_path: Path, target: Path) -> None:
    with pytest.raises(FileNotFoundError):
        make_preview(tmp_path / "nothing", target)
