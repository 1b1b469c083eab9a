"""The one way in which a photo is turned away."""


class PhotoRefused(Exception):
    """This file is not taken. `code` is stable, `params` are its figures; the words for people are elsewhere.

    photo_empty; photo_too_large (size, most); photo_type_unknown; photo_truncated;
    photo_too_small (width, height, least); photo_too_many_pixels (width, height, most_pixels, most_edge);
    photo_animated; photo_polyglot (found); photo_undecodable.
    """

    def __init__(self, code: str, **params: int | str) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params
