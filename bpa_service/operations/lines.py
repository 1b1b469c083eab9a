"""The page of operations, line by line: from figures to what a lead is told of each. Pure.

Nothing is in order because nothing was heard of it: what is not known is a line that says why.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bpa_service.cases.deciding.statistics import Counted
from bpa_service.operations import domain, figures
from bpa_service.operations.domain import Alert, State
from bpa_service.operations.figures import Figures
from bpa_service.vehicles.enquiries.metrics import Asked
from service_kit.process_signs import Sign


class Part(StrEnum):
    """The parts of the page."""

    PROMISE = "promise"
    DELIVERY = "delivery"
    SOURCES = "sources"
    PROCESSES = "processes"
    BEYOND = "beyond"


class Figure(StrEnum):
    """What a line is about; `LineOut` says what its numbers are."""

    ANSWERS_HOUR = "answers_hour"
    ANSWERS_TODAY = "answers_today"
    ANSWERS_WEEK = "answers_week"
    LEFT = "left"
    REACTION = "reaction"
    FREE = "free"
    BREACHED = "breached"
    ON_SHIFT = "on_shift"
    OUTBOX = "outbox"
    STUCK = "stuck"
    DEAD_LETTERS = "dead_letters"
    NOTIFICATIONS = "notifications"
    SET_ASIDE = "set_aside"
    SEARCH = "search"
    SEARCH_REFUSED = "search_refused"
    SOURCE = "source"
    CLOCKS = "clocks"
    PROCESS = "process"
    ENGINE = "engine"
    CABINET = "cabinet"
    CABINET_WORK = "cabinet_work"
    BACKUP = "backup"


class Why(StrEnum):
    """Why something is not known, or what is to be said beside the number."""

    NO_ANSWERS = "no_answers"
    NOT_COUNTED = "not_counted"
    FEW_ANSWERS = "few_answers"
    CLOSED = "closed"
    NOT_ASKED = "not_asked"
    NOT_ANSWERED = "not_answered"
    CLOCKS_UNWATCHED = "clocks_unwatched"
    NO_SOURCES = "no_sources"
    NO_INDEX = "no_index"
    BUILDING = "building"
    NOT_CONNECTED = "not_connected"
    NOT_NOTED = "not_noted"
    AWAY = "away"
    NOT_READY = "not_ready"
    LACKS = "lacks"
    HIDDEN = "hidden"
    CHECK_FAILS = "check_fails"
    NOT_TOLD = "not_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. `subject` is which source, process or engine; `runbook` the section that says what to do.

    `since` is when that began which wants somebody; of what wants nobody it says nothing.
    """

    part: Part
    figure: Figure
    state: State
    value: float | None = None
    beside: float | None = None
    since: datetime | None = None
    subject: str | None = None
    why: Why | None = None
    runbook: str | None = None


def lines(seen: Figures) -> list[Line]:
    """The whole page, in its order."""
    told = (*_promise(seen), *_delivery(seen), *_sources(seen), *_processes(seen), *_beyond(seen))
    return [line if line.state in (State.LOOK, State.ACT) else replace(line, since=None) for line in told]


def _promise(seen: Figures) -> Iterator[Line]:
    now, part = seen.promise, Part.PROMISE
    hour = Counted(now.answered.answers, now.answered.in_time)
    yield _share(Figure.ANSWERS_HOUR, hour, rings=hour.answers >= domain.FEWEST_ANSWERS)
    # Their late answers are over: they are looked at, and wake nobody.
    today, week = seen.long or (None, None)
    yield _share(Figure.ANSWERS_TODAY, today, rings=False)
    yield _share(Figure.ANSWERS_WEEK, week, rings=False)
    median, least = now.timing.left
    yield _timed(Figure.LEFT, median, least, is_late=least is not None and least < 0)
    median, slow = now.timing.reaction
    yield _timed(Figure.REACTION, median, slow, is_late=slow is not None and slow > seen.claim_window)
    closed = None if now.is_open else Why.CLOSED
    free = now.waiting.free_seconds
    yield Line(
        part=part,
        figure=Figure.FREE,
        state=domain.NOBODY_TAKES_CASES.judged(free, rings=now.is_open),
        value=free,
        since=_ago(seen, free),
        why=closed,
        runbook=domain.NOBODY_TAKES_CASES.runbook,
    )
    yield _breached(seen)
    open_cases = sum(now.waiting.by_state.values())
    is_deserted = now.is_open and not now.at_work
    yield Line(
        part=part,
        figure=Figure.ON_SHIFT,
        state=domain.NOBODY_ON_SHIFT.judged(open_cases, rings=is_deserted)
        if open_cases or not is_deserted
        else State.LOOK,
        value=len(now.at_work),
        beside=open_cases,
        why=closed,
        runbook=domain.NOBODY_ON_SHIFT.runbook,
    )


def _breached(seen: Figures) -> Line:
    waiting, alert = seen.promise.waiting, domain.CASES_BREACHED
    line = _counted(Part.PROMISE, Figure.BREACHED, alert, waiting.breached, waiting.breached_since)
    # That a clock has run out is written by whoever looks at the clocks.
    if waiting.breached or domain.CLOCKS_UNWATCHED.judged(seen.ticks_overdue) is State.FINE:
        return line
    return replace(line, state=State.UNKNOWN, value=None, why=Why.CLOCKS_UNWATCHED)


def _share(figure: Figure, of: Counted | None, *, rings: bool) -> Line:
    share = of.in_time / of.answers if of and of.answers else None
    few = Why.FEW_ANSWERS if figure is Figure.ANSWERS_HOUR and not rings else None
    unknown = Why.NOT_COUNTED if of is None else Why.NO_ANSWERS
    return Line(
        part=Part.PROMISE,
        figure=figure,
        state=domain.ANSWERS_LATE.judged(share, rings=rings, otherwise=State.LOOK),
        value=share,
        beside=of.answers if of else None,
        why=unknown if share is None else few,
        runbook=domain.ANSWERS_LATE.runbook,
    )


def _timed(figure: Figure, value: float | None, beside: float | None, *, is_late: bool) -> Line:
    known = State.LOOK if is_late else State.FINE
    return Line(
        part=Part.PROMISE,
        figure=figure,
        state=State.UNKNOWN if value is None else known,
        value=value,
        beside=beside,
        why=Why.NO_ANSWERS if value is None else None,
        runbook=domain.ANSWERS_LATE.runbook,
    )


def _delivery(seen: Figures) -> Iterator[Line]:
    part, now, told, index = Part.DELIVERY, seen.delivery, seen.untold, seen.index
    yield _aged(seen, part, Figure.OUTBOX, domain.OUTBOX_LAGS, now.oldest_seconds, now.waiting)
    yield _counted(part, Figure.STUCK, domain.INSPECTIONS_STUCK, now.stuck, now.stuck_since, now.parked)
    yield _counted(part, Figure.DEAD_LETTERS, domain.DEAD_LETTERS, now.dead, now.dead_since)
    yield _aged(seen, part, Figure.NOTIFICATIONS, domain.NOTIFICATIONS_LAG, told.oldest_seconds, told.waiting)
    yield _counted(part, Figure.SET_ASIDE, domain.SET_ASIDE, told.set_aside, told.set_aside_since)
    behind = index.behind.total_seconds()
    building = Why.BUILDING if index.building else None
    yield Line(
        part=part,
        figure=Figure.SEARCH,
        # Its rule rings for either.
        state=State.LOOK if index.live is None else domain.SEARCH_BEHIND.judged(behind),
        value=behind,
        beside=index.waiting,
        since=_ago(seen, behind),
        why=Why.NO_INDEX if index.live is None and not building else building,
        runbook=domain.SEARCH_BEHIND.runbook,
    )
    yield _counted(part, Figure.SEARCH_REFUSED, domain.SEARCH_REFUSES, index.refused, None)


def _sources(seen: Figures) -> Iterator[Line]:
    if not seen.sources:
        yield Line(part=Part.SOURCES, figure=Figure.SOURCE, state=State.UNKNOWN, why=Why.NO_SOURCES)
    for name in seen.sources:
        yield _source(name, seen.asked.get(name, Asked()))


def _source(name: str, now: Asked) -> Line:
    state = domain.SOURCE_FAILS.judged(now.failed if now.answered else None)
    is_awaited = not now.answered and now.waiting > 0
    # Fewer than ring, and there is none that did not fail; or none has come at all.
    if is_awaited or (state is State.FINE and now.failed == now.answered):
        state = State.LOOK
    unheard = Why.NOT_ANSWERED if is_awaited else Why.NOT_ASKED
    return Line(
        part=Part.SOURCES,
        figure=Figure.SOURCE,
        state=state,
        value=now.failed if now.answered else None,
        beside=now.waiting if is_awaited else now.answered,
        since=now.waiting_since if is_awaited else None,
        subject=name,
        why=None if now.answered else unheard,
        runbook=domain.SOURCE_FAILS.runbook,
    )


def _processes(seen: Figures) -> Iterator[Line]:
    for name, sign in seen.processes.items():
        yield _process(seen, name, sign)
    yield _aged(seen, Part.PROCESSES, Figure.CLOCKS, domain.CLOCKS_UNWATCHED, seen.ticks_overdue, None)
    for name, said in seen.engines.items():
        yield Line(
            part=Part.PROCESSES,
            figure=Figure.ENGINE,
            state=State.FINE if said == "ok" else State.ACT,
            subject=name,
            why=None if said == "ok" else Why.CHECK_FAILS,
            runbook=domain.SERVICE_AWAY,
        )


def _process(seen: Figures, name: str, sign: Sign) -> Line:
    silent, since = sign.silent_seconds, seen.gone.get(name)
    if since is not None:
        state = State.ACT if seen.at - since >= domain.GONE_FOR else State.LOOK
        why = Why.NOT_CONNECTED
    else:
        state, why = domain.PROCESS_SILENT.judged(silent), Why.NOT_NOTED if silent is None else None
    return Line(
        part=Part.PROCESSES,
        figure=Figure.PROCESS,
        state=state,
        value=silent,
        since=since,
        subject=name,
        why=why,
        runbook=domain.PROCESS_SILENT.runbook,
    )


_OF_CABINET: Final = {
    figures.READY: (State.FINE, None),
    figures.NOT_READY: (State.ACT, Why.NOT_READY),
    figures.AWAY: (State.ACT, Why.AWAY),
    figures.HIDDEN: (State.UNKNOWN, Why.HIDDEN),
}


def _beyond(seen: Figures) -> Iterator[Line]:
    state, why = _OF_CABINET[seen.cabinet]
    if seen.cabinet_lacks:
        state, why = State.LOOK, Why.LACKS
    yield Line(
        part=Part.BEYOND,
        figure=Figure.CABINET,
        state=state,
        subject=", ".join(seen.cabinet_lacks) or None,
        why=why,
        runbook=domain.SERVICE_AWAY,
    )
    for figure in (Figure.CABINET_WORK, Figure.BACKUP):
        yield Line(part=Part.BEYOND, figure=figure, state=State.UNKNOWN, why=Why.NOT_TOLD)


def _counted(
    part: Part, figure: Figure, alert: Alert, count: int, since: datetime | None, beside: int | None = None
) -> Line:
    return Line(
        part=part,
        figure=figure,
        state=alert.judged(count),
        value=count,
        beside=beside,
        since=since if count else None,
        runbook=alert.runbook,
    )


def _aged(
    seen: Figures, part: Part, figure: Figure, alert: Alert, seconds: float, waiting: int | None
) -> Line:
    return Line(
        part=part,
        figure=figure,
        state=alert.judged(seconds),
        value=seconds,
        beside=waiting,
        since=_ago(seen, seconds),
        runbook=alert.runbook,
    )


def _ago(seen: Figures, seconds: float) -> datetime | None:
    return seen.at - timedelta(seconds=seconds) if seconds > 0 else None
