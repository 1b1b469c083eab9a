"""Experts are told of cases in the chat, and take one there."""

import json
from datetime import timedelta
from uuid import UUID

import pytest

from bpa_service.cases.second_opinions import service as second_opinions
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from service_kit.chats.updates import webhook_secret
from service_kit.telegram.messenger import TELEGRAM
from tests.service.desk_chats.conftest import World
from tests.support.api import running
from tests.support.telegram.fake import TOKEN


async def new_case(world: World) -> UUID:
    """A case that Anna, on shift, is told of in her chat."""
    await world.bind()
    await world.on_shift(world.desk.anna)
    case_id = await world.opened()
    await world.settle()
    return case_id


async def test_whoever_is_on_shift_is_told_of_a_new_case_and_takes_it(world: World) -> None:
    case_id = await new_case(world)
    told = world.anna.read[-1]
    assert told.text.startswith("A-1000001: новое дело\nосталось 1")
    assert told.labels == ["Взять", "Открыть дело"]
    assert not told.is_silent
    world.anna.presses("Взять")
    await world.settle()
    assert (await world.desk.case(case_id)).holder_id == world.desk.anna.id
    assert told.text.startswith("A-1000001: дело у вас")
    assert told.labels == ["Открыть дело"]
    assert await world.desk.trail(case_id) == ["case_opened", "case_claimed"]


async def test_nothing_of_the_client_or_of_the_car_is_said(world: World) -> None:
    await new_case(world)
    world.anna.presses("Взять")
    for text in ("/queue", "/status"):
        world.anna.writes(text)
    await world.settle()
    said = "\n".join(version for one in world.anna.read for version in one.texts)
    assert "SAL1A2A40SA606662" not in said
    assert "digits" not in said  # the client's worry


async def test_who_is_not_on_shift_hears_nothing(world: World) -> None:
    await world.bind()
    await world.opened()
    await world.settle()
    assert len(world.anna.texts) == 2


async def test_who_comes_too_late_reads_who_has_it(world: World) -> None:
    case_id = await new_case(world)
    await world.desk.claim(case_id, world.desk.boris, now=await world.now())
    told = world.anna.read[-1]
    world.anna.presses("Взять")
    await world.settle()
    assert told.text == "Это дело уже взял(а) Boris."
    assert told.labels == ["Открыть дело"]
    assert (await world.desk.case(case_id)).holder_id == world.desk.boris.id


async def test_pressed_twice_it_is_taken_once(world: World) -> None:
    case_id = await new_case(world)
    told = world.anna.read[-1]
    for _ in range(2):
        world.anna.press(f"take:{case_id.hex}", told)
    await world.settle()
    assert told.text.startswith("A-1000001: дело у вас")
    assert await world.desk.trail(case_id) == ["case_opened", "case_claimed"]


@pytest.mark.parametrize(
    "data", ["take:", "take:nonsense", f"take:{'0' * 32}", "no-such-verb", "shift:maybe"]
)
async def test_a_button_that_means_nothing_has_a_kind_answer(world: World, data: str) -> None:
    await world.bind()
    world.anna.press(data, world.anna.read[0])
    await world.settle()
    assert world.server.spinning == []
    assert len(world.anna.texts[-1]) > 10


async def test_who_takes_no_cases_is_refused(world: World) -> None:
    lena = await world.bound(Role.SHIFT_LEAD, "lena")
    case_id = await world.opened()
    lena.press(f"take:{case_id.hex}", lena.read[0])
    lena.writes("/shift on")
    await world.settle()
    assert (await world.desk.case(case_id)).holder_id is None
    assert "смене" not in lena.texts[-1]


async def test_a_lead_is_offered_no_button_that_would_refuse_them(world: World) -> None:
    lena = await world.bound(Role.SHIFT_LEAD, "lena")
    await world.opened(ago=timedelta(minutes=3))
    await world.desk.tick(await world.now())
    await world.settle()
    assert "дело никто не берёт" in lena.texts[-1]
    assert lena.read[-1].labels == ["Открыть дело"]


@pytest.mark.parametrize(("minutes", "percent"), [(10, 50), (15, 75), (18, 90)])
async def test_the_holder_is_warned_once_of_each_share_of_the_time(
    world: World, minutes: int, percent: int
) -> None:
    await world.bind()
    case_id = await world.opened(ago=timedelta(minutes=minutes, seconds=10))
    await world.desk.claim(case_id, world.desk.anna, now=await world.now())
    before = len(world.anna.texts)
    for _ in range(3):
        await world.desk.tick(await world.now())
        await world.settle()
    warned = world.anna.texts[before:]
    # What was reached before the case was taken is said along with it: late, but of each share once.
    assert len(warned) == {50: 1, 75: 2, 90: 3}[percent]
    assert all(f"прошло {percent} % времени" in said for said in warned)
    assert world.anna.read[-1].labels == ["Открыть дело"]


async def test_seniors_are_asked_for_a_second_opinion(world: World) -> None:
    vera = await world.bound(Role.SENIOR, "vera")
    await world.on_shift(world.desk.vera)
    case_id = await world.opened()
    now = await world.now()
    await world.desk.claim(case_id, world.desk.anna, now=now)
    await world.desk.do(second_opinions.ask, case_id, question="Is it?", by=world.desk.anna, now=now)
    await world.settle()
    assert "второе мнение" in vera.texts[-1].lower()
    assert "Is it?" not in vera.texts[-1]


async def test_shifts_begin_and_end_in_the_chat(world: World) -> None:
    await world.bind()
    world.anna.writes("/shift")
    await world.settle()
    world.anna.presses("Начать смену")
    await world.settle()
    assert world.anna.texts[-1].startswith("Вы на смене")
    shown = await world.api.get("/api/v1/shifts/current", headers=world.signed_in.headers)
    assert shown.json()["since"] is not None
    for text in ("/shift on", "/shift off", "/shift off"):
        world.anna.writes(text)
    await world.settle()
    assert "Смена закончена" in world.anna.texts[-1]
    shown = await world.api.get("/api/v1/shifts/current", headers=world.signed_in.headers)
    assert shown.json()["since"] is None


async def test_the_queue_is_told_in_numbers(world: World) -> None:
    await world.bind()
    world.anna.writes("/queue")
    await world.settle()
    assert world.anna.texts[-1].startswith("Свободно: 0")
    await world.opened("A-1000001", ago=timedelta(minutes=25))
    await world.opened("A-1000002")
    world.anna.writes("/queue")
    await world.settle()
    assert world.anna.texts[-1].startswith("Свободно: 2\nСамое срочное: просрочено на 5 мин")
    assert "A-100000" not in world.anna.texts[-1]


async def test_what_is_in_hand_is_told_with_its_time(world: World) -> None:
    await world.bind()
    case_id = await world.opened()
    await world.desk.claim(case_id, world.desk.anna, now=await world.now())
    world.anna.writes("/status")
    await world.settle()
    assert "A-1000001: осталось 1" in world.anna.texts[-1]
    assert f"https://desk.example/cases/{case_id}" in world.anna.texts[-1]


@pytest.fixture
def by_webhook(telegram_settings: Settings) -> Settings:
    return telegram_settings.model_copy(update={"environment": "production", "cache_url": "memory://"})


async def test_only_who_knows_the_secret_brings_updates(by_webhook: Settings, world: World) -> None:
    body = json.dumps({"update_id": 21, "message": world.anna.message(text="/help")})
    header = "X-Telegram-Bot-Api-Secret-Token"
    async with running(create_app(by_webhook)) as api:
        for secret in ({}, {header: ""}, {header: TOKEN}):
            forged = await api.post(TELEGRAM.webhook, content=body, headers=secret)
            assert forged.status_code == 401
            assert forged.headers["content-type"] == "application/problem+json"
        await world.settle()
        assert world.anna.texts == []
        answer = await api.post(
            TELEGRAM.webhook, content=body, headers={header: webhook_secret(TELEGRAM, TOKEN)}
        )
        assert answer.status_code == 200
    await world.settle()
    assert len(world.anna.texts) == 1
