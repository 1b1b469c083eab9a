"""What is taken as a photo, what is refused, and with which code."""

import struct
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cabinet_service.photos import limits
from cabinet_service.photos.intake import MediaType, examine
from cabinet_service.photos.refusal import PhotoRefused
from tests.factories import photos
from tests.unit.photos.conftest import Saved

MOSCOW_TIME = timezone(timedelta(hours=3))


def refusal(path: Path) -> tuple[str, dict[str, Any]]:
    with pytest.raises(PhotoRefused) as caught:
        examine(path)
    return caught.value.code, caught.value.params


def zip_file(comment: bytes = b"") -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("payload.class", b"\xca\xfe\xba\xbe" * 20)
        archive.comment = comment
    return buffer.getvalue()


def with_segment(jpeg: bytes, marker: int, content: bytes) -> bytes:
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + jpeg[2:]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (photos.jpeg(), MediaType.JPEG),
        (photos.jpeg(progressive=True), MediaType.JPEG),
        (photos.png(), MediaType.PNG),
        (photos.webp(), MediaType.WEBP),
        (photos.webp(lossless=True), MediaType.WEBP),
        (photos.heic(), MediaType.HEIC),
        (photos.heic(tile_size=256), MediaType.HEIC),
    ],
)
def test_type_and_size_are_told_from_the_content(saved: Saved, content: bytes, media_type: MediaType) -> None:
    facts = examine(saved(content))
    assert (facts.media_type, facts.width, facts.height) == (media_type, 640, 480)
    assert (facts.orientation, facts.captured_at, facts.has_location) == (1, None, False)
    assert facts.size == len(content)


@pytest.mark.parametrize("code", range(1, 9))
def test_orientation_is_read_and_size_is_of_the_stored_pixels(saved: Saved, code: int) -> None:
    facts = examine(saved(photos.with_exif(code)))
    assert facts.orientation == code
    assert (facts.width, facts.height) == ((640, 480) if code < 5 else (480, 640))


def test_time_is_read_with_its_zone_and_location_is_noticed(saved: Saved) -> None:
    taken = datetime(2026, 5, 4, 1, 30, 5, tzinfo=MOSCOW_TIME)
    facts = examine(saved(photos.with_exif(taken_at=taken)))
    assert facts.captured_at == datetime(2026, 5, 3, 22, 30, 5, tzinfo=UTC)
    assert facts.captured_at_source == "exif"
    assert facts.has_location
    assert not examine(saved(photos.with_exif(gps=False))).has_location


def test_time_without_a_zone_is_told_as_the_clock_showed_it(saved: Saved) -> None:
    taken = datetime(2026, 5, 4, 1, 30, 5)  # noqa: DTZ001 - a camera that does not know its zone
    facts = examine(saved(photos.with_exif(taken_at=taken)))
    assert (facts.captured_at, facts.captured_at_source) == (taken.replace(tzinfo=UTC), "exif_local")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "HEIF"])
def test_exif_is_read_from_every_container(saved: Saved, kind: str) -> None:
    exif = Image.open(BytesIO(photos.with_exif(6, taken_at=datetime(2026, 5, 4, tzinfo=UTC)))).getexif()
    facts = examine(saved(photos.encoded(photos.corners(), kind, exif=exif.tobytes())))
    assert facts.captured_at == datetime(2026, 5, 4, tzinfo=UTC)
    assert facts.has_location
    assert facts.orientation == 6


def test_location_in_xmp_alone_is_noticed(saved: Saved) -> None:
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta exif:GPSLatitude='55,45.1N'/>"
    assert examine(saved(with_segment(photos.jpeg(), 0xE1, xmp))).has_location


def test_empty_file(saved: Saved) -> None:
    assert refusal(saved(b"")) == ("photo_empty", {})


def test_file_of_60_mb_is_refused_by_its_size(saved: Saved) -> None:
    path = saved(photos.jpeg())
    with path.open("r+b") as file:
        file.truncate(60_000_000)
    assert refusal(path) == ("photo_too_large", {"size": 60_000_000, "most": limits.MAX_FILE_BYTES})


@pytest.mark.parametrize(
    "content",
    [
        b"just text that somebody named photo.jpg",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(100),
        b"II*\0" + bytes(100),
        b"BM" + bytes(100),
        b"%PDF-1.7\n" + bytes(100),
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(100),
        photos.encoded(photos.corners(), "AVIF"),
        photos.encoded(photos.corners(), "TIFF"),
        photos.encoded(photos.corners(), "JPEG2000"),
        zip_file(),
        b"\xff",
        b"\xff\xd8",
        b"\0" * 4096,
    ],
)
def test_anything_but_the_four_types_is_unknown(saved: Saved, content: bytes) -> None:
    assert refusal(saved(content)) == ("photo_type_unknown", {})


def test_bomb_is_refused_by_its_header(saved: Saved) -> None:
    content = photos.bomb_png()
    assert len(content) < 50_000
    assert refusal(saved(content)) == (
        "photo_too_many_pixels",
        {
            "width": 30_000,
            "height": 30_000,
            "most_pixels": limits.MAX_PNG_PIXELS,
            "most_edge": limits.MAX_EDGE,
        },
    )


def jpeg_claiming(width: int, height: int, *, progressive: bool) -> bytes:
    content = photos.jpeg(progressive=progressive)
    frame = content.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    return content[: frame + 5] + struct.pack(">HH", height, width) + content[frame + 9 :]


def test_jpeg_of_a_108_mp_phone_passes_but_not_a_progressive_one(saved: Saved) -> None:
    assert examine(saved(jpeg_claiming(12_000, 9_000, progressive=False))).width == 12_000
    code, params = refusal(saved(jpeg_claiming(12_000, 9_000, progressive=True)))
    assert (code, params["most_pixels"]) == ("photo_too_many_pixels", 8192 * 6144)


def test_edge_beyond_any_panorama_is_refused(saved: Saved) -> None:
    assert refusal(saved(jpeg_claiming(20_001, 64, progressive=False)))[0] == "photo_too_many_pixels"


def test_icon_is_too_small(saved: Saved) -> None:
    assert refusal(saved(photos.png(200, 31))) == (
        "photo_too_small",
        {"width": 200, "height": 31, "least": 32},
    )


@pytest.mark.parametrize(
    "whole",
    [
        photos.with_exif(),
        photos.jpeg(progressive=True),
        photos.png(),
        photos.webp(),
        photos.webp(lossless=True),
        photos.heic(),
    ],
    ids=["exif", "progressive", "png", "webp", "webp-lossless", "heic"],
)
def test_no_part_of_a_photo_passes_for_the_whole(saved: Saved, whole: bytes) -> None:
    lengths = [*range(16, min(200, len(whole)), 13), *range(200, len(whole), 191), len(whole) - 1]
    codes = {refusal(saved(whole[:length]))[0] for length in lengths}
    assert codes == {"photo_truncated"}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animation_is_refused(saved: Saved, kind: str) -> None:
    frames = [photos.corners(), photos.corners().rotate(90)]
    content = photos.encoded(frames[0], kind, save_all=True, append_images=frames[1:])
    assert refusal(saved(content)) == ("photo_animated", {})


def test_heif_sequence_is_refused(saved: Saved) -> None:
    content = photos.heic()
    assert refusal(saved(content[:8] + b"msf1" + content[12:])) == ("photo_animated", {})


@pytest.mark.parametrize(
    "base", [photos.jpeg(), photos.png(), photos.webp(), photos.heic()], ids=["jpeg", "png", "webp", "heic"]
)
@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (zip_file(), "zip"),
        (bytes(100) + zip_file(comment=b"x" * 5000), "zip"),
        (b"\n<html><body>hello</body></html>", "markup"),
        (b"xx<SCRIPT src=//evil.example></SCRIPT>", "markup"),
        (b"\n<?php system($_GET['c']); ?>", "markup"),
        (b"<?php __HALT_COMPILER();", "markup"),
        (b"xx__HALT_COMPILER(); ?>", "archive"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(50), "archive"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(50), "archive"),
        (b"MZ\x90\0" + bytes(200), "appended_file"),
        (bytes(512) + b"\x7fELF\x02\x01\x01" + bytes(60), "appended_file"),
        (b"notes\x7fELF\x02\x01\x01" + bytes(60), "executable"),
        (b"xxMZ\x90\0" + b"This program cannot be run in DOS mode.", "executable"),
        (b"#!/bin/sh\nrm -rf /\n", "appended_file"),
        (bytes(1024) + b"%PDF-1.7\n", "appended_file"),
    ],
)
def test_second_file_behind_a_photo_is_refused(saved: Saved, base: bytes, payload: bytes, found: str) -> None:
    assert refusal(saved(base + payload)) == ("photo_polyglot", {"found": found})


@pytest.mark.parametrize(
    ("comment", "found"),
    [
        (b"%PDF-1.4 1 0 obj", "pdf"),
        (b"<?php eval($_POST[1]); ?>", "markup"),
        (b"<script>alert(1)</script>", "markup"),
        (zip_file(), "zip"),
    ],
)
def test_second_file_inside_the_metadata_is_refused(saved: Saved, comment: bytes, found: str) -> None:
    assert refusal(saved(with_segment(photos.jpeg(), 0xFE, comment))) == ("photo_polyglot", {"found": found})
    text = photos.png_chunk(b"tEXt", b"Comment\0" + comment)
    png = photos.png()
    assert refusal(saved(png[:33] + text + png[33:])) == ("photo_polyglot", {"found": found})


VIDEO = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\1\x08mdat" + bytes(range(256)) + b"\0\0\0\x08moov"


def test_second_picture_of_a_phone_passes(saved: Saved) -> None:
    content = photos.encoded(photos.corners(), "MPO", save_all=True, append_images=[photos.corners(320, 240)])
    facts = examine(saved(content))
    assert (facts.media_type, facts.width) == (MediaType.JPEG, 640)


@pytest.mark.parametrize("base", [photos.with_exif(), photos.heic()], ids=["jpeg", "heic"])
def test_samsung_motion_photo_passes(saved: Saved, base: bytes) -> None:
    block = b"\0\0\x30\x0a\x10\0\0\0MotionPhoto_Data" + VIDEO
    directory = b"SEFH\x6a\0\0\0\x01\0\0\0\0\0\x30\x0a" + struct.pack("<II", len(block), len(block))
    trailer = block + directory + struct.pack("<I", len(directory)) + b"SEFT"
    assert examine(saved(base + trailer)).width == 640


def test_google_motion_photo_passes(saved: Saved) -> None:
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:Description GCamera:MotionPhoto="1"/></x:xmpmeta>'
    assert examine(saved(with_segment(photos.with_exif(), 0xE1, xmp) + VIDEO)).width == 640


def test_samsung_motion_heic_passes(saved: Saved) -> None:
    video_box = struct.pack(">I4s", 8 + len(VIDEO), b"mpvd") + VIDEO
    assert examine(saved(photos.heic() + video_box)).width == 640


@pytest.mark.parametrize("padding", [bytes(4096), b"\r\n", b"\xff" * 64, b'vivo{"model":"X90"}'])
def test_padding_and_notes_of_a_phone_pass(saved: Saved, padding: bytes) -> None:
    assert examine(saved(photos.jpeg() + padding)).width == 640
    assert examine(saved(photos.png() + padding)).width == 640


def test_zip_signature_that_is_no_zip_passes(saved: Saved) -> None:
    assert examine(saved(photos.jpeg() + VIDEO + b"PK\x05\x06" + b"\x11" * 40)).width == 640


def test_jpeg_of_endless_scans_is_refused(saved: Saved) -> None:
    content = photos.jpeg(progressive=True)
    last_scan = content[content.rindex(b"\xff\xda") : -2]
    assert refusal(saved(content[:-2] + last_scan * 100 + content[-2:])) == ("photo_undecodable", {})


def test_heif_grid_that_claims_more_than_its_photo_is_refused(saved: Saved) -> None:
    content = photos.heic(tile_size=256)
    grid = struct.pack(">HH", 640, 480)
    at = content.index(grid)
    claiming = content[:at] + struct.pack(">HH", 32_000, 32_000) + content[at + 4 :]
    assert refusal(saved(claiming)) == ("photo_undecodable", {})


def test_webp_canvas_that_its_picture_does_not_fill_is_refused(saved: Saved) -> None:
    exif = Image.open(BytesIO(photos.with_exif())).getexif().tobytes()
    content = photos.webp(exif=exif)
    canvas = content.index(b"VP8X") + 12
    claiming = content[:canvas] + b"\xff\x0f\0\xff\x0f\0" + content[canvas + 6 :]
    assert examine(saved(content)).width == 640
    assert refusal(saved(claiming)) == ("photo_undecodable", {})


def test_missing_file_is_the_callers_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        examine(tmp_path / "nothing")
