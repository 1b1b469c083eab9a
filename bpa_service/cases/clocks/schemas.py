"""Clocks as the API speaks of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from bpa_service.cases.core.policy import Policy
from bpa_service.sla import domain as sla
from bpa_service.sla.domain import Ledger
from service_kit.http.schemas import ApiOutput
from shared_schemas import clock as arithmetic
from shared_schemas import ledger as itemised
from shared_schemas.clock import Clock, Reckoning
from shared_schemas.ledger import ClockLine


class Threshold(ApiOutput):
    """A share of the budget. `at` is when it was reached, or will be if nothing else happens; null: unknown."""

    percent: int
    at: datetime | None


class ClockOut(ApiOutput):
    """The clock that counts, what it says now, and the account that adds up to it, as the client sees it.

    `reached` are the thresholds that it has reached; `earlier` are the clocks before it.
    """

    clock: Clock
    reckoning: Reckoning
    used_seconds: int
    paused_seconds: int
    lines: list[ClockLine]
    reached: list[Threshold]
    next_threshold: Threshold | None
    earlier: list[Clock]

    @classmethod
    def of(
        cls, ledgers: Sequence[Ledger], asked: Mapping[UUID, str], policy: Policy, now: datetime
    ) -> "ClockOut":
        """`asked` has the question of each info task."""
        *earlier, current = ledgers
        account = itemised.lines(current.clock, now, asked=asked)
        return cls(
            clock=current.clock,
            reckoning=arithmetic.reckon(current.clock, now),
            used_seconds=itemised.total(account, "ran"),
            paused_seconds=itemised.total(account, "paused"),
            lines=account,
            reached=[Threshold(percent=percent, at=at) for percent, at in current.reached.items()],
            next_threshold=next_threshold(current.clock, policy, now),
            earlier=[ledger.clock for ledger in earlier],
        )


def next_threshold(clock: Clock, policy: Policy, now: datetime) -> Threshold | None:
    """The first share of the budget that is not used yet; None once all is, or the clock has stopped."""
    found = sla.next_threshold(clock, policy.clock.hours, now)
    return Threshold(percent=found[0], at=found[1]) if found else None
