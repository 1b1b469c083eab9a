"""Keyset pages: a cursor is the sort key of the last row, so page 1,000 costs what page 1 does.

There are no counts: over a big table they cost more than the page.
"""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel

from service_kit.http.problems import Problem

T = TypeVar("T")
DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200


class BadCursor(Problem):
    status = HTTPStatus.BAD_REQUEST
    code = "bad_cursor"
    en = "The cursor is not one that this list gave out."
    ru = "Такого указателя страницы этот список не выдавал."


@dataclass(frozen=True, slots=True)
class Page:
    """Which stretch of a list is asked for. `after` is the sort key of the last row seen."""

    after: tuple[Any, ...] | None
    limit: int


class PageOf(BaseModel, Generic[T]):
    """One page; `next_cursor` is null on the last one."""

    items: list[T]
    next_cursor: str | None


def decode_cursor(cursor: str | None, *parts: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """The sort key in `cursor`, each part read by its function, which raises ValueError. Raises BadCursor.

    Whatever PostgreSQL could not take is refused: a cursor may have been made by hand.
    """
    if cursor is None:
        return None
    try:
        key: Any = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        texts = [_text(part) for part in key]
        return tuple(part(text) for part, text in zip(parts, texts, strict=True))
    except (ValueError, TypeError):
        raise BadCursor from None


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("the parts of a key are texts without NUL")
    value.encode()  # refuses half of a surrogate pair, by a UnicodeEncodeError, which is a ValueError
    return value


def number(text: str) -> int:
    """A part of a key that is a bigint."""
    value = int(text)
    if not -(2**63) <= value < 2**63:
        raise ValueError("not a bigint")
    return value


def instant(text: str) -> datetime:
    """A part of a key that is a timestamptz."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("an instant has an offset")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("beyond the calendar") from None


def encode_cursor(*key: object) -> str:
    text = json.dumps([str(part) for part in key], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def cut(
    rows: Sequence[T], limit: int, key: Callable[[T], tuple[object, ...]], *, looked_to: T | None = None
) -> tuple[list[T], str | None]:
    """Of `limit + 1` rows that were asked for, the page and the cursor of the next one, if there is one.

    `looked_to` is the row behind which nobody has looked for more, where there may be some.
    """
    page = list(rows[:limit])
    last = page[-1] if len(rows) > limit else looked_to
    return page, None if last is None else encode_cursor(*key(last))
