"""Whether clients get their answers in time, in figures."""

from datetime import timedelta
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bpa_service.cases.deciding import statistics as decisions
from bpa_service.cases.queue import queries as queue
from bpa_service.opening_hours import OpenHours
from bpa_service.shifts import queries
from service_kit.db import Database, database_now

LATELY: Final = timedelta(hours=1)
QUANTILES: Final = ("0.5", "0.9")


async def collect(database: Database, hours: OpenHours | None) -> bytes:
    """Prometheus text. The figures are read from the database, so every API process tells the same.

    Outside the opening `hours` clocks stand still, and cases may wait for somebody to come.
    """
    async with database.reading() as session:
        now = await database_now(session)
        waiting = await queue.waiting(session)
        at_work = await queries.at_work(session)
        answered = await decisions.lately(session, now - LATELY)
    registry = CollectorRegistry()

    def gauge(name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"autodetective_{name}", text, labels, registry=registry)

    open_cases = gauge("cases_open", "Cases that are not answered yet.", "state")
    for state, count in waiting.by_state.items():
        open_cases.labels(state).set(count)
    gauge("cases_breached", "Those of them whose clock has run out.").set(waiting.breached)
    gauge("cases_free_oldest_seconds", "For how long a case has had nobody.").set(waiting.free_seconds)
    gauge("open", "Whether it is within the opening hours.").set(hours is None or hours.is_open(now))
    gauge("experts_on_shift", "Experts who say that they take cases.").set(len(at_work))
    gauge("answers_lately", "Answers of the last hour.").set(answered.answers)
    gauge("answers_in_time_lately", "Those of them whose clock had not run out.").set(answered.in_time)
    waited = gauge("answer_seconds_lately", "From the client's Send to the answer, by the wall.", "quantile")
    for quantile, seconds in zip(QUANTILES, answered.seconds, strict=True):
        if seconds is not None:
            waited.labels(quantile).set(seconds)
    return generate_latest(registry)
