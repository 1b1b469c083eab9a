"""When a lead is told that something wants a look, or somebody at once: at each threshold, and beside it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bpa_service.cases.deciding.statistics import Timing
from bpa_service.operations import figures
from bpa_service.operations.domain import Gone, State
from bpa_service.operations.figures import LongPeriods
from bpa_service.operations.lines import Figure, Why
from bpa_service.vehicles.enquiries.metrics import Asked
from service_kit.process_signs import Sign
from tests.unit.operations.houses import (
    ANNA,
    AT,
    EARLIER,
    WELL,
    answers,
    counted,
    delivery,
    index,
    line_of,
    promise,
    told,
    untold,
)

FINE, LOOK, ACT, UNKNOWN = State.FINE, State.LOOK, State.ACT, State.UNKNOWN


def test_a_house_in_order_says_so_of_all_that_it_knows() -> None:
    unknown = {line.figure: line.why for line in told(WELL).values() if line.state is not FINE}
    assert unknown == {Figure.CABINET_WORK: Why.NOT_TOLD, Figure.BACKUP: Why.NOT_TOLD}
    assert {line.since for line in told(WELL).values()} == {None}


@pytest.mark.parametrize(
    ("in_time", "of", "state", "why"),
    [
        (95, 100, FINE, None),
        (94, 100, LOOK, None),
        (90, 100, LOOK, None),
        (89, 100, ACT, None),
        (8, 10, ACT, None),
        (8, 9, LOOK, Why.FEW_ANSWERS),
        (9, 9, FINE, Why.FEW_ANSWERS),
        (0, 0, UNKNOWN, Why.NO_ANSWERS),
    ],
)
def test_answers_of_the_hour_are_judged_by_their_share(
    in_time: int, of: int, state: State, why: Why | None
) -> None:
    line = line_of(Figure.ANSWERS_HOUR, promise=promise(answered=answers(in_time, of)))
    assert (line.state, line.why, line.beside) == (state, why, of)


@pytest.mark.parametrize("in_time", [94, 80])
def test_late_answers_of_longer_ago_wake_nobody(in_time: int) -> None:
    long = LongPeriods(counted(in_time, 100), counted(in_time, 100))
    for figure in (Figure.ANSWERS_TODAY, Figure.ANSWERS_WEEK):
        assert line_of(figure, long=long).state is LOOK


def test_answers_that_could_not_be_counted_are_all_that_is_not_known() -> None:
    uncounted = told(replace(WELL, long=None))
    for figure in (Figure.ANSWERS_TODAY, Figure.ANSWERS_WEEK):
        line = uncounted.pop((figure, None))
        assert (line.state, line.value, line.why) == (UNKNOWN, None, Why.NOT_COUNTED)
    assert uncounted.items() < told(WELL).items()


def test_an_engine_whose_check_fails_wants_somebody_at_once() -> None:
    line = line_of(Figure.ENGINE, "cache", engines={"bus": "ok", "cache": "TimeoutError"})
    assert (line.state, line.why) == (ACT, Why.CHECK_FAILS)


@pytest.mark.parametrize(
    ("left", "slow", "states"), [(0, 180, (FINE, FINE)), (-1, 180, (LOOK, FINE)), (0, 181, (FINE, LOOK))]
)
def test_times_of_answers_want_a_look_where_one_of_ten_is_over(
    left: float, slow: float, states: tuple[State, State]
) -> None:
    timed = promise(timing=Timing((600, left), (60, slow)))
    assert tuple(line_of(figure, promise=timed).state for figure in (Figure.LEFT, Figure.REACTION)) == states


@pytest.mark.parametrize(
    ("free", "is_open", "state"),
    [(120, True, FINE), (121, True, LOOK), (300, True, LOOK), (301, True, ACT), (3600, False, FINE)],
)
def test_a_case_that_nobody_takes(free: float, is_open: bool, state: State) -> None:
    line = line_of(Figure.FREE, promise=promise(free=free, is_open=is_open))
    assert (line.state, line.why) == (state, None if is_open else Why.CLOSED)


@pytest.mark.parametrize(
    ("open_cases", "at_work", "is_open", "state"),
    [
        (0, (), True, LOOK),
        (1, (), True, ACT),
        (1, (), False, FINE),
        (1, (ANNA,), True, FINE),
        (0, (ANNA,), True, FINE),
    ],
)
def test_a_desk_with_nobody_at_it(open_cases: int, at_work: Any, is_open: bool, state: State) -> None:
    now = promise(open_cases=open_cases, at_work=at_work, is_open=is_open)
    assert line_of(Figure.ON_SHIFT, promise=now).state is state


@pytest.mark.parametrize(
    ("breached", "overdue", "expected"),
    [
        (0, 60, (FINE, 0, None)),
        (1, 60, (ACT, 1, None)),
        (1, 61, (ACT, 1, None)),
        (0, 61, (UNKNOWN, None, Why.CLOCKS_UNWATCHED)),
    ],
)
def test_that_no_time_is_over_is_known_while_somebody_looks_at_the_clocks(
    breached: int, overdue: float, expected: tuple[State, float | None, Why | None]
) -> None:
    line = line_of(Figure.BREACHED, promise=promise(breached=breached), ticks_overdue=overdue)
    assert (line.state, line.value, line.why) == expected


@pytest.mark.parametrize(
    ("figure", "changes", "state", "seconds_ago"),
    [
        (Figure.CLOCKS, {"ticks_overdue": 60}, FINE, None),
        (Figure.CLOCKS, {"ticks_overdue": 61}, ACT, 61),
        (Figure.OUTBOX, {"delivery": delivery(oldest_seconds=60)}, FINE, None),
        (Figure.OUTBOX, {"delivery": delivery(oldest_seconds=61)}, ACT, 61),
        (Figure.STUCK, {"delivery": delivery(parked=1)}, FINE, None),
        (Figure.STUCK, {"delivery": delivery(stuck=1, stuck_since=EARLIER)}, ACT, 600),
        (Figure.DEAD_LETTERS, {"delivery": delivery(dead=1, dead_since=EARLIER)}, LOOK, 600),
        (Figure.NOTIFICATIONS, {"untold": untold(oldest_seconds=300)}, FINE, None),
        (Figure.NOTIFICATIONS, {"untold": untold(oldest_seconds=301)}, ACT, 301),
        (Figure.SET_ASIDE, {"untold": untold(set_aside=1, set_aside_since=EARLIER)}, LOOK, 600),
        (Figure.SEARCH, {"index": index(behind=timedelta(seconds=300))}, FINE, None),
        (Figure.SEARCH, {"index": index(behind=timedelta(seconds=301))}, LOOK, 301),
        (Figure.SEARCH, {"index": index(live=None)}, LOOK, None),
        (Figure.SEARCH_REFUSED, {"index": index(refused=1)}, LOOK, None),
    ],
)
def test_what_waits_or_was_given_up(
    figure: Figure, changes: dict[str, Any], state: State, seconds_ago: float | None
) -> None:
    line = line_of(figure, **changes)
    since = None if seconds_ago is None else AT - timedelta(seconds=seconds_ago)
    assert (line.state, line.since) == (state, since)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked(answered=40, failed=4), (FINE, 4, 40, None)),
        (Asked(answered=40, failed=5), (LOOK, 5, 40, None)),
        (Asked(answered=1, failed=1), (LOOK, 1, 1, None)),
        (Asked(answered=1, waiting=7, waiting_since=EARLIER), (FINE, 0, 1, None)),
        (Asked(waiting=7, waiting_since=EARLIER), (LOOK, None, 7, Why.NOT_ANSWERED)),
        (Asked(), (UNKNOWN, None, 0, Why.NOT_ASKED)),
    ],
)
def test_a_source_that_fails_or_does_not_answer(
    asked: Asked, expected: tuple[State, float | None, float, Why | None]
) -> None:
    line = line_of(Figure.SOURCE, "rdw", asked={"rdw": asked})
    assert (line.state, line.value, line.beside, line.why) == expected
    assert line.since == (EARLIER if line.why is Why.NOT_ANSWERED else None)


@pytest.mark.parametrize(
    ("silent", "state", "why"), [(120, FINE, None), (121, ACT, None), (None, UNKNOWN, Why.NOT_NOTED)]
)
def test_a_process_that_is_silent(silent: float | None, state: State, why: Why | None) -> None:
    line = line_of(Figure.PROCESS, "relay", processes={"relay": Sign(True, silent)})
    assert (line.state, line.why) == (state, why)


@pytest.mark.parametrize(("seconds", "state"), [(0, LOOK), (299, LOOK), (300, ACT)])
def test_a_process_that_is_gone_may_be_replaced_by_an_upgrade(seconds: float, state: State) -> None:
    since = AT - timedelta(seconds=seconds)
    line = line_of(Figure.PROCESS, "relay", processes={"relay": Sign(False, None)}, gone={"relay": since})
    assert (line.state, line.why, line.since) == (state, Why.NOT_CONNECTED, since)


def test_since_when_a_process_is_gone_is_known_to_who_looks_again_and_again() -> None:
    gone, missing, there = Gone(), {"relay": Sign(False, None)}, {"relay": Sign(True, 1)}

    def after(minutes: int, processes: dict[str, Sign]) -> int | None:
        """For how many minutes it has been gone."""
        at = AT + timedelta(minutes=minutes)
        since = gone.seen(processes, at).get("relay")
        return None if since is None else round((at - since) / timedelta(minutes=1))

    assert [after(minute, missing) for minute in (0, 4, 8)] == [0, 4, 8]
    assert after(9, there) is None
    assert after(10, missing) == 0
    assert after(15, missing) == 0


@pytest.mark.parametrize(
    ("cabinet", "lacks", "state", "why"),
    [
        (figures.NOT_READY, (), ACT, Why.NOT_READY),
        (figures.AWAY, (), ACT, Why.AWAY),
        (figures.HIDDEN, (), UNKNOWN, Why.HIDDEN),
    ],
)
def test_the_other_service(cabinet: str, lacks: tuple[str, ...], state: State, why: Why | None) -> None:
    line = line_of(Figure.CABINET, cabinet=cabinet, cabinet_lacks=lacks)
    assert (line.state, line.why) == (state, why)


def test_the_other_service_lacks_something() -> None:
    line = line_of(Figure.CABINET, "files, bus", cabinet_lacks=("files", "bus"))
    assert (line.state, line.why) == (LOOK, Why.LACKS)
