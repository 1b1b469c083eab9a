"""What a lead is told of the house: of each figure whether it is in order, never that it is for want of news."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import insert

from bpa_service.cases.core.domain import LeaseTerms
from bpa_service.cases.deciding import service as deciding
from bpa_service.cases.deciding import statistics
from bpa_service.db.tables import TABLES
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.notifications.kinds import NotificationKind
from bpa_service.notifications.models import Delivery, Notification
from bpa_service.operations.domain import State
from bpa_service.operations.figures import PEER_SECONDS, Operations
from bpa_service.operations.lines import Figure, Line, Why, lines
from bpa_service.settings import Settings
from bpa_service.shifts import service as shifts
from bpa_service.vehicles.enquiries.models import VehicleEnquiry
from service_kit.bus import DeadLetter
from service_kit.health import Ready
from service_kit.http.peer import Body, Peer, PeerBusy, PeerUnavailable
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from service_kit.listen import Listener
from service_kit.notifying.rules import DeliveryState
from service_kit.process_signs import signed
from shared_schemas.events.cabinet_v1 import DisputeOpenedV1
from tests.service.cases.answers import NOTHING_SEEN
from tests.service.cases.conftest import Desk
from tests.support.api import running
from tests.support.experts import sign_in

Found = dict[tuple[Figure, str | None], Line]
RELAY: Final = (Figure.PROCESS, "relay")
# What a line's number, and that beside it, are called in /metrics.
METRICS: Final = {
    "left": ('answer_left_seconds_lately{quantile="0.5"}', 'answer_left_seconds_lately{quantile="0.1"}'),
    "reaction": ('reaction_seconds_lately{quantile="0.5"}', 'reaction_seconds_lately{quantile="0.9"}'),
    "free": ("cases_free_oldest_seconds", None),
    "breached": ("cases_breached", None),
    "on_shift": ("experts_on_shift", None),
    "outbox": ("outbox_oldest_seconds", "outbox_waiting"),
    "stuck": ("inbox_stuck", "inbox_parked"),
    "dead_letters": ("dead_letters", None),
    "notifications": ("notifications_oldest_seconds", "notifications_waiting"),
    "set_aside": ("notifications_set_aside", None),
    "search": ("search_behind_seconds", "search_waiting"),
    "search_refused": ("search_refused", None),
    "source rdw": ('enquiries_failed{source="rdw"}', 'enquiries_answered{source="rdw"}'),
    "clocks": ("ticks_overdue_seconds", None),
    "process relay": ('process_silent_seconds{process="relay"}', None),
}


AGES: Final = {"free", "outbox", "notifications", "search", "clocks", "process relay"}
"""Those go on between two readings."""


class Cabinet(Peer):
    """The other service, which answers so, or not at all."""

    def __init__(self, answer: Ready | Exception | None = None) -> None:
        self.answer = answer or PeerUnavailable()

    async def get(self, target: str, body: type[Body], *, seconds: float | None = None) -> Body:
        assert (target, seconds) == ("/readyz", PEER_SECONDS)
        if isinstance(self.answer, Exception):
            raise self.answer
        return body.model_validate(self.answer.model_dump())


async def seen(desk: Desk, cabinet: Peer | None = None, **settings: Any) -> Found:
    backbone = replace(desk.ports.backbone, peer=cabinet or Cabinet())
    ports = replace(desk.ports, backbone=backbone, settings=desk.ports.settings.model_copy(update=settings))
    figures = await Operations(ports, dict, kept=0, long_kept=0).look()
    return {(line.figure, line.subject): line for line in lines(figures)}


async def answered(desk: Desk, number: str, *, minutes: int) -> UUID:
    """A case of half an hour ago, taken and answered after so many minutes."""
    desk = desk.with_policy(lease=LeaseTerms(length=timedelta(hours=1), resume_window=timedelta(hours=1)))
    begun = datetime.now(UTC) - timedelta(minutes=40)
    case_id = await desk.opened(number, at=begun, now=begun)
    taken, at = begun + timedelta(minutes=1), begun + timedelta(minutes=minutes)
    await desk.claim(case_id, desk.anna, now=taken)
    version = (await desk.case(case_id)).version
    await desk.do(deciding.decide, case_id, draft=NOTHING_SEEN, by=desk.anna, seen=version, now=at)
    return case_id


async def with_troubles(desk: Desk) -> None:
    """Whatever can be wrong with delivery, search and a source, an hour old."""
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    letter = DeadLetter(
        queue="bpa.events", message_id=new_id(), body=b"{}", correlation_id="", reason="newer", attempts=5
    )
    await desk.ports.backbone.dead_letters.bury(letter)
    case_id = await desk.opened("A-0000009", at=long_ago, now=long_ago)
    async with desk.ports.backbone.database.writing() as session:
        late: dict[str, Any] = {"aggregate_id": new_id(), "envelope": {}, "parked_at": long_ago}
        await session.execute(insert(TABLES.parked).values([late | {"aggregate_seq": n} for n in (3, 4)]))
        for is_set_aside in (True, True, False):
            session.add_all(told(desk.anna.id, case_id, long_ago, is_set_aside=is_set_aside))
        await session.fetch("UPDATE search_marks SET since = since - interval '1 hour', refused = true")
        for failed in (True, True, True, True, True, False):
            session.add(asked(case_id, failed=failed))


def told(
    expert_id: UUID, case_id: UUID, at: datetime, *, is_set_aside: bool
) -> tuple[Notification, Delivery]:
    """A notification that nobody has taken yet."""
    notification = Notification(
        id=new_id(),
        event_id=new_id(),
        person_id=expert_id,
        kind=NotificationKind.NEW_CASE,
        subject_id=case_id,
        number="A-0000009",
        created_at=at,
    )
    delivery = Delivery(
        id=new_id(),
        notification_id=notification.id,
        person_id=expert_id,
        channel="email",
        state=DeliveryState.QUEUED,
        due_at=at,
        is_set_aside=is_set_aside,
    )
    return notification, delivery


def asked(case_id: Any, *, failed: bool) -> VehicleEnquiry:
    now = datetime.now(UTC)
    return VehicleEnquiry(
        id=new_id(),
        case_id=case_id,
        source="rdw",
        name="plate",
        value="AB123C",
        country="",
        put_at=now,
        gives_up_at=now,
        answered_at=now,
        coverage=[{"state": "failed" if failed else "found"}],
    )


def states(found: Found, figures: Iterable[Figure]) -> dict[Figure, State]:
    return {figure: found[figure, None].state for figure in figures}


async def test_where_nothing_happened_what_nobody_can_know_is_not_in_order(desk: Desk) -> None:
    found = await seen(desk)

    unknown = {line.figure: line.why for line in found.values() if line.state is State.UNKNOWN}
    assert unknown == {
        Figure.ANSWERS_HOUR: Why.NO_ANSWERS,
        Figure.ANSWERS_TODAY: Why.NO_ANSWERS,
        Figure.ANSWERS_WEEK: Why.NO_ANSWERS,
        Figure.LEFT: Why.NO_ANSWERS,
        Figure.REACTION: Why.NO_ANSWERS,
        Figure.SOURCE: Why.NO_SOURCES,
        Figure.CABINET_WORK: Why.NOT_TOLD,
        Figure.BACKUP: Why.NOT_TOLD,
    }
    # In these tests there is neither, and so it is said.
    assert (found[RELAY].state, found[RELAY].why) == (State.LOOK, Why.NOT_CONNECTED)
    assert found[Figure.CABINET, None].state is State.ACT
    assert found[Figure.SEARCH, None].why is Why.NO_INDEX
    for figure in (Figure.FREE, Figure.BREACHED, Figure.OUTBOX, Figure.DEAD_LETTERS, Figure.NOTIFICATIONS):
        line = found[figure, None]
        assert (line.state, line.value, line.since) == (State.FINE, 0, None)


async def test_answers_are_judged_by_how_many_came_in_time(desk: Desk) -> None:
    for number in range(9):
        await answered(desk, f"A-000000{number}", minutes=10)
    found = await seen(desk)
    hour = found[Figure.ANSWERS_HOUR, None]
    assert (hour.state, hour.value, hour.beside, hour.why) == (State.FINE, 1, 9, Why.FEW_ANSWERS)
    left, reaction = found[Figure.LEFT, None], found[Figure.REACTION, None]
    assert (left.state, left.value, left.beside) == (State.FINE, 600, 600)
    assert (reaction.state, reaction.value, reaction.beside) == (State.FINE, 60, 60)

    await answered(desk, "A-0000010", minutes=30)
    await answered(desk, "A-0000011", minutes=30)
    found = await seen(desk)
    assert found[Figure.ANSWERS_HOUR, None].state is State.ACT
    assert found[Figure.ANSWERS_WEEK, None].state is State.LOOK
    assert found[Figure.LEFT, None].state is State.LOOK
    assert found[Figure.LEFT, None].beside == -600


async def test_a_count_that_fails_leaves_the_rest_known(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def counted(*_: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(statistics, "counted", counted)
    found = await seen(desk)
    not_counted = {line.figure for line in found.values() if line.why is Why.NOT_COUNTED}
    assert not_counted == {Figure.ANSWERS_TODAY, Figure.ANSWERS_WEEK}
    assert found[Figure.FREE, None].state is State.FINE


async def test_a_case_that_nobody_takes_wants_a_look_and_then_somebody_to_act(desk: Desk) -> None:
    figures = (Figure.FREE, Figure.ON_SHIFT, Figure.BREACHED)
    now = datetime.now(UTC)
    async with desk.ports.backbone.database.writing() as session:
        await shifts.start(session, by=desk.boris, now=now)
    await desk.opened("A-0000001", at=now - timedelta(minutes=3), now=now - timedelta(minutes=3))
    await desk.tick(now)
    found = await seen(desk)
    assert states(found, figures) == {
        Figure.FREE: State.LOOK,
        Figure.ON_SHIFT: State.FINE,
        Figure.BREACHED: State.FINE,
    }

    begun = now - timedelta(minutes=30)
    await desk.opened("A-0000002", at=begun, now=begun)
    await desk.tick(now)
    async with desk.ports.backbone.database.writing() as session:
        await shifts.end(session, by=desk.boris, now=now)
    found = await seen(desk)
    assert set(states(found, figures).values()) == {State.ACT}
    assert found[Figure.BREACHED, None].since == begun + timedelta(minutes=20)

    # At night cases wait for the morning.
    closed = (now + timedelta(hours=2)).strftime("%H:%M"), (now + timedelta(hours=3)).strftime("%H:%M")
    found = await seen(desk, open_hours=f"{closed[0]}-{closed[1]} UTC")
    assert states(found, (Figure.FREE, Figure.ON_SHIFT)) == {
        Figure.FREE: State.FINE,
        Figure.ON_SHIFT: State.FINE,
    }
    assert found[Figure.FREE, None].why is Why.CLOSED


async def test_troubles_of_delivery_and_of_sources_are_told_with_since_when(desk: Desk) -> None:
    await with_troubles(desk)
    found = await seen(desk, sources=("rdw", "dvsa_mot_api"))

    assert states(found, (Figure.OUTBOX, Figure.STUCK, Figure.DEAD_LETTERS, Figure.SEARCH)) == {
        Figure.OUTBOX: State.ACT,
        Figure.STUCK: State.ACT,
        Figure.DEAD_LETTERS: State.LOOK,
        Figure.SEARCH: State.LOOK,
    }
    for figure in (Figure.OUTBOX, Figure.STUCK, Figure.DEAD_LETTERS):
        assert found[figure, None].since is not None
    source = found[Figure.SOURCE, "rdw"]
    assert (source.state, source.value, source.beside) == (State.LOOK, 5, 6)
    silent = found[Figure.SOURCE, "dvsa_mot_api"]
    assert (silent.state, silent.value, silent.why) == (State.UNKNOWN, None, Why.NOT_ASKED)


async def test_a_source_that_was_asked_and_does_not_answer_wants_a_look(desk: Desk) -> None:
    case_id = await desk.opened()
    async with desk.ports.backbone.database.writing() as session:
        question = asked(case_id, failed=False)
        question.answered_at, question.due_at = None, question.put_at
        session.add(question)
    line = (await seen(desk, sources=("rdw",)))[Figure.SOURCE, "rdw"]
    assert (line.state, line.value, line.beside) == (State.LOOK, None, 1)
    assert (line.why, line.since) == (Why.NOT_ANSWERED, question.put_at)


async def test_a_dispute_of_a_late_answer_is_not_over_time_before_its_own_clock_is(desk: Desk) -> None:
    desk = desk.with_policy(lease=LeaseTerms(length=timedelta(hours=1), resume_window=timedelta(hours=1)))
    case_id = await answered(desk, "A-0000001", minutes=30)
    begun = datetime.now(UTC) - timedelta(minutes=5)
    doubt = DisputeOpenedV1(
        inspection_id=case_id,
        dispute_id=new_id(),
        reason="It was re-marked.",
        opened_at=begun,
        finding_ids=(),
        evidence_ids=(),
    )
    await desk.hear(doubt, begun)
    await desk.tick(datetime.now(UTC))
    line = (await seen(desk))[Figure.BREACHED, None]
    assert (line.state, line.value, line.since) == (State.FINE, 0, None)

    due_at = begun + timedelta(minutes=20)
    await desk.tick(due_at)
    line = (await seen(desk))[Figure.BREACHED, None]
    assert (line.state, line.value, line.since) == (State.ACT, 1, due_at)


async def test_a_source_of_which_nothing_comes_wants_a_look_before_it_rings(desk: Desk) -> None:
    case_id = await desk.opened()
    for failed, state in ((True, State.LOOK), (False, State.FINE)):
        async with desk.ports.backbone.database.writing() as session:
            session.add(asked(case_id, failed=failed))
        assert (await seen(desk, sources=("rdw",)))[Figure.SOURCE, "rdw"].state is state


@pytest.mark.parametrize("process", ["relay", "background"])
async def test_a_process_is_known_by_its_connections(
    desk: Desk, bpa_settings: Settings, process: str
) -> None:
    connection = await asyncpg.connect(signed(bpa_settings.database_url, process))
    try:
        await connection.fetchval("SELECT 1")
        found = await seen(desk)
        line = found[RELAY]
        assert (line.state, line.why) == (State.FINE, None)
        consumer = found[Figure.PROCESS, "consumer"]
        assert consumer.state is (State.FINE if process == "background" else State.LOOK)
    finally:
        await connection.close()


async def test_that_a_process_listens_is_no_sign_that_it_works(desk: Desk, bpa_settings: Settings) -> None:
    listener = Listener(signed(bpa_settings.database_url, "relay"))
    connected = listener.wakeup("nothing")
    listening = asyncio.create_task(listener.run())
    try:
        await connected.wait()
        assert (await seen(desk))[RELAY].why is Why.NOT_CONNECTED
    finally:
        listening.cancel()


async def test_a_statement_that_waits_for_a_lock_is_heard_when_it_began(
    desk: Desk, bpa_settings: Settings
) -> None:
    holder = await asyncpg.connect(bpa_settings.database_url)
    relay = await asyncpg.connect(signed(bpa_settings.database_url, "relay"))
    try:
        await holder.fetchval("SELECT pg_advisory_lock(1)")
        waiting = asyncio.create_task(relay.fetchval("SELECT pg_advisory_lock(1)"))
        while not await holder.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.01)
        first, second = [(await seen(desk))[RELAY].value for _ in range(2)]
        assert first is not None
        assert second is not None
        assert second > first > 0
        await holder.fetchval("SELECT pg_advisory_unlock(1)")
        await waiting
    finally:
        await relay.close()
        await holder.close()


@pytest.mark.parametrize(
    ("answer", "state", "why"),
    [
        (Ready(status="ready", engines={"postgresql": "ok"}), State.FINE, None),
        (Ready(status="ready", engines={"files": "StoreAway"}), State.LOOK, Why.LACKS),
        (PeerBusy(), State.ACT, Why.NOT_READY),
        (NotFound(), State.UNKNOWN, Why.HIDDEN),
    ],
)
async def test_of_cabinet_is_told_what_it_says_of_itself(
    desk: Desk, answer: Ready | Exception, state: State, why: Why | None
) -> None:
    [line] = [line for line in (await seen(desk, Cabinet(answer))).values() if line.figure is Figure.CABINET]
    assert (line.state, line.why) == (state, why)


async def test_page_and_metrics_tell_the_same(desk: Desk, bpa_settings: Settings) -> None:
    lead = await sign_in(desk.ports, Role.SHIFT_LEAD)
    await with_troubles(desk)
    await answered(desk, "A-0000001", minutes=10)
    await answered(desk, "A-0000002", minutes=26)
    now = datetime.now(UTC)
    await desk.tick(now)
    due = now - timedelta(seconds=200)
    await desk.opened("A-0000003", at=due, now=due)
    async with desk.ports.backbone.database.writing() as session:
        await shifts.start(session, by=desk.boris, now=now)
    relay = await asyncpg.connect(signed(bpa_settings.database_url, "relay"))
    try:
        app = create_app(bpa_settings.model_copy(update={"sources": ("rdw",)}))
        async with running(app) as api:
            page = await api.get("/api/v1/operations", headers=lead.headers)
            told = (await api.get("/metrics")).text
    finally:
        await relay.close()
    metrics = {
        name.removeprefix("autodetective_"): float(value)
        for name, value in (line.rsplit(" ", 1) for line in told.splitlines() if line[0] != "#")
    }
    assert page.status_code == 200
    shown = {" ".join(filter(None, (line["figure"], line["subject"]))): line for line in page.json()["lines"]}

    for name, names in METRICS.items():
        for metric, value in zip(names, (shown[name]["value"], shown[name]["beside"]), strict=True):
            if metric is not None:
                assert value, metric
                is_age = name in AGES and "seconds" in metric
                assert value == pytest.approx(metrics[metric], abs=20 if is_age else 0), metric
    hour = shown["answers_hour"]
    assert hour["beside"] == metrics["answers_lately"] == 2
    assert hour["value"] == metrics["answers_in_time_lately"] / metrics["answers_lately"] == 0.5
