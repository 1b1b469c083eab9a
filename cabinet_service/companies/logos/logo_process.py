"""The process that draws logos anew: of what was sent nothing is kept but its pixels."""

from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image

from cabinet_service.companies.logos.limits import HIGHEST, MOST_EDGE, WIDEST
from cabinet_service.companies.logos.refusal import TOO_LARGE, TOO_SMALL, TYPE_UNKNOWN, UNREADABLE
from cabinet_service.photos.intake import MediaType, PhotoFacts, examine
from cabinet_service.photos.preview import upright
from cabinet_service.photos.refusal import PhotoRefused
from service_kit.decoding import FileRefused, decode_questions

MEMORY_LIMIT: Final = 1024**3
IDLE_SECONDS: Final = 20.0
_TYPES: Final = frozenset({MediaType.PNG, MediaType.JPEG, MediaType.WEBP})
# More than a logo has; a photo that somebody takes for one stays small.
_COLOURS: Final = 256


def draw(sent: Path, target: Path) -> dict[str, int]:
    """Write the logo, on white, as a PNG to `target`; its size. Raises FileRefused."""
    try:
        _check(examine(sent))
        picture = upright(sent)
    except PhotoRefused as refused:
        raise _told(refused) from refused
    width, height = _fitted(picture.width, picture.height)
    small = picture.resize((width, height), Image.Resampling.LANCZOS)  # pyright: ignore[reportUnknownMemberType] - numpy
    written = BytesIO()
    small.quantize(_COLOURS).save(written, "PNG", optimize=True)
    target.write_bytes(written.getvalue())
    return {"width": width, "height": height}


def _check(facts: PhotoFacts) -> None:
    if facts.media_type not in _TYPES:
        raise FileRefused(TYPE_UNKNOWN)
    if max(facts.width, facts.height) > MOST_EDGE:
        raise FileRefused(TOO_LARGE, width=facts.width, height=facts.height, most=MOST_EDGE)


def _fitted(width: int, height: int) -> tuple[int, int]:
    """Within WIDEST and HIGHEST; a smaller one keeps its size."""
    scale = min(1.0, WIDEST / width, HIGHEST / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _told(refused: PhotoRefused) -> FileRefused:
    if refused.code == "photo_type_unknown":
        return FileRefused(TYPE_UNKNOWN)
    if refused.code == "photo_too_small":
        return FileRefused(TOO_SMALL, **refused.params)
    if refused.code == "photo_too_many_pixels":
        width, height = refused.params["width"], refused.params["height"]
        return FileRefused(TOO_LARGE, width=width, height=height, most=MOST_EDGE)
    return FileRefused(UNREADABLE)


def _work(question: dict[str, Any]) -> dict[str, int]:
    return draw(Path(question["sent"]), Path(question["target"]))


if __name__ == "__main__":
    decode_questions(_work, undecodable=UNREADABLE, memory=MEMORY_LIMIT, idle_seconds=IDLE_SECONDS)
