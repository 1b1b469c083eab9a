"""A house in which everything is in order, and figures of one in which something is not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bpa_service.cases.deciding.statistics import Counted, Lately, Timing
from bpa_service.cases.queue.queries import Waiting
from bpa_service.operations import figures
from bpa_service.operations.figures import Figures, LongPeriods
from bpa_service.operations.lines import Figure, Line, lines
from bpa_service.shifts.metrics import Promise
from bpa_service.shifts.queries import AtWork
from bpa_service.vehicles.enquiries.metrics import Asked
from service_kit.ids import new_id
from service_kit.metrics import Delivery
from service_kit.notifying.metrics import Untold
from service_kit.process_signs import Sign
from service_kit.search.keeping.state import IndexState
from shared_schemas.words import InspectionState

AT: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
EARLIER: Final = AT - timedelta(minutes=10)
ANNA: Final = AtWork(new_id(), "Anna", "expert", EARLIER)


def answers(in_time: int, of: int) -> Lately:
    return Lately(of, in_time, (300, 600))


def counted(in_time: int, of: int) -> Counted:
    return Counted(of, in_time)


def promise(**changes: Any) -> Promise:
    """`free`, `breached` and `open_cases` are those of what waits."""
    waits = {"free_seconds": changes.pop("free", 0.0), "breached": changes.pop("breached", 0)}
    open_cases = changes.pop("open_cases", 3)
    waiting = Waiting(
        by_state={InspectionState.IN_WORK: open_cases},
        breached_since=EARLIER if waits["breached"] else None,
        **waits,
    )
    well = Promise(
        is_open=True,
        waiting=waiting,
        at_work=(ANNA,),
        answered=answers(100, 100),
        timing=Timing((600, 60), (60, 120)),
    )
    return replace(well, **changes)


def delivery(**changes: Any) -> Delivery:
    well = Delivery(waiting=0, oldest_seconds=0, parked=0, stuck=0, stuck_since=None, dead=0, dead_since=None)
    return replace(well, **changes)


def untold(**changes: Any) -> Untold:
    return replace(Untold(waiting=0, oldest_seconds=0, set_aside=0, set_aside_since=None), **changes)


def index(**changes: Any) -> IndexState:
    well = IndexState(waiting=0, behind=timedelta(0), refused=0, live=1, building=None, compared=None)
    return replace(well, **changes)


WELL: Final = Figures(
    at=AT,
    promise=promise(),
    long=LongPeriods(counted(100, 100), counted(700, 700)),
    zone="UTC",
    ticks_overdue=0.0,
    delivery=delivery(),
    untold=untold(),
    index=index(),
    asked={"rdw": Asked(answered=10)},
    sources=("rdw",),
    processes={name: Sign(True, 5.0) for name in ("relay", "consumer", "worker")},
    gone={},
    engines={"bus": "ok", "cache": "ok"},
    cabinet=figures.READY,
    cabinet_lacks=(),
    claim_window=180,
)


def line_of(figure: Figure, /, subject: str | None = None, **changes: Any) -> Line:
    """What is said of it where all else is in order."""
    return told(replace(WELL, **changes))[figure, subject]


def told(seen: Figures) -> dict[tuple[Figure, str | None], Line]:
    found = lines(seen)
    by_key = {(line.figure, line.subject): line for line in found}
    assert len(by_key) == len(found)
    return by_key
