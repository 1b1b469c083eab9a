"""Hostile and odd files sent as exemplars, and what is given out of those that are taken."""

import struct
import zlib
from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image, ImageCms

from bpa_service.exemplars.picture_process import MAX_FILE_BYTES, PictureProcess, PictureRefused
from bpa_service.exemplars.pictures import MAX_EDGE
from tests.factories import photos
from tests.factories.photos import assert_like_corners
from tests.service.exemplars.conftest import Colleague

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
MIB = 1024 * 1024


def huge_jpeg() -> bytes:
    """A small JPEG whose header claims 60,000 x 60,000 pixels."""
    content = photos.jpeg()
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack(">HH", 60_000, 60_000) + content[at + 4 :]


def zip_of(name: str, content: bytes) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("file", "status", "code"),
    [
        (b"", 422, "picture_empty"),
        (photos.with_comments(photos.jpeg(), MAX_FILE_BYTES + 1), 413, "picture_too_large"),
        (photos.with_comments(photos.jpeg(), 16 * MIB), 413, "body_too_large"),
        (photos.bomb_png(), 422, "picture_too_many_pixels"),
        (huge_jpeg(), 422, "picture_too_many_pixels"),
        (photos.truncated_jpeg(), 422, "picture_undecodable"),
        (photos.png()[:-200], 422, "picture_undecodable"),
        (photos.webp()[:-200], 422, "picture_undecodable"),
        (b"\xff\xd8\xff", 422, "picture_undecodable"),
        (photos.encoded(photos.corners(), "GIF"), 415, "picture_type_unknown"),
        (photos.encoded(photos.corners(), "TIFF"), 415, "picture_type_unknown"),
        (photos.heic(), 415, "picture_type_unknown"),
        (SVG, 415, "picture_type_unknown"),
        (b"This is no picture.", 415, "picture_type_unknown"),
        (b"RIFF\x24\0\0\0WAVEfmt ", 415, "picture_type_unknown"),
        (zip_of("a.jpg", photos.jpeg()), 415, "picture_type_unknown"),
    ],
    ids=[
        "empty", "over 15 MiB", "16 MiB", "PNG bomb", "JPEG bomb", "truncated JPEG", "truncated PNG",
        "truncated WebP", "three bytes", "GIF", "TIFF", "HEIC", "SVG", "text", "sound", "ZIP",
    ],
)  # fmt: skip
async def test_a_hostile_file_is_refused_by_what_it_is(
    senior: Colleague, file: bytes, status: int, code: str
) -> None:
    answer = await senior.send(file)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await senior.found(include_retired="true") == []


async def test_a_picture_of_the_largest_size_is_taken(senior: Colleague) -> None:
    content = photos.jpeg()
    room = MAX_FILE_BYTES - len(content)

    assert (await senior.send(content + b"\0" * room)).status_code == 201


async def test_without_a_file_it_says_so(senior: Colleague) -> None:
    answer = await senior.api.post(
        "/api/v1/exemplars",
        data={"make": "BMW", "marking": "other"},
        files={"picture": photos.jpeg()},
        headers=senior.who.headers,
    )

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/file")


@pytest.mark.parametrize("code", range(1, 9))
async def test_every_orientation_is_given_out_upright(senior: Colleague, code: int) -> None:
    added = await senior.added(photos.with_exif(code))

    picture = await senior.picture(added["id"])
    assert (added["picture"]["width"], added["picture"]["height"]) == picture.size == (640, 480)
    assert_like_corners(picture)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_nothing_but_pixels_is_given_out(senior: Colleague, kind: str) -> None:
    source = Image.open(BytesIO(photos.with_exif()))
    exif = source.getexif()
    exif[0x927C] = b"maker notes"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()  # type: ignore[no-untyped-call] - Pillow does not annotate it
    options = {"comment": "a comment"} if kind == "JPEG" else {}
    sent = photos.encoded(photos.corners(), kind, exif=exif.tobytes(), icc_profile=profile, **options)

    picture = await senior.picture((await senior.added(sent))["id"])

    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    assert dict(picture.getexif()) == {}
    assert picture.info.keys() <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }
    assert_like_corners(picture, tolerance=20)


@pytest.mark.parametrize(
    "more",
    [
        zip_of("evil.html", b"<script>alert(1)</script>"),
        b"%PDF-1.7 evil",
        b"<?php system('evil'); ?>",
        b"MZ evil This program cannot be run in DOS mode",
    ],
    ids=["zip", "pdf", "php", "program"],
)
async def test_what_else_a_file_is_does_not_get_through(senior: Colleague, more: bytes) -> None:
    """Phones, too, put much behind a picture: so it is left behind and not refused."""
    behind = await senior.added(photos.jpeg() + more)
    inside = await senior.added(photos.jpeg(comment=more))

    for one in (behind, inside):
        given = (await senior.get(f"/{one['id']}/picture")).content
        assert b"evil" not in given
        assert given.endswith(b"\xff\xd9")


async def test_a_large_picture_is_made_smaller(senior: Colleague) -> None:
    added = await senior.added(photos.jpeg(4000, 3000))

    assert (added["picture"]["width"], added["picture"]["height"]) == (MAX_EDGE, 1800)
    assert_like_corners(await senior.picture(added["id"]))


@pytest.mark.parametrize(
    "sent",
    [
        photos.encoded(photos.corners().convert("CMYK"), "JPEG"),
        photos.encoded(photos.corners().convert("RGBA"), "PNG"),
        photos.encoded(photos.corners().quantize(16), "PNG"),
        photos.webp(lossless=True),
    ],
    ids=["CMYK", "RGBA", "palette", "lossless WebP"],
)
async def test_every_kind_of_colours_is_taken(senior: Colleague, sent: bytes) -> None:
    assert_like_corners(await senior.picture((await senior.added(sent))["id"]), tolerance=30)


async def test_a_compressed_text_in_a_png_does_not_grow(senior: Colleague) -> None:
    text = b"Comment\0\0" + zlib.compress(bytes(200 * MIB), 9)
    pixels = (b"\0" + b"\x80" * 300) * 100

    answer = await senior.send(photos.raw_png(100, 100, pixels, extra=photos.png_chunk(b"zTXt", text)))

    assert (answer.status_code, answer.json()["code"]) == (422, "picture_undecodable")


async def test_a_picture_is_served_as_nothing_but_a_picture(senior: Colleague, expert: Colleague) -> None:
    exemplar_id = (await senior.added())["id"]

    first = await expert.get(f"/{exemplar_id}/picture")
    again = await expert.get(
        f"/{exemplar_id}/picture", headers={"If-None-Match": f'"x", W/{first.headers["etag"]}'}
    )

    assert first.headers["content-type"] == "image/jpeg"
    assert first.headers["cache-control"] == "private, no-cache"
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["content-disposition"] == f'inline; filename="{exemplar_id}.jpg"'
    assert first.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_a_picture_that_hangs_the_decoder_is_refused() -> None:
    pictures = PictureProcess(seconds=0.001)  # too short even to start it
    try:
        with pytest.raises(PictureRefused, match="picture_undecodable"):
            await pictures.rewritten(BytesIO(photos.jpeg()))
        assert pictures.process.pid is None
    finally:
        await pictures.close()
