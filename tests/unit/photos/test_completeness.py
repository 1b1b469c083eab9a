"""Whether all of a JPEG's picture is there, and pictures that end without saying so."""

import struct
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from cabinet_service.photos.intake import examine
from cabinet_service.photos.preview import make_preview
from cabinet_service.photos.refusal import PhotoRefused
from tests.factories import photos
from tests.unit.photos.conftest import Saved

EOI = b"\xff\xd9"


def half_of(photo: bytes, keep: float = 0.5) -> bytes:
    """The photo with a part of its compressed pixels, ended as it should be."""
    start = photo.rindex(b"\xff\xda")
    return photo[: start + int((len(photo) - start) * keep)].rstrip(b"\xff") + EOI


def busy(**options: object) -> bytes:
    noise = Image.frombytes("RGB", (320, 240), Random(5).randbytes(320 * 240 * 3))
    return photos.encoded(noise.resize((640, 480)), "JPEG", **options)


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"restart_marker_rows": 2}, {"optimize": True}]
)
def test_a_picture_that_lacks_a_part_is_told_from_one_that_is_whole(
    saved: Saved, tmp_path: Path, options: dict[str, object]
) -> None:
    whole = busy(**options)
    assert not make_preview(saved(whole), tmp_path / "preview.jpg").incomplete
    for keep in (0.3, 0.9):
        assert make_preview(saved(half_of(whole, keep)), tmp_path / "preview.jpg").incomplete


def test_whole_pictures_of_all_kinds_lack_nothing(saved: Saved, tmp_path: Path) -> None:
    for photo in (photos.jpeg(), photos.with_exif(6), photos.jpeg(33, 47), photos.vin_plate(), photos.png()):
        assert not make_preview(saved(photo), tmp_path / "preview.jpg").incomplete


def samsungs(photo: bytes, video: bytes, *, marked: bool = False) -> bytes:
    """A panorama: the picture without its end marker, a video, and the index at the end of the file."""
    part = b"\0\0\x30\x0a" + struct.pack("<I", 14) + b"MotionPhoto_Data"[:14] + video
    index = b"SEFH" + struct.pack("<II", 106, 1) + struct.pack("<HHII", 0, 0x0A30, len(part), len(part))
    end = EOI if marked else b""
    return photo.removesuffix(EOI) + end + part + index + struct.pack("<I", len(index)) + b"SEFT"


@pytest.mark.parametrize("marked", [True, False])
def test_a_panorama_is_taken_whatever_bytes_its_video_holds(
    saved: Saved, tmp_path: Path, *, marked: bool
) -> None:
    photo = busy()
    expected = make_preview(saved(photo), tmp_path / "preview.jpg")
    for video in (
        b"\0\0\0\x18ftypmp42", b"\xff\xd9" * 9, b"\xff\xd8\xff\xe1\xff\xff", b"\xff\xc0\0\x02",
        b"\xff\xda\0\x08" * 50,
        Random(7).randbytes(200_000),
    ):  # fmt: skip
        panorama = saved(samsungs(photo, video, marked=marked))
        assert (examine(panorama).width, examine(panorama).height) == (640, 480)
        assert make_preview(panorama, tmp_path / "preview.jpg") == expected


def test_a_photo_that_ends_nowhere_is_still_refused(saved: Saved) -> None:
    photo = busy().removesuffix(EOI)
    for tail in (b"", b"SEFT", b"\xff\xff\xff\xffSEFT", b"SEFH" + bytes(8) + b"\x0c\0\0\0SEFX"):
        with pytest.raises(PhotoRefused, match="photo_truncated"):
            examine(saved(photo + tail))


@pytest.mark.parametrize("size", [(8160, 6144), (8192, 6144)])
def test_what_phones_call_50_megapixels_is_taken(saved: Saved, size: tuple[int, int]) -> None:
    photo = photos.encoded(Image.new("RGB", size), "JPEG", progressive=True)
    assert (examine(saved(photo)).width, examine(saved(photo)).height) == size
