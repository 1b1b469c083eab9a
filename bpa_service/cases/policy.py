"""The times that hold for cases, as an operator set them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from bpa_service.cases.domain import LeaseTerms
from bpa_service.settings import Settings
from bpa_service.sla.domain import ClockPolicy
from bpa_service.sla.hours import OpenHours


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """`claim_window` is how soon a case should be claimed, `client_patience` how long a client is waited for."""

    clock: ClockPolicy
    lease: LeaseTerms
    claim_window: timedelta
    client_patience: timedelta

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Raises ValueError for opening hours that cannot be read."""
        return cls(
            clock=ClockPolicy(budget=settings.budget, hours=OpenHours.parse(settings.open_hours)),
            lease=LeaseTerms(
                length=timedelta(seconds=settings.lease_seconds),
                resume_window=timedelta(seconds=settings.resume_window_seconds),
            ),
            claim_window=timedelta(seconds=settings.claim_window_seconds),
            client_patience=timedelta(seconds=settings.client_patience_seconds),
        )
