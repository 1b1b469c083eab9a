"""The one way in which a photo is turned away."""

from typing import Final

from service_kit.decoding import FileRefused

UNDECODABLE: Final = "photo_undecodable"


class PhotoRefused(FileRefused):
    """photo_empty; photo_too_large (size, most); photo_type_unknown; photo_truncated;
    photo_too_small (width, height, least); photo_too_many_pixels (width, height, most_pixels, most_edge);
    photo_animated; photo_polyglot (found); photo_undecodable.
    """
