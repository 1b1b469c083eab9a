"""What is kept of an uploaded picture: its pixels, upright, in sRGB, of a size that is enough to compare by.

An upload is hostile until its pixels have been written anew. Whatever else was in the file (where it was taken,
a ZIP at its end, a page in a comment) is not looked for: it does not get into what is kept.
"""

import contextlib
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageCms
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

MAX_FILE_BYTES: Final = 15 * 1024 * 1024
# Phones of 48 MP pass. Decoded whole a pixel has 4 bytes, and up to 16 in the decoder of WebP.
MAX_PIXELS: Final = 50_000_000
# Tool marks in a character of 7 mm still show when the whole number fills the picture.
MAX_EDGE: Final = 2400
QUALITY: Final = 88
# Profiles of cameras and displays have some kilobytes, those of printers up to two megabytes.
MAX_ICC_BYTES: Final = 4 * 1024 * 1024
_ORIENTATION: Final = 0x0112
# Pictures whose pixels can be mixed as they are get smaller first: each conversion of the whole is another copy.
_MIXED: Final = frozenset({"L", "LA", "RGB", "RGBA", "CMYK"})

# The class of each type is named, not found by Image.open: that tries other decoders, and takes a photo with a
# depth map behind it for a sequence.
_DECODERS: Final[dict[bytes, type[ImageFile]]] = {
    b"\xff\xd8\xff": JpegImageFile,
    b"\x89PNG\r\n\x1a\n": PngImageFile,
    b"RIFF": WebPImageFile,
}
_UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class PictureRefused(Exception):
    """This file is not taken. `code` is stable, `params` are its figures; the words for people are in errors.py.

    picture_empty; picture_too_large (most); picture_type_unknown; picture_too_many_pixels (width, height,
    most_pixels); picture_undecodable.
    """

    def __init__(self, code: str, **params: int) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


def rewrite(upload: Path, target: Path) -> tuple[int, int]:
    """Write the picture at `upload` anew to `target`, as a JPEG without metadata; returns its width and height.

    Raises PictureRefused. Blocks, and for the largest pictures takes some 850 MiB: `picture_process` calls it.
    """
    try:
        picture = _decode(upload)
        written = BytesIO()
        picture.save(written, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    except (PictureRefused, MemoryError):
        raise
    except OSError as error:
        # Pillow's own complaints have no number; those of a disk have, and are not the picture's fault.
        if error.errno is not None:
            raise
        raise PictureRefused("picture_undecodable") from error
    except Exception as error:  # decoders raise whatever a hostile file leads them to
        raise PictureRefused("picture_undecodable") from error
    target.write_bytes(written.getvalue())
    return picture.size


def _decode(upload: Path) -> Image.Image:
    with upload.open("rb") as file:
        start = file.read(12)
    decoder = next((one for magic, one in _DECODERS.items() if start.startswith(magic)), None)
    if decoder is None or (decoder is WebPImageFile and start[8:] != b"WEBP"):
        raise PictureRefused("picture_type_unknown")
    with decoder(upload) as image:  # reads the header and no pixel
        if image.width * image.height > MAX_PIXELS:
            raise PictureRefused(
                "picture_too_many_pixels", width=image.width, height=image.height, most_pixels=MAX_PIXELS
            )
        turn, profile = _UPRIGHT.get(_orientation_of(image)), image.info.get("icc_profile")
        size = _fitted(*image.size)
        if decoder is JpegImageFile:
            image.draft(None, size)  # a large JPEG is decoded at a half or a quarter of its size
        image.load()
        small = _resized(image if image.mode in _MIXED else _opaque(image), size)
        if small.mode != "CMYK":  # whose profile is for CMYK
            small = _opaque(small)
    picture = _in_srgb(small, profile)
    return picture if turn is None else picture.transpose(turn)


def _orientation_of(image: ImageFile) -> int:
    # EXIF that cannot be read says nothing; the pixels may be as good as any.
    with contextlib.suppress(Exception):
        return int(image.getexif().get(_ORIENTATION, 1))
    return 1


def _fitted(width: int, height: int) -> tuple[int, int]:
    longest = max(width, height)
    if longest <= MAX_EDGE:
        return width, height
    return max(1, round(width * MAX_EDGE / longest)), max(1, round(height * MAX_EDGE / longest))


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)  # pyright: ignore[reportUnknownMemberType] - mentions numpy


def _opaque(image: Image.Image) -> Image.Image:
    """`image` in RGB, on white where it is transparent."""
    if image.mode.startswith("I;16"):  # Pillow would clip 16 bits to 8 instead of scaling them
        scaled = image.point(lambda value: value / 257)  # pyright: ignore[reportUnknownMemberType] - numpy
        return scaled.convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white.convert("RGB")


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """`image` in sRGB, by its profile if that is one for its colours, and with nothing but pixels."""
    converted: Image.Image | None = None
    if isinstance(profile, bytes) and 0 < len(profile) <= MAX_ICC_BYTES:
        # A profile that lcms cannot use is left aside, as browsers do.
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            theirs = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, theirs, _srgb(), outputMode="RGB")
    picture = converted or image.convert("RGB")
    picture.info.clear()
    return picture


def _srgb() -> ImageCms.ImageCmsProfile:
    untyped: Any = ImageCms  # Pillow does not annotate `createProfile`
    return ImageCms.ImageCmsProfile(untyped.createProfile("sRGB"))
