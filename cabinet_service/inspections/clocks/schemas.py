"""Clocks as the API speaks of them."""

from collections.abc import Sequence
from datetime import datetime

from cabinet_service.inspections.core.models import InfoTask
from service_kit.http.schemas import ApiOutput
from shared_schemas import ledger
from shared_schemas.clock import Clock, Reckoning, reckon
from shared_schemas.ledger import ClockLine


class ClockOut(ApiOutput):
    """One clock, what it says now, and the account that adds up to it."""

    clock: Clock
    reckoning: Reckoning
    used_seconds: int
    paused_seconds: int
    lines: list[ClockLine]

    @classmethod
    def of(cls, clock: Clock, tasks: Sequence[InfoTask], *, now: datetime) -> "ClockOut":
        account = ledger.lines(clock, now, asked={task.id: task.question for task in tasks})
        return cls(
            clock=clock,
            reckoning=reckon(clock, now),
            used_seconds=ledger.total(account, "ran"),
            paused_seconds=ledger.total(account, "paused"),
            lines=account,
        )
