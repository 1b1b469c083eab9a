"""What every event and every piece of work travels in."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from shared_schemas.base import Contract, UtcDatetime


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
    traceparent: str | None = Field(default=None, max_length=64)
    data: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.type}.v{self.version}"


def name_of(fact: type[Fact]) -> str:
    """The wire name of a class of facts, e.g. `inspection.submitted.v1`."""
    return f"{fact.TYPE}.v{fact.VERSION}"
