"""Previews: small upright JPEGs in sRGB with nothing but pixels in them, made of any accepted photo."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from pi_heif import HeifFile  # pyright: ignore[reportMissingTypeStubs] - it has none
from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from cabinet_service.photos.completeness import ended, lacks_pixels
from cabinet_service.photos.intake import MediaType, PhotoFacts, examine
from cabinet_service.photos.limits import PREVIEW_EDGE, PREVIEW_QUALITY
from cabinet_service.photos.preview_process import PreviewFacts
from cabinet_service.photos.refusal import UNDECODABLE, PhotoRefused
from service_kit.decoding import decode_questions
from service_kit.pictures import UPRIGHT, as_jpeg, fitted, in_srgb, opaque, refusing

# The largest photos that limits.py allows need about 400 MiB beside the interpreter and its libraries.
MEMORY_LIMIT: Final = 2 * 1024**3
IDLE_SECONDS: Final = 60.0
# A step between neighbours, of 256 greys; what is smaller may be noise. Of the 128 steps of a real photo of a car
# 66 tell something, and mostly over 100; of a covered lens or a white wall hardly any does.
TELLING: Final = 3
FEWEST_TELLING: Final = 40


def make_preview(original: Path, target: Path) -> PreviewFacts:
    """Write the preview of the photo at `original` to `target`.

    Raises PhotoRefused if the file is not acceptable or its pixels cannot be decoded. Blocks; uses at most
    about 350 MiB beside what the process already has.
    """
    facts = examine(original)
    with _refusing():
        preview = _decode(original, facts)
        encoded = as_jpeg(preview, quality=PREVIEW_QUALITY)
        incomplete = facts.media_type is MediaType.JPEG and lacks_pixels(original, facts)
    target.write_bytes(encoded)
    return PreviewFacts(preview.width, preview.height, len(encoded), perceptual_hash(preview), incomplete)


def upright(original: Path) -> Image.Image:
    """The picture of the preview before it is encoded: upright, in sRGB, of preview size. Raises the same."""
    facts = examine(original)
    with _refusing():
        return _decode(original, facts)


def _refusing() -> AbstractContextManager[None]:
    return refusing(PhotoRefused, UNDECODABLE)


def perceptual_hash(image: Image.Image) -> str:
    """The dHash of an upright picture, across and down, as `PhotoHash` has it; empty where it is too plain.

    Of each of 8 x 8 places it says whether it is darker than its right neighbour, and than the one below.
    """
    grey = image.convert("L")
    across = _resized(grey, (9, 8), Image.Resampling.BOX).tobytes()
    down = _resized(grey, (8, 9), Image.Resampling.BOX).tobytes()
    steps: list[int] = []
    # Each part takes one place of every row and column: neighbours, which mostly say the same, are in different
    # parts. Among photos of cars a part is shared by chance ten times less often than one of two whole rows.
    for part in range(8):
        for row in range(8):
            column = (row + part) % 8
            steps.append(across[9 * row + column + 1] - across[9 * row + column])
        for row in range(8):
            column = (3 * row + part + 4) % 8
            steps.append(down[8 * (row + 1) + column] - down[8 * row + column])
    if sum(abs(step) >= TELLING for step in steps) < FEWEST_TELLING:
        return ""
    return f"{int(''.join('01'[step > 0] for step in steps), 2):032x}"


def hash_of(preview: Path) -> str:
    """The `perceptual_hash` of a preview that was made before. Raises PhotoRefused."""
    with _refusing(), JpegImageFile(preview) as image:
        return perceptual_hash(image)


# The class of each type is named, not found by Image.open: that would try other decoders, take a photo with
# an MPF trailer for a sequence, and warn of sizes that limits.py allows.
_DECODERS: Final[dict[MediaType, type[ImageFile]]] = {
    MediaType.JPEG: JpegImageFile,
    MediaType.PNG: PngImageFile,
    MediaType.WEBP: WebPImageFile,
}


def _decode(original: Path, facts: PhotoFacts) -> Image.Image:
    """The upright sRGB picture of preview size."""
    if facts.media_type is MediaType.HEIC:
        # libheif has already turned what the container demands; the file's EXIF has no say in it.
        return in_srgb(*_decode_heic(original, facts))
    source = original if facts.lacks_end_at is None else BytesIO(ended(original, facts.lacks_end_at))
    with _DECODERS[facts.media_type](source) as image:
        _hold_to(facts, image.size)
        size = fitted(*image.size, PREVIEW_EDGE)
        profile = image.info.get("icc_profile")
        if facts.media_type is MediaType.JPEG:
            image.draft(None, size)
        image.load()
        # CMYK comes from JPEG only, so it is small already, and its profile is for CMYK.
        small = _resized(image, size) if image.mode == "CMYK" else _shrunk(image.size, size, _rows_of(image))
    preview = in_srgb(small, profile)
    turn = UPRIGHT.get(facts.orientation)
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

    return _shrunk((width, height), fitted(width, height, PREVIEW_EDGE), rows), picture.info.get(
        "icc_profile"
    )


def _hold_to(facts: PhotoFacts, size: tuple[int, int]) -> None:
    """Refuse the photo whose decoder reads another size than intake did, if that is too large."""
    if size[0] * size[1] > facts.most_pixels:
        raise PhotoRefused(UNDECODABLE)


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
        reduced.paste(opaque(band).reduce(factor), (0, top // factor))
    return _resized(reduced, size)


# As sharp as bicubic where a picture gets smaller, at half the cost.
def _resized(
    image: Image.Image, size: tuple[int, int], resampling: Image.Resampling = Image.Resampling.HAMMING
) -> Image.Image:
    return image.resize(size, resampling)  # pyright: ignore[reportUnknownMemberType] - mentions numpy


def _work(question: list[str]) -> dict[str, Any] | str:
    match [Path(path) for path in question]:
        case [preview]:
            return hash_of(preview)
        case paths:
            original, target = paths
            return asdict(make_preview(original, target))


if __name__ == "__main__":
    decode_questions(_work, undecodable=UNDECODABLE, memory=MEMORY_LIMIT, idle_seconds=IDLE_SECONDS)
