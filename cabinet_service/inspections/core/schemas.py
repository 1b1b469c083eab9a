"""What several slices take."""

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints


def nothing_for_empty(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Reason = Annotated[
    Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] | None,
    BeforeValidator(nothing_for_empty),
]
