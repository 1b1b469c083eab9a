"""What is done with decoded pictures, in the processes that decode them: upright, opaque, in sRGB, of a size.

Nothing else imports it: Pillow takes 15 MiB.
"""

import contextlib
from collections.abc import Generator
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageCms

from service_kit.decoding import FileRefused

# Profiles of cameras and displays have some kilobytes, those of printers up to two megabytes.
MAX_ICC_BYTES: Final = 4 * 1024 * 1024
UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By the orientation that EXIF tells; none for 1, which is upright."""


@contextlib.contextmanager
def refusing(refused: type[FileRefused], undecodable: str) -> Generator[None]:
    """Around decoders, which raise whatever a hostile file leads them to: refuses the file as `undecodable`.

    What is not the file's fault stays what it is: MemoryError, and OSError of a disk.
    """
    try:
        yield
    except (FileRefused, MemoryError):
        raise
    except OSError as error:
        # Pillow's own complaints have no number; those of a disk have.
        if error.errno is not None:
            raise
        raise refused(undecodable) from error
    except Exception as error:
        raise refused(undecodable) from error


def fitted(width: int, height: int, edge: int) -> tuple[int, int]:
    """The size at which neither side is longer than `edge`; a smaller picture keeps its own."""
    longest = max(width, height)
    if longest <= edge:
        return width, height
    return max(1, round(width * edge / longest)), max(1, round(height * edge / longest))


def opaque(image: Image.Image) -> Image.Image:
    """`image` in RGB, on white where it is transparent."""
    if image.mode.startswith("I;16"):  # Pillow would clip 16 bits to 8 instead of scaling them
        scaled = image.point(lambda value: value / 257)  # pyright: ignore[reportUnknownMemberType] - numpy
        return scaled.convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    white.alpha_composite(image.convert("RGBA"))
    return white.convert("RGB")


def in_srgb(image: Image.Image, profile: object) -> Image.Image:
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


def as_jpeg(picture: Image.Image, *, quality: int) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=quality, progressive=True, optimize=True)
    return buffer.getvalue()


def _srgb() -> ImageCms.ImageCmsProfile:
    untyped: Any = ImageCms  # Pillow does not annotate `createProfile`
    return ImageCms.ImageCmsProfile(untyped.createProfile("sRGB"))
