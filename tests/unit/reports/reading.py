"""All that a report says: its own sentences, and the words of others."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from shared_schemas.report.presented import (
    Compared,
    Comparison,
    HistoryCard,
    Point,
    Presented,
    Quoted,
    Scope,
    Section,
    Short,
)

_NO_WORDS = {"language", "reader", "type", "id", "reason"}


def ours(told: Presented | Short | BaseModel) -> Iterator[str]:
    """Every sentence of ours in it."""
    return (text for is_ours, text in _texts(told) if is_ours and text)


def others(told: Presented | Short | BaseModel) -> Iterator[str]:
    """All that somebody wrote."""
    return (text for is_ours, text in _texts(told) if not is_ours)


def section(told: Presented, name: str) -> Section | None:
    return next((one for one in told.sections if one.id == name), None)


def cards(told: Presented) -> list[HistoryCard]:
    found = section(told, "history")
    return [block for block in found.blocks if isinstance(block, HistoryCard)] if found else []


def compared(told: Presented) -> list[Compared]:
    found = section(told, "changes")
    blocks = found.blocks if found else ()
    return [row for block in blocks if isinstance(block, Comparison) for row in block.rows]


def _texts(value: Any, *, is_ours: bool = True) -> Iterator[tuple[bool, str]]:
    if isinstance(value, Quoted):
        yield False, value.words
        yield True, value.by
    elif isinstance(value, Scope | Point):
        return
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            if name not in _NO_WORDS:
                yield from _texts(getattr(value, name))
    elif isinstance(value, tuple):
        for one in value:  # pyright: ignore[reportUnknownVariableType]  # whatever it holds
            yield from _texts(one)
    elif type(value) is str:
        yield is_ours, value
