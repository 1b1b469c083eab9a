"""Whether a JPEG holds all of its picture.

A file whose data broke off and was ended properly by whoever sent it on decodes without an error: decoders fill
the rest with grey. So it is decoded once more, small, with other data put before its end marker. A picture that
is complete has no use for them and stays as it is; of one that is not they become a part.
"""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from cabinet_service.photos.intake import PhotoFacts

_EOI: Final = b"\xff\xd9"
# A few rows of blocks that are certainly not what decoders fill in.
_OTHER_DATA: Final = b"\x5a\x96\x3c\xa5" * 4096
_SMALL: Final = (64, 64)


def ended(original: Path, end: int) -> bytes:
    """The picture of a JPEG that ends at `end` without saying so, with its end marker."""
    with original.open("rb") as file:
        return file.read(end) + _EOI


def lacks_pixels(original: Path, facts: PhotoFacts) -> bool:
    """Whether the data of the JPEG end before its picture does. Raises what its decoder raises."""
    if facts.pixels_end is None:
        return False
    end = facts.pixels_end if facts.lacks_end_at is not None else facts.pixels_end - len(_EOI)
    with original.open("rb") as file:
        data = file.read(end)
    as_it_is, with_more = _small(data + _EOI), _small(data + _OTHER_DATA + _EOI)
    return as_it_is.tobytes() != with_more.tobytes()


def _small(picture: bytes) -> Image.Image:
    with JpegImageFile(BytesIO(picture)) as image:
        image.draft(None, _SMALL)
        image.load()
        return image.copy()
