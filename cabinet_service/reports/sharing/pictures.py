"""Which photos a report shows, as it is presented."""

from collections.abc import Iterator
from typing import Any, cast
from uuid import UUID

from pydantic import BaseModel

from shared_schemas.report.presented import Picture, Presented


def shown_in(presented: Presented) -> frozenset[UUID]:
    """The photos that stand in it anywhere, whole or in part: of no others is anything given out."""
    return frozenset(picture.evidence_id for picture in _pictures(presented))


def _pictures(value: Any) -> Iterator[Picture]:
    # Through whatever blocks there are: one that is new must not be forgotten here.
    if isinstance(value, Picture):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _pictures(getattr(value, name))
    elif isinstance(value, tuple):
        for item in cast("tuple[Any, ...]", value):
            yield from _pictures(item)
