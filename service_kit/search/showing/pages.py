"""Pages of what an index and the tables know together: each thing once, in one order, and where they go on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from service_kit.paging import BadCursor, decode_cursor, encode_cursor, instant, number
from service_kit.search.questions import MOST_TERMS, Fit, Place

_DIGITS_OF_DIGEST: Final = 16


@dataclass(frozen=True, slots=True)
class After:
    """The last place that was shown. `is_exact`: only what is exactly known is looked for, on each page."""

    place: Place
    is_exact: bool


def read_cursor(cursor: str | None, asked: str) -> After | None:
    """Where a page begins. `asked` tells the question. Raises BadCursor, also for that of another one."""
    key = decode_cursor(cursor, str, number, _fit, instant, UUID)
    if key is None:
        return None
    digest, is_exact, fit, at, id_ = key
    if digest != _digest(asked) or is_exact not in (0, 1):
        raise BadCursor
    return After(Place(fit, at, id_), bool(is_exact))


def cursor_of(after: After, asked: str) -> str:
    """What `read_cursor` reads."""
    place = after.place
    return encode_cursor(_digest(asked), int(after.is_exact), place.fit, place.at.isoformat(), place.id)


@dataclass(frozen=True, slots=True)
class Shown:
    """The places of a page, and the one after which the next begins, if there is more."""

    places: list[Place]
    more_after: Place | None


def merged(hits: Sequence[Place], exact: Sequence[Place], *, named: Collection[UUID], limit: int) -> Shown:
    """A page of `limit` places: what is exactly known stands where the tables say, the rest where an index says.

    Of both there is what comes after the page before, one more than `limit` if there is so much. `named` are
    those hits of which the tables know where they stand, on this page or on another.
    """
    # What an index has not told yet may stand before whatever comes after the last that it did.
    told_to = hits[-1] if len(hits) > limit else None
    known = {*exact, *(hit for hit in hits if hit.id not in named)}
    places = sorted((place for place in known if told_to is None or place >= told_to), reverse=True)
    page = places[:limit]
    return Shown(page, page[-1] if len(places) > limit else told_to)


def _fit(text: str) -> int:
    """A part of a key that is how well something answers: an engine is told of no other number."""
    value = number(text)
    if not 0 <= value <= MOST_TERMS * Fit.WHOLE:
        raise ValueError("nothing answers so well")
    return value


def _digest(asked: str) -> str:
    return sha256(asked.encode(errors="surrogatepass")).hexdigest()[:_DIGITS_OF_DIGEST]
