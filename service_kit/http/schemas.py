"""Base classes of the public APIs' bodies."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints


class ApiInput(BaseModel):
    """A body that a caller sends. Unknown fields are refused: most often they are misspelt known ones."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class ApiOutput(BaseModel):
    """A body that we send."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("beyond the calendar") from None


# PostgreSQL takes no instant that is outside of the years 1 to 9999 in UTC.
Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
