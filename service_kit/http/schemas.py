"""Base classes of the public APIs' bodies."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class ApiInput(BaseModel):
    """A body that a caller sends. Unknown fields are refused: most often they are misspelt known ones."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ApiOutput(BaseModel):
    """A body that we send."""

    model_config = ConfigDict(frozen=True)


ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000)]
