"""Sources that fail, hang or never finish, and workers that die over a question: one answer, and what is said."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bpa_service.vehicles.enquiries.models import VehicleEnquiry
from bpa_service.vehicles.enquiries.work import AskSource
from bpa_service.wiring import work_handlers
from service_kit.caching import MemoryCache, RedisCache
from shared_schemas.words import InspectionState
from tests.service.cases.enquiries.conftest import BOTH, DVSA_PATH, PLATE, RDW_PATH, REGISTERED, Asking
from tests.support.delivery import do_work
from tests.support.played_source import MISBEHAVIOUR, answer, response


async def test_without_redis_it_is_asked_again_and_answered_all_the_same(asking: Asking) -> None:
    asking.source.answers[RDW_PATH] = answer(REGISTERED)
    cases = [await asking.opened(), await asking.opened(number="A-0000002")]
    away = RedisCache("redis://127.0.0.1:1/0")

    assert await asking.lane(cache=away).ask_due() == 2

    assert asking.source.asked[RDW_PATH] == 2
    for case_id in cases:
        assert len((await asking.answers(case_id))[0].records) == 1
    await away.close()


@pytest.mark.parametrize("reason", MISBEHAVIOUR)
async def test_what_a_source_does_instead_of_answering_is_said_and_it_is_asked_again(
    asking: Asking, reason: str
) -> None:
    asking.source.answers[RDW_PATH] = MISBEHAVIOUR[reason]
    case_id = await asking.opened()

    await asking.lane(timeout=0.5 if reason == "time_out" else 20).ask_due()

    assert set((await asking.told(case_id))["rdw"]) == {
        ("description", "failed", reason),
        ("mileage", "failed", reason),
    }
    (told,) = await asking.answers(case_id)
    assert told.asks_again_at is not None
    asking.source.answers[RDW_PATH] = answer(REGISTERED)
    await asking.changed(due_at=datetime.now(UTC) - timedelta(seconds=1))
    await asking.lane().ask_due()
    (told,) = await asking.answers(case_id)
    assert len(told.records) == 1
    assert told.asks_again_at is None


async def test_a_source_that_hangs_delays_neither_the_case_nor_another_source(asking: Asking) -> None:
    asking.desk = asking.desk.with_policy(sources=BOTH)
    asking.source.answers[RDW_PATH] = MISBEHAVIOUR["time_out"]
    asking.source.answers[DVSA_PATH] = answer({"registration": PLATE, "make": "FORD", "motTests": []})
    lanes = [asyncio.create_task(asking.lane(name, timeout=600).run()) for name in BOTH]
    case_id = await asking.opened()
    for name in BOTH:
        asking.desk.ports.nudged[name].set()

    await asking.desk.claim(case_id, asking.desk.anna, now=datetime.now(UTC))
    assert await asking.desk.state(case_id) is InspectionState.IN_WORK
    async with asyncio.timeout(60):
        while not (
            asking.source.asked[RDW_PATH] and (await asking.told(case_id))["dvsa_mot_api"][0][1] == "data"
        ):
            await asyncio.sleep(0.05)
    assert {block[1] for block in (await asking.told(case_id))["rdw"]} == {"running"}
    for lane in lanes:
        lane.cancel()
    await asyncio.gather(*lanes, return_exceptions=True)


async def test_whoever_dies_over_a_question_leaves_it_to_others_and_one_answer_is_kept(
    asking: Asking,
) -> None:
    asking.source.answers[RDW_PATH] = answer(REGISTERED)
    case_id = await asking.opened()
    dead, other = asking.lane(cache=MemoryCache()), asking.lane(cache=MemoryCache())
    claim = await dead.claim()
    assert claim is not None
    assert await other.claim() is None, "while the claim holds it is nobody else's"

    await asking.changed(due_at=datetime.now(UTC) - timedelta(seconds=1))
    assert await other.ask_due() == 1
    asking.source.answers[RDW_PATH] = answer([])
    await dead.settle(claim)  # it was asleep, not dead

    (told,) = await asking.answers(case_id)
    assert len(told.records) == 1
    assert await asking.count() == 1


async def test_who_dies_after_the_answer_has_paid_for_it_once(asking: Asking) -> None:
    asking.source.answers[RDW_PATH] = answer(REGISTERED)
    case_id = await asking.opened()
    dead = asking.lane()
    claim = await dead.claim()
    assert claim is not None
    async with asking.desk.ports.backbone.database.writing() as session:
        row = await session.get_one(VehicleEnquiry, claim.id, lock=True)
        settling = asyncio.create_task(dead.settle(claim))
        async with asyncio.timeout(60):
            await asking.source.was_asked.wait()
        row.tries += 1  # as if another had taken it over just then
        row.asking_since, row.due_at = None, datetime.now(UTC) - timedelta(seconds=1)
    await settling
    assert (await asking.told(case_id))["rdw"][0][1] == "running"

    await asking.lane().ask_due()

    assert asking.source.asked[RDW_PATH] == 1
    assert len((await asking.answers(case_id))[0].records) == 1


async def test_of_several_workers_one_asks_and_a_message_twice_asks_once(asking: Asking) -> None:
    asking.source.answers[RDW_PATH] = answer(REGISTERED)
    await asking.opened()
    await asking.opened(number="A-0000002")
    backbone = asking.desk.ports.backbone
    handlers = work_handlers(asking.desk.ports)
    assert await do_work(backbone, handlers) == ["vehicle_source.ask.v1"] * 2
    assert asking.desk.ports.nudged["rdw"].is_set()
    async with backbone.database.writing() as session:
        await backbone.tables.outbox.enqueue(session, AskSource(source="rdw"), now=datetime.now(UTC))
    await do_work(backbone, handlers)

    await asyncio.gather(*(asking.lane().ask_due() for _ in range(4)))
    await asking.lane().ask_due()  # what waited for the other case of the car

    assert asking.source.asked[RDW_PATH] == 1


async def test_an_answer_that_is_not_ready_is_asked_for_again_until_it_is(asking: Asking) -> None:
    asking.source.answers[RDW_PATH] = response(b"", status=202)
    case_id = await asking.opened()
    await asking.lane().ask_due()
    (told,) = await asking.answers(case_id)
    assert {block.state for block in told.coverage} == {"running"}
    assert told.asks_again_at is not None
    assert told.asks_again_at > datetime.now(UTC) - timedelta(minutes=1)
    assert await asking.lane().ask_due() == 0, "not before its time"

    asking.source.answers[RDW_PATH] = answer(REGISTERED)
    await asking.changed(due_at=datetime.now(UTC) - timedelta(seconds=1))
    await asking.lane().ask_due()

    (told,) = await asking.answers(case_id)
    assert told.coverage[0].state == "data"
    assert asking.source.asked[RDW_PATH] == 2


async def test_an_answer_that_never_comes_is_given_up_and_not_called_running(asking: Asking) -> None:
    asking.source.answers[RDW_PATH] = response(b"", status=202)
    case_id = await asking.opened()
    await asking.changed(gives_up_at=datetime.now(UTC))

    await asking.lane().ask_due()

    assert {block[1:] for block in (await asking.told(case_id))["rdw"]} == {("failed", "still_running")}


async def test_what_no_worker_asks_is_not_called_running_for_ever(asking: Asking) -> None:
    case_id = await asking.opened()
    await asking.changed(gives_up_at=datetime.now(UTC) - timedelta(seconds=1))

    assert {block[1:] for block in (await asking.told(case_id))["rdw"]} == {
        ("not_covered", "not_asked_in_time")
    }
