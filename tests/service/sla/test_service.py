"""The ledger as it is stored."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.opening_hours import OpenHours
from bpa_service.sla import queries, service
from bpa_service.sla.domain import ClockPolicy, EntryKind
from service_kit.db import Session
from service_kit.ids import new_id
from shared_schemas.clock import PauseCause
from tests.support.statements import statements_sent

POLICY = ClockPolicy(budget=timedelta(minutes=20))
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLIENT, INCIDENT = PauseCause.CLIENT_INFO, PauseCause.PLATFORM_INCIDENT


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.fixture
async def session(bpa_ports: ApiPorts) -> AsyncGenerator[Session]:
    async with bpa_ports.backbone.database.writing() as session:
        yield session


@pytest.fixture
async def case_id(session: Session) -> UUID:
    """A case whose clock started at minute 0."""
    case_id = new_id()
    await service.start(session, case_id, at=START, policy=POLICY, now=START)
    return case_id


async def pause(
    session: Session, case_id: UUID, ref: UUID, *, minute: float, now: float | None = None
) -> service.ClockState:
    return await service.pause(
        session,
        case_id,
        cause=CLIENT,
        ref=ref,
        at=at(minute),
        policy=POLICY,
        now=at(minute if now is None else now),
    )


async def resume(
    session: Session, case_id: UUID, ref: UUID, *, minute: float, now: float | None = None
) -> service.ClockState:
    return await service.resume(
        session, case_id, ref=ref, at=at(minute), policy=POLICY, now=at(minute if now is None else now)
    )


async def test_every_verb_leaves_the_clock_that_it_returned(session: Session, case_id: UUID) -> None:
    task, incident = new_id(), new_id()

    async def is_stored(state: service.ClockState) -> bool:
        return await queries.clock_of(session, case_id) == state.clock

    assert await is_stored(await pause(session, case_id, task, minute=2))
    assert await is_stored(
        await service.pause(
            session, case_id, cause=INCIDENT, ref=incident, at=at(3), policy=POLICY, now=at(3)
        )
    )
    assert await is_stored(await resume(session, case_id, task, minute=4, now=5))
    assert await is_stored(await resume(session, case_id, incident, minute=6))
    assert await is_stored(await service.advance(session, case_id, policy=POLICY, now=at(15)))
    assert await is_stored(await service.stop(session, case_id, at=at(16), policy=POLICY, now=at(16)))


async def test_a_running_clock_tells_when_it_is_due_and_when_it_ticks(
    session: Session, case_id: UUID
) -> None:
    await pause(session, case_id, ref := new_id(), minute=2)

    state = await resume(session, case_id, ref, minute=5)

    assert (state.due_at, state.next_tick_at) == (at(23), at(13))


async def test_a_paused_clock_tells_neither(session: Session, case_id: UUID) -> None:
    state = await pause(session, case_id, new_id(), minute=2)

    assert (state.due_at, state.next_tick_at) == (None, None)


async def test_a_repeated_verb_writes_nothing(session: Session, case_id: UUID) -> None:
    ref = new_id()
    await pause(session, case_id, ref, minute=2)
    assert (await pause(session, case_id, ref, minute=3)).written == ()

    resumed = await resume(session, case_id, ref, minute=4)
    repeated = await resume(session, case_id, ref, minute=6)

    assert repeated.written == ()
    assert repeated.clock == resumed.clock


async def test_each_threshold_is_written_once_at_the_instant_it_was_reached(
    session: Session, case_id: UUID
) -> None:
    first = await service.advance(session, case_id, policy=POLICY, now=at(16))
    again = await service.advance(session, case_id, policy=POLICY, now=at(17))
    last = await service.advance(session, case_id, policy=POLICY, now=at(21))

    assert [(entry.percent, entry.at) for entry in first.written] == [(50, at(10)), (75, at(15))]
    assert again.written == ()
    assert [(entry.percent, entry.at) for entry in last.written] == [(90, at(18)), (100, at(20))]
    assert last.next_tick_at is None


async def test_a_stop_writes_the_breach_that_nobody_had_noticed(session: Session, case_id: UUID) -> None:
    state = await service.stop(session, case_id, at=at(21), policy=POLICY, now=at(21))

    assert [entry.percent for entry in state.written if entry.percent] == [50, 75, 90, 100]
    assert state.written[-1].kind is EntryKind.STOPPED


async def test_a_pause_cannot_undo_a_breach_that_was_written(session: Session, case_id: UUID) -> None:
    await service.advance(session, case_id, policy=POLICY, now=at(20))

    state = await pause(session, case_id, new_id(), minute=19, now=21)

    assert state.clock.pauses[0].started_at == at(20)
    ledger = await queries.ledger_of(session, case_id)
    assert ledger is not None
    assert ledger.reached[100] == at(20)


async def test_a_resume_counts_since_the_client_replied_and_not_since_we_heard(
    session: Session, case_id: UUID
) -> None:
    await pause(session, case_id, ref := new_id(), minute=2)

    state = await resume(session, case_id, ref, minute=5, now=9)

    assert state.clock.pauses[0].ended_at == at(5)


async def test_a_dispute_gets_a_clock_of_its_own(session: Session, case_id: UUID) -> None:
    first = await service.stop(session, case_id, at=at(5), policy=POLICY, now=at(5))

    second = await service.start(session, case_id, at=at(60), policy=POLICY, now=at(60))

    assert second.clock.number == 2
    assert second.due_at == at(80)
    assert await queries.clock_of(session, case_id) == second.clock
    ledgers = await queries.ledgers_of(session, case_id)
    assert [ledger.clock for ledger in ledgers] == [first.clock, second.clock]


async def test_a_second_clock_waits_for_the_first_to_stop(session: Session, case_id: UUID) -> None:
    with pytest.raises(service.ClockStillRuns):
        await service.start(session, case_id, at=at(5), policy=POLICY, now=at(5))


async def test_without_a_clock_there_is_nothing_to_pause(session: Session) -> None:
    assert await queries.clock_of(session, new_id()) is None
    with pytest.raises(service.NoClock):
        await pause(session, new_id(), new_id(), minute=1)


async def test_the_night_is_written_as_it_was_however_late_somebody_looks(session: Session) -> None:
    policy = ClockPolicy(hours=OpenHours.parse("08:00-22:00 Europe/Moscow"))
    closes, opens = datetime(2026, 3, 2, 19, tzinfo=UTC), datetime(2026, 3, 3, 5, tzinfo=UTC)
    started = closes - timedelta(minutes=5)
    case_id = new_id()

    state = await service.start(session, case_id, at=started, policy=policy, now=started)
    assert (state.due_at, state.next_tick_at) == (opens + timedelta(minutes=15), closes)

    state = await service.advance(session, case_id, policy=policy, now=opens + timedelta(minutes=6))
    assert [(entry.kind, entry.at) for entry in state.written] == [
        (EntryKind.PAUSED, closes),
        (EntryKind.RESUMED, opens),
        (EntryKind.THRESHOLD, opens + timedelta(minutes=5)),
    ]
    assert state.due_at == opens + timedelta(minutes=15)


async def test_the_clocks_of_many_cases_are_one_query(session: Session) -> None:
    case_ids = [new_id() for _ in range(20)]
    for case_id in case_ids:
        await service.start(session, case_id, at=START, policy=POLICY, now=START)
        await pause(session, case_id, new_id(), minute=3)
    await session.flush()
    with statements_sent() as statements:
        clocks = await queries.clocks_of(session, [*case_ids, new_id()])

    assert clocks.keys() == set(case_ids)
    assert all(len(clock.pauses) == 1 for clock in clocks.values())
    assert len(statements) == 1


async def test_two_who_pause_for_one_task_without_the_lock_of_the_case_cannot_both(
    bpa_ports: ApiPorts,
) -> None:
    database = bpa_ports.backbone.database
    case_id, ref = new_id(), new_id()
    async with database.writing() as session:
        await service.start(session, case_id, at=START, policy=POLICY, now=START)

    async def pause_too() -> None:
        async with database.writing() as other:
            await pause(other, case_id, ref, minute=1)
            unseen.set()

    unseen = asyncio.Event()
    async with database.writing() as one:
        await pause(one, case_id, ref, minute=1)
        await one.flush()
        too = asyncio.create_task(pause_too())
        await unseen.wait()

    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await too
