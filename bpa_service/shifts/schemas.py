"""Shifts, presence, the board and statistics as the API speaks of them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from bpa_service.cases.core.policy import Policy
from bpa_service.cases.core.schemas import MediumText
from bpa_service.cases.incidents.schemas import IncidentOut
from bpa_service.cases.queue.schemas import QueueRow
from bpa_service.evidence.links import PreviewOf
from bpa_service.shifts.board import Board, Desk
from bpa_service.shifts.domain import HORIZON, Forecast
from bpa_service.shifts.handing_over import Holding
from bpa_service.shifts.queries import Here, Work
from service_kit.http.schemas import ApiInput, ApiOutput
from shared_schemas.events.bpa_v1 import ExpertRef


class ShiftOut(ApiOutput):
    """Since when one is on shift; null: one is not."""

    since: datetime | None


class HereOut(ApiOutput):
    """Somebody who has a case on their screen."""

    case_id: UUID
    expert: ExpertRef


class HereList(ApiOutput):
    """Everybody who has a case on their screen, by name."""

    items: list[HereOut]

    @classmethod
    def of(cls, found: Sequence[Here]) -> "HereList":
        return cls(
            items=[
                HereOut(
                    case_id=one.case_id,
                    expert=ExpertRef(expert_id=one.expert_id, display_name=one.display_name),
                )
                for one in found
            ]
        )


class DeskOut(ApiOutput):
    """Somebody's load. `least_left_seconds` is of the cases that do not wait for their client; null: none.

    `since` is null for who holds cases and is not on shift; `answers` are those of the last hour.
    """

    expert: ExpertRef
    since: datetime | None
    held: int
    waiting: int
    least_left_seconds: int | None
    answers: int

    @classmethod
    def of(cls, desk: Desk) -> "DeskOut":
        return cls(
            expert=ExpertRef(expert_id=desk.expert_id, display_name=desk.display_name),
            since=desk.since,
            held=desk.held,
            waiting=desk.waiting,
            least_left_seconds=None if desk.least_left is None else int(desk.least_left),
            answers=desk.answers,
        )


class HandoverIn(ApiInput):
    """Whose case it is, to whom it goes (null: back to the queue), and why; the reason stands among its notes."""

    holder_id: UUID
    to_id: UUID | None
    reason: MediumText


class ReceiverOut(ApiOutput):
    """Somebody on shift who takes cases."""

    expert: ExpertRef
    since: datetime


class HoldingOut(ApiOutput):
    """What somebody has in hand, and who else is on shift."""

    cases: list[QueueRow]
    receivers: list[ReceiverOut]

    @classmethod
    def of(cls, holding: Holding, policy: Policy, now: datetime, preview: PreviewOf) -> "HoldingOut":
        return cls(
            cases=[QueueRow.of(row, policy, now, preview) for row in holding.rows],
            receivers=[
                ReceiverOut(
                    expert=ExpertRef(expert_id=one.expert_id, display_name=one.display_name), since=one.since
                )
                for one in holding.receivers
            ],
        )


class RiskOut(ApiOutput):
    """A case, and how likely it runs out of time within the horizon; 1 where it has already."""

    row: QueueRow
    probability: float


class ForecastOut(ApiOutput):
    """What is to be expected of the cases that are open now, if staffing stays as it is.

    `expected_breaches` of clocks that still run; `breached` have run out already. `staff` is how many are on
    shift. The model is in docs/decisions/0023.
    """

    horizon_seconds: int
    staff: int
    expected_breaches: float
    breached: int

    @classmethod
    def of(cls, forecast: Forecast, staff: int) -> "ForecastOut":
        return cls(
            horizon_seconds=int(HORIZON),
            staff=staff,
            expected_breaches=round(forecast.expected, 2),
            breached=forecast.breached,
        )


class BoardOut(ApiOutput):
    """How the shift stands. `at_risk` begins with the likeliest; out of hours there is no forecast."""

    at: datetime
    open_cases: int
    free_cases: int
    desks: list[DeskOut]
    at_risk: list[RiskOut]
    forecast: ForecastOut | None
    incident: IncidentOut | None

    @classmethod
    def of(
        cls,
        board: Board,
        incident: IncidentOut | None,
        policy: Policy,
        now: datetime,
        preview: PreviewOf,
    ) -> "BoardOut":
        staff = sum(desk.since is not None for desk in board.desks)
        return cls(
            at=now,
            open_cases=board.open_cases,
            free_cases=board.free_cases,
            desks=[DeskOut.of(desk) for desk in board.desks],
            at_risk=[
                RiskOut(row=QueueRow.of(row, policy, now, preview), probability=round(probability, 3))
                for row, probability in board.at_risk
            ],
            forecast=ForecastOut.of(board.forecast, staff) if board.forecast else None,
            incident=incident,
        )


class DayOut(ApiOutput):
    """One day in the zone that was asked for: how many answers, and how many of them in time."""

    day: date
    answers: int
    in_time: int


class StatisticsOut(ApiOutput):
    """What one did in the last `days` days. Seconds are from claiming a case to its answer: half of the answers
    took no longer than `median_seconds`, nine of ten no longer than `slow_seconds`; null without answers.

    `amended` are one's answers that somebody corrected; `time_zone` is where the days begin.
    """

    time_zone: str
    days: list[DayOut]
    answers: int
    in_time: int
    median_seconds: int | None
    slow_seconds: int | None
    preliminary: int
    amended: int
    findings: int
    second_opinions: int

    @classmethod
    def of(cls, work: Work, zone: ZoneInfo) -> "StatisticsOut":
        return cls(
            time_zone=zone.key,
            days=[DayOut(day=one.day, answers=one.answers, in_time=one.in_time) for one in work.days],
            answers=sum(one.answers for one in work.days),
            in_time=sum(one.in_time for one in work.days),
            median_seconds=_whole(work.median_seconds),
            slow_seconds=_whole(work.slow_seconds),
            preliminary=work.preliminary,
            amended=work.amended,
            findings=work.findings,
            second_opinions=work.second_opinions,
        )


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)
