"""Previews: small upright JPEGs in sRGB with nothing but pixels in them, made of any accepted photo."""

import contextlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageCms
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile
from pillow_heif import HeifImageFile

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
    facts = examine(original)
    try:
        preview = _decode(original, facts)
        encoded = _encode(preview)
    except (PhotoRefused, MemoryError):
        raise
    except OSError as error:
        # Pillow's own complaints have no number; those of a disk have, and are not the photo's fault.
        if error.errno is not None:
            raise
        raise PhotoRefused("photo_undecodable") from error
    except Exception as error:  # decoders raise whatever a hostile file leads them to
        raise PhotoRefused("photo_undecodable") from error
    target.write_bytes(encoded)
    return PreviewFacts(preview.width, preview.height, len(encoded), perceptual_hash(preview))


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
    MediaType.HEIC: HeifImageFile,
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
    with _DECODERS[facts.media_type](original) as image:
        if image.width * image.height > facts.most_pixels:
            raise PhotoRefused("photo_undecodable")  # the decoder reads another size than intake did
        size = _fitted(image.width, image.height)
        profile = image.info.get("icc_profile")
        if facts.media_type is MediaType.JPEG:
            image.draft(None, size)
        image.load()
        # CMYK comes from JPEG only, so it is small already, and its profile is for CMYK.
        small = _resized(image, size) if image.mode == "CMYK" else _shrunk(image, size)
    preview = _in_srgb(small, profile)
    # libheif has already turned what the container of a HEIC file demands; its EXIF has no say in it.
    turn = None if facts.media_type is MediaType.HEIC else _UPRIGHT.get(facts.orientation)
    return preview if turn is None else preview.transpose(turn)


def _fitted(width: int, height: int) -> tuple[int, int]:
    longest = max(width, height)
    if longest <= PREVIEW_EDGE:
        return width, height
    return max(1, round(width * PREVIEW_EDGE / longest)), max(1, round(height * PREVIEW_EDGE / longest))


_BAND_ROWS: Final = 512


def _shrunk(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """`image` in RGB at `size`, reduced in bands first: a converted whole would be a second copy."""
    factor = max(1, 2 * max(image.size) // (3 * max(size)))
    if factor == 1 and image.mode == "RGB":
        return _resized(image, size)
    reduced = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
    step = _BAND_ROWS // factor * factor
    for top in range(0, image.height, step):
        band = image.crop((0, top, image.width, min(top + step, image.height)))
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
