"""Asking the client: the clock stands still exactly as long as they were waited for, and not a second more."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from bpa_service.cases.asking import service as asking
from bpa_service.cases.asking.models import TaskState
from bpa_service.cases.asking.schemas import InfoTaskIn
from bpa_service.cases.core import errors
from bpa_service.cases.core.places import PlaceIn
from bpa_service.cases.holding import service as holding
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.clock import Pause, PauseCause, reckon
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.events.bpa_v1 import ClockPausedV1, ClockResumedV1, InfoTaskCreatedV1
from shared_schemas.words import DeclineDetail, DeclineReason, Shot
from shared_schemas.words import InspectionState as State
from tests.service.cases.conftest import START, Desk, at, photo


def client_pause(ref: UUID, started_at: datetime, ended_at: datetime | None) -> Pause:
    return Pause(ref=ref, cause=PauseCause.CLIENT_INFO, started_at=started_at, ended_at=ended_at)


async def test_asking_alone_stops_nothing(desk: Desk) -> None:
    case_id = await desk.in_work()

    task_id = await desk.ask(case_id, now=at(1))

    assert await desk.state(case_id) is State.IN_WORK
    assert (await desk.clock(case_id)).pauses == ()
    created = (await desk.events(case_id))[-1]
    assert isinstance(created, InfoTaskCreatedV1)
    assert (created.task_id, created.blocking, created.shot) == (task_id, True, Shot.VIN_STAMPED)
    assert created.asked_by.display_name == desk.anna.display_name


async def test_the_clock_stands_still_from_the_notification_to_the_reply(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id, now=at(1))

    await desk.notified(case_id, task_id, at(1.25), now=at(1.3))
    waiting = await desk.case(case_id)
    assert (waiting.state, waiting.holder_id, waiting.lease_expires_at) == (
        State.WAITING_CLIENT,
        desk.anna.id,
        None,
    )
    await desk.fulfilled(case_id, task_id, at(7), now=at(7.1))

    clock = await desk.clock(case_id)
    assert clock.pauses == (client_pause(task_id, at(1.25), at(7)),)
    reading = reckon(clock, at(10))
    assert (reading.used_seconds, reading.paused_seconds) == (60 * 4.25, 60 * 5.75)
    back = await desk.case(case_id)
    assert (back.state, back.lease_expires_at) == (
        State.IN_WORK,
        at(7.1) + desk.policy.lease.resume_window,
    )
    [task] = (await desk.full(case_id)).info_tasks
    assert (task.state, task.answer, task.ended_at) == (TaskState.FULFILLED, "Here.", at(7))
    paused, resumed = [
        event for event in await desk.events(case_id) if isinstance(event, ClockPausedV1 | ClockResumedV1)
    ]
    assert (paused.state, paused.clock.pauses) == (
        State.WAITING_CLIENT,
        (client_pause(task_id, at(1.25), None),),
    )
    assert (resumed.state, resumed.clock) == (State.IN_WORK, clock)


async def test_who_does_not_come_back_after_the_reply_loses_the_case(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id)
    await desk.notified(case_id, task_id, at(1))
    await desk.tick(at(300))
    await desk.fulfilled(case_id, task_id, at(300))

    await desk.tick(at(300) + desk.policy.lease.resume_window - timedelta(microseconds=1))
    assert await desk.state(case_id) is State.IN_WORK
    await desk.tick(at(300) + desk.policy.lease.resume_window)
    assert await desk.state(case_id) is State.QUEUED


async def test_a_reply_without_a_notification_never_stopped_the_clock(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id)

    await desk.fulfilled(case_id, task_id, at(1))
    await desk.notified(case_id, task_id, at(0.5), now=at(1.1))

    assert (await desk.clock(case_id)).pauses == ()
    assert await desk.state(case_id) is State.IN_WORK
    [task] = (await desk.full(case_id)).info_tasks
    assert (task.state, task.notified_at) == (TaskState.FULFILLED, at(0.5))


async def test_a_question_that_does_not_block_never_stops_the_clock(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id, blocking=False)

    await desk.notified(case_id, task_id, at(1))

    assert (await desk.clock(case_id)).pauses == ()
    assert await desk.state(case_id) is State.IN_WORK


async def test_a_refusal_ends_the_waiting_too(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id)
    await desk.notified(case_id, task_id, at(1))

    await desk.hear(
        cabinet.InfoTaskDeclinedV1(
            inspection_id=case_id,
            task_id=task_id,
            reason=DeclineReason.NO_ACCESS,
            note="The bonnet is stuck.",
            declined_at=at(2),
        ),
        at(2),
    )

    assert (await desk.clock(case_id)).pauses == (client_pause(task_id, at(1), at(2)),)
    assert await desk.state(case_id) is State.IN_WORK
    [task] = (await desk.full(case_id)).info_tasks
    assert (task.state, task.decline_reason, task.decline_note) == (
        TaskState.DECLINED,
        DeclineReason.NO_ACCESS,
        "The bonnet is stuck.",
    )


async def test_a_reason_in_detail_is_kept_and_an_older_sender_has_none(desk: Desk) -> None:
    case_id = await desk.in_work()
    asked = [await desk.ask(case_id, blocking=False) for _ in range(2)]
    for task_id, detail in zip(asked, (DeclineDetail.UNREADABLE, None), strict=True):
        told = cabinet.InfoTaskDeclinedV1(
            inspection_id=case_id,
            task_id=task_id,
            reason=DeclineReason.OTHER,
            note=None,
            declined_at=at(2),
            detail=detail,
        )
        old = told.model_dump(mode="json", exclude=None if detail else {"detail"})
        await desk.hear(cabinet.InfoTaskDeclinedV1.model_validate(old), at(2))
    tasks = (await desk.full(case_id)).info_tasks
    assert {one.id: (one.decline_reason, one.decline_detail) for one in tasks} == {
        asked[0]: (DeclineReason.OTHER, DeclineDetail.UNREADABLE),
        asked[1]: (DeclineReason.OTHER, None),
    }


async def test_a_withdrawal_ends_the_waiting_too_and_happens_once(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id)
    await desk.notified(case_id, task_id, at(1))

    await desk.do(asking.withdraw, case_id, task_id, by=desk.anna, now=at(3))

    assert (await desk.clock(case_id)).pauses == (client_pause(task_id, at(1), at(3)),)
    assert await desk.state(case_id) is State.IN_WORK
    assert (await desk.names(case_id))[-2:] == ["info_task.withdrawn", "clock.resumed"]
    with pytest.raises(errors.InfoTaskOver):
        await desk.do(asking.withdraw, case_id, task_id, by=desk.anna)
    await desk.fulfilled(case_id, task_id, at(4))
    [task] = (await desk.full(case_id)).info_tasks
    assert (task.state, task.answer) == (TaskState.WITHDRAWN, "Here.")


async def test_of_two_questions_the_last_reply_ends_the_waiting(desk: Desk) -> None:
    case_id = await desk.in_work()
    one, two = await desk.ask(case_id), await desk.ask(case_id)
    await desk.notified(case_id, one, at(1))
    await desk.notified(case_id, two, at(2))

    await desk.fulfilled(case_id, one, at(4))
    assert await desk.state(case_id) is State.WAITING_CLIENT
    await desk.fulfilled(case_id, two, at(6))
    assert await desk.state(case_id) is State.IN_WORK

    clock = await desk.clock(case_id)
    assert reckon(clock, at(10)).paused_seconds == 300
    states = [event.state for event in await desk.events(case_id) if isinstance(event, ClockResumedV1)]
    assert states == [State.WAITING_CLIENT, State.IN_WORK]


async def test_a_notification_that_comes_after_the_lease_was_lost_still_stops_the_clock(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id)
    await desk.tick(at(2))

    await desk.notified(case_id, task_id, at(1), now=at(3))
    assert await desk.state(case_id) is State.WAITING_CLIENT
    await desk.fulfilled(case_id, task_id, at(4))
    assert await desk.state(case_id) is State.QUEUED


async def test_a_case_that_was_given_back_while_waiting_goes_to_the_queue(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id)
    await desk.notified(case_id, task_id, at(1))
    await desk.do(holding.release, case_id, by=desk.anna, now=at(2))
    assert await desk.state(case_id) is State.WAITING_CLIENT

    await desk.fulfilled(case_id, task_id, at(3))

    assert await desk.state(case_id) is State.QUEUED


async def test_a_pause_cannot_undo_a_breach(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id)
    await desk.tick(at(20))
    assert "sla.breached" in await desk.names(case_id)

    await desk.notified(case_id, task_id, at(5), now=at(21))

    clock = await desk.clock(case_id)
    assert clock.pauses == (client_pause(task_id, at(20), None),)
    assert reckon(clock, at(60)).breached


async def test_messages_on_their_way_are_our_time_and_not_the_clients(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id)
    await desk.notified(case_id, task_id, at(2), now=at(4))

    await desk.fulfilled(case_id, task_id, at(3), now=at(9))

    assert (await desk.clock(case_id)).pauses == (client_pause(task_id, at(2), at(3)),)


async def test_a_photo_that_comes_later_is_evidence_like_the_others(desk: Desk) -> None:
    case_id = await desk.in_work()
    task_id = await desk.ask(case_id)
    better = photo(info_task_id=task_id)

    await desk.hear(cabinet.InspectionEvidenceAddedV1(inspection_id=case_id, evidence=better), at(1))

    assert better in (await desk.full(case_id)).evidence
    assert (await desk.case(case_id)).version == 4


async def test_a_place_has_to_be_on_a_photo_of_the_case(desk: Desk) -> None:
    case_id = await desk.in_work()
    elsewhere = (await desk.full(await desk.opened("A-0000002"))).evidence[0].evidence_id
    ask = InfoTaskIn(shot=None, question="This?", place=PlaceIn(evidence_id=elsewhere), blocking=True)

    with pytest.raises(errors.UnknownEvidence) as refused:
        await desk.do(asking.ask, case_id, ask=ask, by=desk.anna)

    assert refused.value.params == {"evidence_ids": [str(elsewhere)]}
    with pytest.raises(NotFound):
        await desk.do(asking.withdraw, case_id, new_id(), by=desk.anna)


async def test_only_the_holder_asks(desk: Desk) -> None:
    case_id = await desk.opened()
    with pytest.raises(errors.CaseNotHeld):
        await desk.ask(case_id)
    await desk.claim(case_id, desk.boris)
    with pytest.raises(errors.CaseHeldByOther):
        await desk.ask(case_id)
    assert await desk.names(case_id) == ["case.queued", "case.claimed"]
    assert (await desk.clock(case_id)).started_at == START
