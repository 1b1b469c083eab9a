"""Base classes of everything that crosses the wire."""

from pydantic import AwareDatetime, BaseModel, ConfigDict

UtcDatetime = AwareDatetime


class Contract(BaseModel):
    """A value on the wire. Readers tolerate fields they do not know, so that a writer may add some.

    An error about one names the field and not its value, which may be somebody's words: it goes into logs, and
    into the reason of a dead letter.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
