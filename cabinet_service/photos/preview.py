"""Previews: small upright JPEGs in sRGB with nothing but pixels in them, made of any accepted photo."""

import contextlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageCms
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifFile

from cabinet_service.photos.intake import MediaType, PhotoFacts, examine
from cabinet_service.photos.limits import MAX_ICC_BYTES, PREVIEW_EDGE, PREVIEW_QUALITY
from cabinet_service.photos.refusal import PhotoRefused


@dataclass(frozen=True, slots=True)
class PreviewFacts:
    """A preview that was written. `perceptual_hash` is a dHash: 64 bits as 16 hexadecimal digits.

    Photos of which few bits differ look alike, whatever their size, coding or orientation tag.
    """

    width: int
    height: int
    size: int
    perceptual_hash: str


def make_preview(original: Path, target: Path) -> PreviewFacts:
    """Write the preview of the photo at `original` to `target`.

    Raises PhotoRefused if the file is not acceptable or its pixels cannot be decoded. Blocks; uses at most
    about 350 MiB beside what the process already has.
    """
    preview = upright(original)
    with _refusing():
        encoded = _encode(preview)
    target.write_bytes(encoded)
    return PreviewFacts(preview.width, preview.height, len(encoded), perceptual_hash(preview))


def upright(original: Path) -> Image.Image:
    """The picture of the preview before it is encoded: upright, in sRGB, of preview size. Raises the same."""
    facts = examine(original)
    with _refusing():
        return _decode(original, facts)


@contextlib.contextmanager
def _refusing() -> Generator[None]:
    """Around decoders, which raise whatever a hostile file leads them to: refuses the photo."""
    try:
        yield
    except (PhotoRefused, MemoryError):
        raise
    except OSError as error:
        # Pillow's own complaints have no number; those of a disk have, and are not the photo's fault.
        if error.errno is not None:
            raise
        raise PhotoRefused("photo_undecodable") from error
    except Exception as error:
        raise PhotoRefused("photo_undecodable") from error


def perceptual_hash(image: Image.Image) -> str:
    """The dHash of an upright picture: of each of 8 x 8 places, whether it is darker than its right neighbour."""
    grey = _resized(image.convert("L"), (9, 8), Image.Resampling.BOX).tobytes()
    bits = "".join(
        "1" if grey[9 * row + column] < grey[9 * row + column + 1] else "0"
        for row in range(8)
        for column in range(8)
    )
    return f"{int(bits, 2):016x}"


# The class of each type is named, not found by Image.open: that would try other decoders, take a photo with
# an MPF trailer for a sequence, and warn of sizes that limits.py allows.
_DECODERS: Final[dict[MediaType, type[ImageFile]]] = {
    MediaType.JPEG: JpegImageFile,
    MediaType.PNG: PngImageFile,
    MediaType.WEBP: WebPImageFile,
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


def _decode(original: Path, facts: PhotoFacts) -> Image.Image:
    """The upright sRGB picture of preview size."""
    if facts.media_type is MediaType.HEIC:
        # libheif has already turned what the container demands; the file's EXIF has no say in it.
        return _in_srgb(*_decode_heic(original, facts))
    with _DECODERS[facts.media_type](original) as image:
        _hold_to(facts, image.size)
        size = _fitted(*image.size)
        profile = image.info.get("icc_profile")
        if facts.media_type is MediaType.JPEG:
            image.draft(None, size)
        image.load()
        # CMYK comes from JPEG only, so it is small already, and its profile is for CMYK.
        small = _resized(image, size) if image.mode == "CMYK" else _shrunk(image.size, size, _rows_of(image))
    preview = _in_srgb(small, profile)
    turn = _UPRIGHT.get(facts.orientation)
    return preview if turn is None else preview.transpose(turn)


def _decode_heic(original: Path, facts: PhotoFacts) -> tuple[Image.Image, object]:
    """The upright picture of preview size, and its profile. Reduced from libheif's own pixels: as a picture of
    Pillow's all of them would be there twice.
    """
    file: Any = HeifFile(original, remove_stride=False)  # typed in part only
    picture = file[file.primary_index]
    _hold_to(facts, picture.size)
    pixels: Any = memoryview(picture.data)  # decodes, and may find another size
    _hold_to(facts, picture.size)
    (width, height), mode, stride = picture.size, picture.mode, picture.stride

    def rows(top: int, bottom: int) -> Image.Image:
        band = pixels[top * stride : bottom * stride]
        return Image.frombuffer(mode, (width, bottom - top), band, "raw", mode, stride, 1)

    return _shrunk((width, height), _fitted(width, height), rows), picture.info.get("icc_profile")


def _hold_to(facts: PhotoFacts, size: tuple[int, int]) -> None:
    """Refuse the photo whose decoder reads another size than intake did, if that is too large."""
    if size[0] * size[1] > facts.most_pixels:
        raise PhotoRefused("photo_undecodable")


def _fitted(width: int, height: int) -> tuple[int, int]:
    longest = max(width, height)
    if longest <= PREVIEW_EDGE:
        return width, height
    return max(1, round(width * PREVIEW_EDGE / longest)), max(1, round(height * PREVIEW_EDGE / longest))


_BAND_ROWS: Final = 512
# The part of a picture from one row to another.
_Rows = Callable[[int, int], Image.Image]


def _rows_of(image: Image.Image) -> _Rows:
    return lambda top, bottom: image.crop((0, top, image.width, bottom))


def _shrunk(full: tuple[int, int], size: tuple[int, int], rows: _Rows) -> Image.Image:
    """In RGB at `size` the picture of size `full`, reduced in bands first: a converted whole would be a copy."""
    width, height = full
    factor = max(1, 2 * max(full) // (3 * max(size)))
    reduced = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    step = _BAND_ROWS // factor * factor
    for top in range(0, height, step):
        band = rows(top, min(top + step, height))
        reduced.paste(_opaque(band).reduce(factor), (0, top // factor))
    return _resized(reduced, size)


# As sharp as bicubic where a picture gets smaller, at half the cost.
def _resized(
    image: Image.Image, size: tuple[int, int], resampling: Image.Resampling = Image.Resampling.HAMMING
) -> Image.Image:
    return image.resize(size, resampling)  # pyright: ignore[reportUnknownMemberType] - mentions numpy


def _opaque(image: Image.Image) -> Image.Image:
    """`image` in RGB, on white where it is transparent."""
    if image.mode.startswith("I;16"):  # Pillow would clip 16 bits to 8 instead of scaling them
        scaled = image.point(lambda value: value / 257)  # pyright: ignore[reportUnknownMemberType] - numpy
        return scaled.convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
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
    preview = converted or image.convert("RGB")
    preview.info.clear()
    return preview


def _srgb() -> ImageCms.ImageCmsProfile:
    untyped: Any = ImageCms  # Pillow does not annotate `createProfile`
    return ImageCms.ImageCmsProfile(untyped.createProfile("sRGB"))


def _encode(preview: Image.Image) -> bytes:
    buffer = BytesIO()
    preview.save(buffer, "JPEG", quality=PREVIEW_QUALITY, progressive=True, optimize=True)
    return buffer.getvalue()
