"""What every event and every piece of work travels in."""

from typing import Annotated, Any, ClassVar, Final
from uuid import UUID

from pydantic import BeforeValidator, Field

from shared_schemas.base import Contract, UtcDatetime

# Room for longer ones of later versions; that of today has 55 characters.
_LONGEST_TRACEPARENT: Final = 64


class Fact(Contract):
    """Something that is announced: an event to the other service, or work for one's own worker.

    Its wire name is `<TYPE>.v<VERSION>`. It carries ids and small values, never photo bytes or secrets.
    """

    TYPE: ClassVar[str]
    VERSION: ClassVar[int] = 1


class Event(Fact):
    """A past-tense fact about one job, whose events are told in their order."""

    @property
    def job_id(self) -> UUID:
        """What it is about: the aggregate of its envelope."""
        raise NotImplementedError


class InspectionEvent(Event):
    """Of one inspection (bpa: one case, which carries the id of its inspection)."""

    inspection_id: UUID

    @property
    def job_id(self) -> UUID:
        return self.inspection_id


class HistoryEvent(Event):
    """Of one order of a history, which has the same id on both sides."""

    history_id: UUID

    @property
    def job_id(self) -> UUID:
        return self.history_id


class Work(Fact):
    """Something heavy or slow for the service's own worker to do. It belongs to no order."""


def _fitting(traceparent: object) -> str | None:
    """None for what has no room: no event is held up for the sake of its trace."""
    if (
        isinstance(traceparent, str)
        and len(traceparent) <= _LONGEST_TRACEPARENT
        and traceparent.isprintable()
    ):
        return traceparent
    return None


_Traceparent = Annotated[str | None, Field(max_length=_LONGEST_TRACEPARENT), BeforeValidator(_fitting)]


class Envelope(Contract):
    """`aggregate_seq` counts the events of one aggregate from 1 without gaps; work has neither.

    `traceparent` is that of W3C Trace Context: the trace that it belongs to, and whether that is recorded.
    """

    event_id: UUID
    type: str
    version: int = Field(ge=1)
    aggregate_id: UUID | None = None
    aggregate_seq: int | None = Field(default=None, ge=1)
    occurred_at: UtcDatetime
    correlation_id: str = Field(max_length=64)
    traceparent: _Traceparent = None
    data: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.type}.v{self.version}"


def name_of(fact: type[Fact]) -> str:
    """The wire name of a class of facts, e.g. `inspection.submitted.v1`."""
    return f"{fact.TYPE}.v{fact.VERSION}"
