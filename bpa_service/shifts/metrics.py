"""Whether clients get their answers in time, in figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bpa_service.cases.deciding import statistics as decisions
from bpa_service.cases.deciding.statistics import Lately, Timing
from bpa_service.cases.queue import queries as queue
from bpa_service.cases.queue.queries import Waiting
from bpa_service.opening_hours import OpenHours
from bpa_service.shifts import queries
from bpa_service.shifts.queries import AtWork
from service_kit.db import Database, ReadSession, database_now

LATELY: Final = timedelta(hours=1)
QUANTILES: Final = ("0.5", "0.9")
LEFT: Final = ("0.5", "0.1")
"""The less is left the worse: of ten answers nine had at least the second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """How the promise is kept: what waits, who is at work, and the answers of the last hour.

    Outside the opening hours clocks stand still, and cases may wait for somebody to come.
    """

    is_open: bool
    waiting: Waiting
    at_work: Sequence[AtWork]
    answered: Lately
    timing: Timing


async def promise(session: ReadSession, hours: OpenHours | None) -> Promise:
    """As it is at this instant."""
    now = await database_now(session)
    return Promise(
        is_open=hours is None or hours.is_open(now),
        waiting=await queue.waiting(session),
        at_work=await queries.at_work(session),
        answered=await decisions.lately(session, now - LATELY),
        timing=await decisions.timing(session, now - LATELY),
    )


async def collect(database: Database, hours: OpenHours | None) -> bytes:
    """Prometheus text. The figures are read from the database, so every API process tells the same."""
    async with database.reading() as session:
        now = await promise(session, hours)
    registry = CollectorRegistry()

    def gauge(name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"autodetective_{name}", text, labels, registry=registry)

    open_cases = gauge("cases_open", "Cases that are not answered yet.", "state")
    for state, count in now.waiting.by_state.items():
        open_cases.labels(state).set(count)
    gauge("cases_breached", "Those of them whose clock has run out.").set(now.waiting.breached)
    gauge("cases_free_oldest_seconds", "For how long a case has had nobody.").set(now.waiting.free_seconds)
    gauge("open", "Whether it is within the opening hours.").set(now.is_open)
    gauge("experts_on_shift", "Experts who say that they take cases.").set(len(now.at_work))
    gauge("answers_lately", "Answers of the last hour.").set(now.answered.answers)
    gauge("answers_in_time_lately", "Those of them whose clock had not run out.").set(now.answered.in_time)
    for name, text, shares, values in (
        (
            "answer_seconds_lately",
            "From the client's Send to the answer, by the wall.",
            QUANTILES,
            now.answered.seconds,
        ),
        (
            "answer_left_seconds_lately",
            "Left on the clock at the answer, of the latest 200.",
            LEFT,
            now.timing.left,
        ),
        (
            "reaction_seconds_lately",
            "Of the clock's, until whoever answered took the case, of the latest 200.",
            QUANTILES,
            now.timing.reaction,
        ),
    ):
        told = gauge(name, text, "quantile")
        for share, seconds in zip(shares, values, strict=True):
            if seconds is not None:
                told.labels(share).set(seconds)
    return generate_latest(registry)
