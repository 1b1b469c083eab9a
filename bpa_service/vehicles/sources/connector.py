"""What a source that can be asked is, and what may become of asking it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bpa_service.vehicles.mappings.answers import Answer, kinds_of
from bpa_service.vehicles.mappings.spec import Mapping
from bpa_service.vehicles.records.record import Identifier, IdentifierName
from shared_schemas.records import Kind


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a source before it is asked.

    `rate` is as in `60/minute`. A question may take `timeout` in all, its `retries` included. After
    `failures_to_rest` failures in a row the source is left alone for `rest`. `cost` is of one question.
    """

    name: str
    title: str
    covers: tuple[Kind, ...]
    takes: tuple[IdentifierName, ...]
    country: str
    fresh_for: timedelta
    rate: str
    timeout: timedelta
    retries: int
    failures_to_rest: int
    rest: timedelta
    cost: float
    currency: str


class SourceFailed(Exception):
    """The source gave no answer that can be believed. `reason` is a stable code, as in `Coverage.reason`.

    With `again` it may give one if it is asked once more, not before `wait` if the source says so.
    """

    def __init__(self, reason: str, *, again: bool = False, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.again = again
        self.wait = wait


class Connector(Protocol):
    """A source that answers about one vehicle."""

    @property
    def mapping(self) -> Mapping: ...
    @property
    def facts(self) -> Facts: ...

    async def ask(self, about: Identifier, *, now: datetime) -> Answer:
        """Ask once. Raises `SourceFailed`."""
        ...


def facts_of(mapping: Mapping) -> Facts:
    """What a mapping with `[asking]` says of its source. Raises ValueError for one that cannot be asked."""
    if (asking := mapping.asking) is None:
        raise ValueError(f"{mapping.name} cannot be asked about a vehicle")
    return Facts(
        name=mapping.name,
        title=mapping.title,
        covers=kinds_of(mapping),
        takes=asking.takes,
        country=mapping.country,
        fresh_for=timedelta(hours=asking.fresh_hours),
        rate=asking.rate,
        timeout=timedelta(seconds=asking.timeout_seconds),
        retries=asking.retries,
        failures_to_rest=asking.failures_to_rest,
        rest=timedelta(seconds=asking.rest_seconds),
        cost=asking.cost,
        currency=asking.currency,
    )
