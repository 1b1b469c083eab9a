"""What time alone brings: each threshold once, exact to its instant, and no case held up by another."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import delete, select

from bpa_service.cases.core import errors
from bpa_service.cases.core.models import Case
from bpa_service.cases.holding import service as holding
from bpa_service.cases.incidents import service as incidents
from bpa_service.cases.ticking import metrics, ticker
from bpa_service.opening_hours import OpenHours
from bpa_service.sla.models import ClockEntry
from service_kit.chores import Chore, perform
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.clock import Pause, PauseCause, reckon
from shared_schemas.envelope import Event
from shared_schemas.events.bpa_v1 import (
    CaseQueuedV1,
    CaseUnprocessableV1,
    ClockPausedV1,
    ClockResumedV1,
    SlaAtRiskV1,
    SlaBreachedV1,
)
from shared_schemas.words import InspectionState as State
from tests.service.cases.conftest import START, Desk, at


def thresholds(events: list[Event]) -> list[tuple[int, object]]:
    return [
        (event.percent, event.reached_at) if isinstance(event, SlaAtRiskV1) else (100, event.breached_at)
        for event in events
        if isinstance(event, SlaAtRiskV1 | SlaBreachedV1)
    ]


async def test_each_threshold_is_announced_once_at_its_instant(desk: Desk) -> None:
    case_id = await desk.opened()

    for minute in range(31):
        await desk.tick(at(minute))
        await desk.tick(at(minute))

    assert thresholds(await desk.events(case_id)) == [(50, at(10)), (75, at(15)), (90, at(18)), (100, at(20))]
    trail = await desk.trail(case_id)
    assert (trail.count("sla_at_risk"), trail.count("sla_breached")) == (3, 1)
    assert await desk.state(case_id) is State.QUEUED
    assert (await desk.case(case_id)).next_tick_at is None


async def test_after_a_long_absence_all_that_was_missed_is_caught_up(desk: Desk) -> None:
    case_id = await desk.opened(at=START, now=at(60))

    await desk.tick(at(60))

    assert thresholds(await desk.events(case_id)) == [(50, at(10)), (75, at(15)), (90, at(18)), (100, at(20))]


async def test_operators_see_for_how_long_nobody_has_looked_at_the_clocks(desk: Desk) -> None:
    async def overdue() -> float:
        figures = (await metrics.collect(desk.ports.backbone.database)).decode().splitlines()
        return float(next(line for line in figures if not line.startswith("#")).split()[1])

    assert await overdue() == 0
    await desk.opened(at=START, now=START)
    assert await overdue() > 60  # START is long ago
    await desk.tick(at(60))
    assert await overdue() == 0


async def test_at_ninety_percent_a_case_is_marked_for_a_second_expert(desk: Desk) -> None:
    case_id = await desk.opened()

    await desk.tick(at(17.9))
    assert not (await desk.case(case_id)).needs_second_expert
    await desk.tick(at(18))
    assert (await desk.case(case_id)).needs_second_expert


async def test_waiting_for_the_client_brings_no_threshold(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id)
    await desk.notified(case_id, task_id, at(9))

    await desk.tick(at(100))
    assert thresholds(await desk.events(case_id)) == []
    await desk.fulfilled(case_id, task_id, at(100))
    await desk.tick(at(101))
    assert thresholds(await desk.events(case_id)) == [(50, at(101))]


async def test_a_busy_case_is_left_for_the_next_tick_and_holds_up_no_other(desk: Desk) -> None:
    busy, other = await desk.opened("A-0000001"), await desk.opened("A-0000002")

    async with desk.ports.backbone.database.writing() as session:
        await session.scalar(select(Case.id).where(Case.id == busy).with_for_update())
        assert await asyncio.wait_for(desk.tick(at(10)), 10) == 1
        assert thresholds(await desk.events(other)) == [(50, at(10))]
    await desk.tick(at(11))

    assert thresholds(await desk.events(busy)) == [(50, at(10))]


async def test_a_case_that_cannot_be_ticked_holds_up_no_other(desk: Desk) -> None:
    broken, other = await desk.opened("A-0000001"), await desk.opened("A-0000002")
    async with desk.ports.backbone.database.writing() as session:
        await session.execute(delete(ClockEntry).where(ClockEntry.case_id == broken))

    await desk.tick(at(10))

    assert thresholds(await desk.events(other)) == [(50, at(10))]
    assert (await desk.case(broken)).next_tick_at == at(11)


async def test_more_cases_than_a_batch_are_all_ticked(desk: Desk) -> None:
    for number in range(60):
        await desk.opened(f"A-{number:07}", at=START - timedelta(minutes=number))

    await tick_all(desk)

    async with desk.ports.backbone.database.reading() as session:
        rows = await session.scalars(select(ClockEntry.case_id).where(ClockEntry.percent == 100))
    assert len(rows.all()) == 60


async def test_a_client_who_stays_silent_for_too_long_ends_the_case(desk: Desk) -> None:
    case_id = await desk.in_work()
    await desk.notified(case_id, await desk.ask(case_id), at(2))
    last = at(2) + desk.policy.client_patience

    await desk.tick(last - timedelta(microseconds=1))
    assert await desk.state(case_id) is State.WAITING_CLIENT
    await desk.tick(last)

    case, clock = await desk.case(case_id), await desk.clock(case_id)
    assert (case.state, case.holder_id, case.ended_at) == (State.EXPIRED, None, last)
    assert clock.stopped_at == last
    assert reckon(clock, last).used_seconds == 120
    assert (await desk.events(case_id))[-1] == CaseUnprocessableV1(
        inspection_id=case_id,
        state=State.EXPIRED,
        reason="client_silent",
        note=None,
        clock=clock,
        ended_at=last,
    )


async def test_closing_time_stops_the_clocks_until_the_opening(desk: Desk) -> None:
    hours = OpenHours.parse("08:00-12:05 UTC")
    desk = desk.with_policy(clock=replace(desk.policy.clock, hours=hours))
    case_id = await desk.in_work()

    await desk.tick(at(5))
    [closed] = (await desk.clock(case_id)).pauses
    assert (closed.cause, closed.started_at, closed.ended_at) == (PauseCause.CLOSED_HOURS, at(5), None)
    assert await desk.state(case_id) is State.QUEUED  # nobody sent a heartbeat
    morning = START + timedelta(hours=20)
    await desk.tick(morning)

    assert (await desk.clock(case_id)).pauses == (closed.model_copy(update={"ended_at": morning}),)
    assert "clock.paused" in await desk.names(case_id)
    assert (await desk.names(case_id))[-1] == "clock.resumed"


async def test_an_incident_stops_every_open_clock(desk: Desk) -> None:
    held, queued = await desk.in_work("A-0000001"), await desk.opened("A-0000002")
    incident = await start_incident(desk, at(1))

    await desk.tick(at(1.1))
    opened_during = await desk.opened("A-0000003", at=at(3), now=at(3))
    await end_incident(desk, incident, at(6))
    await desk.tick(at(6.1))

    for case_id, since in ((held, at(1)), (queued, at(1)), (opened_during, at(3))):
        assert (await desk.clock(case_id)).pauses == (
            Pause(ref=incident, cause=PauseCause.PLATFORM_INCIDENT, started_at=since, ended_at=at(6)),
        )
    paused, resumed = [
        event for event in await desk.events(queued) if isinstance(event, ClockPausedV1 | ClockResumedV1)
    ]
    assert (paused.state, resumed.state) == (State.QUEUED, State.QUEUED)
    [opening, *_] = await desk.events(opened_during)
    assert isinstance(opening, CaseQueuedV1)
    assert [pause.ref for pause in opening.clock.pauses] == [incident]


async def test_an_incident_that_is_over_before_a_tick_still_counts(desk: Desk) -> None:
    case_id = await desk.opened()
    incident = await start_incident(desk, at(1))
    await end_incident(desk, incident, at(2))

    await desk.tick(at(2.5))
    await desk.tick(at(12))

    [pause] = (await desk.clock(case_id)).pauses
    assert (pause.started_at, pause.ended_at) == (at(1), at(2))
    assert thresholds(await desk.events(case_id)) == [(50, at(11))]


async def test_an_incident_before_a_case_is_none_of_its_business(desk: Desk) -> None:
    incident = await start_incident(desk, START)
    await end_incident(desk, incident, at(1))

    case_id = await desk.opened(at=at(2), now=at(2))
    await desk.tick(at(14))

    assert (await desk.clock(case_id)).pauses == ()


async def test_a_waiting_case_goes_on_waiting_through_an_incident(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id)
    await desk.notified(case_id, task_id, at(1))
    incident = await start_incident(desk, at(2))
    await desk.tick(at(2))

    await desk.fulfilled(case_id, task_id, at(3))
    assert await desk.state(case_id) is State.IN_WORK
    await end_incident(desk, incident, at(5))
    await desk.tick(at(5))

    assert reckon(await desk.clock(case_id), at(6)).paused_seconds == 240


async def test_one_incident_at_a_time_and_each_ends_once(desk: Desk) -> None:
    incident = await start_incident(desk, START)

    with pytest.raises(errors.IncidentOpen):
        await start_incident(desk, at(1))
    await end_incident(desk, incident, at(2))
    with pytest.raises(errors.IncidentOver):
        await end_incident(desk, incident, at(3))
    with pytest.raises(NotFound):
        await end_incident(desk, new_id(), at(3))


async def test_two_tickers_announce_nothing_twice(desk: Desk) -> None:
    case_ids = [await desk.opened(f"A-{number:07}", at=START - timedelta(minutes=30)) for number in range(8)]

    await asyncio.gather(tick_all(desk), tick_all(desk))
    await asyncio.gather(tick_all(desk), tick_all(desk))

    for case_id in case_ids:
        assert [percent for percent, _ in thresholds(await desk.events(case_id))] == [50, 75, 90, 100]


async def test_a_released_case_keeps_its_thresholds(desk: Desk) -> None:
    case_id = await desk.in_work()
    await desk.do(holding.release, case_id, by=desk.anna, now=at(1))

    await desk.tick(at(10))

    assert thresholds(await desk.events(case_id)) == [(50, at(10))]


async def tick_all(desk: Desk) -> None:
    """As a worker does."""
    chore = Chore("cases_ticked", timedelta(seconds=1), partial(ticker.tick, policy=desk.policy))
    await perform(desk.ports.backbone.database, chore)


async def start_incident(desk: Desk, now: datetime) -> UUID:
    return (await desk.do(incidents.start, note="The bus is down.", by=desk.lead, now=now)).id


async def end_incident(desk: Desk, incident_id: UUID, now: datetime) -> None:
    await desk.do(incidents.end, incident_id, by=desk.lead, now=now)
