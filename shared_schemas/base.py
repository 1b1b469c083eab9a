"""Base classes of everything that crosses the wire."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

UtcDatetime = AwareDatetime


class Contract(BaseModel):
    """A value on the wire. Readers tolerate fields they do not know, so that a writer may add some."""

    model_config = ConfigDict(frozen=True, extra="ignore")
