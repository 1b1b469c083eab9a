"""Which fields of a contract are personal, and the same contract without them.

A field is marked where it is declared: `text: Annotated[str, PERSONAL]`. What is not marked is an id, a number,
a time, a state or a verdict, and stays. A redacted contract is still one: whoever reads the log can parse it.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeVar, cast, get_args
from uuid import UUID

from pydantic.fields import FieldInfo

from shared_schemas.base import Contract

C = TypeVar("C", bound=Contract)

ERASED: Final = "[erased]"
"""What stands in place of words that have to be there."""

NOBODY: Final = UUID(int=0)
"""Who stands in place of a person."""


class Personal:
    """The type of the mark."""


PERSONAL: Final = Personal()

_IN_PLACE_OF: Final[Mapping[type, object]] = {str: ERASED, UUID: NOBODY, tuple: ()}


def redact(contract: C) -> C:
    """The contract without what is personal in it, and in the contracts in it."""
    fields = type(contract).model_fields
    return contract.model_copy(
        update={name: _redacted(field, getattr(contract, name)) for name, field in fields.items()}
    )


def _redacted(field: FieldInfo, value: Any) -> Any:
    if any(isinstance(mark, Personal) for mark in field.metadata):
        return None if type(None) in get_args(field.annotation) else _IN_PLACE_OF[type(value)]
    if isinstance(value, Contract):
        return redact(value)
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        return tuple(redact(item) if isinstance(item, Contract) else item for item in items)
    return value
