"""The times that hold for cases, as an operator set them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self
from zoneinfo import ZoneInfo

from bpa_service.cases.core.domain import LeaseTerms
from bpa_service.settings import Settings
from bpa_service.sla.domain import ClockPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`claim_window` is how soon a case should be claimed, `client_patience` how long a client is waited for.

    `sources` are the names of those that are asked about the car of a case. In a `sandbox` all cases are tests,
    and elsewhere none.
    """

    clock: ClockPolicy
    lease: LeaseTerms
    claim_window: timedelta
    client_patience: timedelta
    sources: tuple[str, ...] = ()
    sandbox: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """Where the experts' days begin."""
        return self.clock.hours.zone if self.clock.hours else ZoneInfo("UTC")

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            clock=ClockPolicy(budget=settings.budget, hours=settings.hours),
            lease=LeaseTerms(
                length=timedelta(seconds=settings.lease_seconds),
                resume_window=timedelta(seconds=settings.resume_window_seconds),
            ),
            claim_window=timedelta(seconds=settings.claim_window_seconds),
            client_patience=timedelta(seconds=settings.client_patience_seconds),
            sources=settings.sources,
            sandbox=settings.sandbox,
        )
