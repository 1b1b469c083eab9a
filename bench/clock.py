"""Reading a clock with ten pauses against reading one with a single pause: a ledger may grow, a queue page has
200 of them. Goal: at most 8 times, that is, no worse than linear."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from bench.harness import Figure, compare
from shared_schemas.clock import Clock, Pause, PauseCause, reckon

START = datetime(2026, 1, 5, 12, tzinfo=UTC)


def clock_with(pauses: int) -> Clock:
    minute = timedelta(minutes=1)
    return Clock(
        started_at=START,
        pauses=tuple(
            Pause(
                ref=UUID(int=number),
                cause=PauseCause.CLIENT_INFO,
                started_at=START + 2 * number * minute,
                ended_at=START + (2 * number + 1) * minute,
            )
            for number in range(pauses)
        ),
    )


def run() -> list[Figure]:
    short, long, now = clock_with(1), clock_with(10), START + timedelta(hours=1)
    figure = compare(
        "a page of 200 clocks with ten pauses each",
        baseline=lambda: [reckon(short, now) for _ in range(200)],
        product=lambda: [reckon(long, now) for _ in range(200)],
        at_most=8.0,
    )
    return [figure]
