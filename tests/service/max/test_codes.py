"""Codes to sign in with, and news: by the chat in MAX first, and where it does not take them otherwise."""

import re

import pytest

from cabinet_service.adapters.recorder import Recorder
from cabinet_service.notifications.kinds import NotificationKind
from tests.service.max.conftest import World
from tests.support.max.fake import Fault


async def mailed(world: World) -> int:
    """How many codes were sent by e-mail."""
    letters = await Recorder(world.ports.settings.outbox_dir).newest(10)
    return sum(bool(re.search(r"\b\d{6}\b", one.subject)) for one in letters)


async def ask_for_code(world: World, **how: bool) -> bool:
    """Whether it may be in a chat."""
    body = {"contact": "anna@example.com", **how}
    answer = await world.api.post("/api/v1/auth/codes", json=body)
    assert answer.status_code == 202, answer.text
    await world.settle()
    return bool(answer.json()["may_be_in_chat"])


async def test_the_code_goes_to_the_chat_of_whoever_has_one(world: World) -> None:
    await world.bind()
    assert await ask_for_code(world) is True
    assert re.search(r"\b\d{6}\b", world.anna.texts[-1])
    assert not world.anna.read[-1].is_silent
    assert await mailed(world) == 0


async def test_who_asks_for_it_another_way_gets_it_at_the_contact(world: World) -> None:
    await world.bind()
    before = len(world.anna.texts)
    assert await ask_for_code(world, past_chats=True) is False
    assert len(world.anna.texts) == before
    assert await mailed(world) == 1


@pytest.mark.parametrize("trouble", ["none tied", "blocked", "away"])
async def test_a_chat_that_is_out_of_reach_keeps_nobody_out(world: World, trouble: str) -> None:
    if trouble != "none tied":
        await world.bind()
    if trouble == "blocked":
        world.server.blocked.add(world.anna.id)
    if trouble == "away":
        world.server.fail(Fault("/messages", 502, "Bad Gateway", times=20))
    await ask_for_code(world)
    assert await mailed(world) == 1


async def test_a_chat_in_max_alone_is_no_way_to_sign_in(world: World) -> None:
    """Codes come there for a contact: without one there is none to ask for."""
    await world.bind()
    body = {"kind": "email", "value": "anna@example.com"}
    refused = await world.api.post("/api/v1/me/contacts/removal", json=body, headers=world.client.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_way_in")


async def test_news_come_with_a_button_in_order_and_once(world: World) -> None:
    await world.bind()
    said = len(world.anna.read)
    for kind in (NotificationKind.INFO_TASK, NotificationKind.DECISION, NotificationKind.EXPIRED):
        await world.tell(kind)
        await world.settle()
    told = world.anna.read[said:]
    assert [one.is_silent for one in told] == [False, False, True]
    assert all(one.buttons[0][0]["url"].startswith("https://cars.example/") for one in told)


async def test_the_chat_is_muted_and_tried_like_every_channel(world: World) -> None:
    await world.bind()
    [device] = (await world.api.get("/api/v1/notifications/devices", headers=world.client.headers)).json()
    assert (device["channel"], device["device"]) == ("max", "@anna")
    path = f"/api/v1/notifications/devices/{device['id']}/test"
    assert (await world.api.post(path, headers=world.client.headers)).status_code == 204
    await world.settle()
    assert "проверка связи" in world.anna.texts[-1]
    muted = {"muted": [{"kind": "decision", "channel": "max"}]}
    chosen = await world.api.put("/api/v1/notifications/choices", json=muted, headers=world.client.headers)
    assert chosen.json()["channels"][:2] == ["telegram", "max"]
    before = len(world.anna.read)
    await world.tell(NotificationKind.DECISION)
    await world.settle()
    assert len(world.anna.read) == before
