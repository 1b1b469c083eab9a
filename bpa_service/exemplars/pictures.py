"""What is kept of an uploaded picture: its pixels, upright, in sRGB, of a size that is enough to compare by.

An upload is hostile until its pixels have been written anew. Whatever else was in the file (where it was taken,
a ZIP at its end, a page in a comment) is not looked for: it does not get into what is kept.
"""

import contextlib
from pathlib import Path
from typing import Final

from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from bpa_service.exemplars.picture_process import UNDECODABLE, PictureRefused
from service_kit.decoding import decode_questions
from service_kit.pictures import UPRIGHT, as_jpeg, fitted, in_srgb, opaque, refusing

# The largest pictures need some 850 MiB beside the interpreter and its libraries.
MEMORY_LIMIT: Final = 2 * 1024**3
IDLE_SECONDS: Final = 60.0
# Phones of 48 MP pass. Decoded whole a pixel has 4 bytes, and up to 16 in the decoder of WebP.
MAX_PIXELS: Final = 8192 * 6144  # what phones call 50 megapixels
# Tool marks in a character of 7 mm still show when the whole number fills the picture.
MAX_EDGE: Final = 2400
QUALITY: Final = 88
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


def rewrite(upload: Path, target: Path) -> tuple[int, int]:
    """Write the picture at `upload` anew to `target`, as a JPEG without metadata; returns its width and height.

    Raises PictureRefused. Blocks, and for the largest pictures takes some 850 MiB: `picture_process` calls it.
    """
    with refusing(PictureRefused, UNDECODABLE):
        picture = _decode(upload)
        written = as_jpeg(picture, quality=QUALITY)
    target.write_bytes(written)
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
        turn, profile = UPRIGHT.get(_orientation_of(image)), image.info.get("icc_profile")
        size = fitted(*image.size, MAX_EDGE)
        if decoder is JpegImageFile:
            image.draft(None, size)  # a large JPEG is decoded at a half or a quarter of its size
        image.load()
        small = _resized(image if image.mode in _MIXED else opaque(image), size)
        if small.mode != "CMYK":  # whose profile is for CMYK
            small = opaque(small)
    picture = in_srgb(small, profile)
    return picture if turn is None else picture.transpose(turn)


def _orientation_of(image: ImageFile) -> int:
    # EXIF that cannot be read says nothing; the pixels may be as good as any.
    with contextlib.suppress(Exception):
        return int(image.getexif().get(_ORIENTATION, 1))
    return 1


def _resized(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)  # pyright: ignore[reportUnknownMemberType] - mentions numpy


def _work(question: list[str]) -> tuple[int, int]:
    upload, target = question
    return rewrite(Path(upload), Path(target))


if __name__ == "__main__":
    decode_questions(_work, undecodable=UNDECODABLE, memory=MEMORY_LIMIT, idle_seconds=IDLE_SECONDS)
