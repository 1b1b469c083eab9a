"""Clocks as the API speaks of them."""

from collections.abc import Sequence
from datetime import datetime

from cabinet_service.inspections.clocks.estimate import expected_at
from cabinet_service.inspections.core.models import InfoTask, Inspection
from service_kit.http.schemas import ApiOutput
from shared_schemas import ledger
from shared_schemas.base import UtcDatetime
from shared_schemas.clock import Clock, Reckoning, reckon
from shared_schemas.ledger import ClockLine


class ClockOut(ApiOutput):
    """One clock, what it says now, and the account that adds up to it.

    `expected_at` is when the answer is expected once the promise is broken: by when nine of ten of the latest
    answers came after an expert had taken the case, what was waited for left out. Null while the promise holds,
    and where nobody can know.
    """

    clock: Clock
    reckoning: Reckoning
    used_seconds: int
    paused_seconds: int
    lines: list[ClockLine]
    expected_at: UtcDatetime | None

    @classmethod
    def of(
        cls, clock: Clock, inspection: Inspection, tasks: Sequence[InfoTask], *, now: datetime
    ) -> "ClockOut":
        account = ledger.lines(clock, now, asked={task.id: task.question for task in tasks})
        return cls(
            clock=clock,
            reckoning=reckon(clock, now),
            used_seconds=ledger.total(account, "ran"),
            paused_seconds=ledger.total(account, "paused"),
            lines=account,
            expected_at=expected_at(inspection, clock, now),
        )
