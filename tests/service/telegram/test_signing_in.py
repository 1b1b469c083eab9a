"""Signing in on the site by a link out of the chat, or by a code that comes there."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from cabinet_service.adapters.recorder import Recorder
from cabinet_service.telegram.models import TelegramLink
from service_kit.limiting import RateLimits
from tests.service.telegram.conftest import World
from tests.support.telegram.fake import Fault
from tests.support.telegram.people import Person


async def link_for(world: World, person: Person) -> str:
    """The token of the link that the bot gives."""
    person.writes("/signin")
    await world.settle()
    [[button]] = person.read[-1].buttons
    address, _, token = button["url"].partition("#")
    assert address == "https://cars.example/sign-in/link"
    return token


async def enter(world: World, token: str, **headers: str) -> httpx.Response:
    carrier = "cookie" if headers else "bearer"
    body = {"token": token, "carrier": carrier}
    return await world.api.post("/api/v1/auth/link-sessions", json=body, headers=headers)


async def test_who_came_by_the_chat_signs_in_on_the_site(world: World) -> None:
    boris = world.person(first_name="Boris", username="boris", language_code="en")
    boris.writes("/start")
    await world.settle()
    boris.presses("I agree")
    await world.settle()
    signed_in = await enter(world, await link_for(world, boris))
    assert signed_in.status_code == 201, signed_in.text
    headers = {"Authorization": f"Bearer {signed_in.json()['token']}"}
    me = (await world.api.get("/api/v1/me", headers=headers)).json()
    assert (me["account"]["language"], me["contacts"]) == ("en", [])
    async with world.ports.backbone.database.reading() as session:
        acts = await session.fetch("SELECT act, details FROM audit_entries ORDER BY position DESC LIMIT 1")
    assert acts[0]["act"] == "signed_in"
    assert "telegram" in str(acts[0]["details"])


async def test_a_link_signs_in_once(world: World) -> None:
    await world.bind()
    token = await link_for(world, world.anna)
    assert (await enter(world, token)).status_code == 201
    again = await enter(world, token)
    assert (again.status_code, again.json()["code"]) == (403, "sign_in_link_over")


async def test_a_link_is_over_after_five_minutes(world: World) -> None:
    await world.bind()
    token = await link_for(world, world.anna)
    async with world.ports.backbone.database.writing() as session:
        earlier = TelegramLink.expires_at - timedelta(minutes=5, seconds=1)
        await session.execute(update(TelegramLink).values(expires_at=earlier))
    assert (await enter(world, token)).json()["code"] == "sign_in_link_over"


async def test_a_link_that_ties_a_chat_signs_nobody_in_nor_the_other_way_round(world: World) -> None:
    assert (await enter(world, await world.link())).json()["code"] == "sign_in_link_over"
    await world.bind()
    token = await link_for(world, world.anna)
    boris = world.person(first_name="Boris", username="boris")
    boris.writes(f"/start {token}")
    await world.settle()
    assert "Такой ссылки нет" in boris.texts[-1]
    assert (await enter(world, token)).status_code == 201


@pytest.mark.parametrize("token", ["made-up", "", "x" * 65, "\x00", "🚗"])
async def test_a_token_that_never_was_is_refused(world: World, token: str) -> None:
    assert (await enter(world, token)).status_code in (403, 422)


async def test_another_site_signs_no_browser_in(world: World) -> None:
    await world.bind()
    token = await link_for(world, world.anna)
    refused = await enter(world, token, **{"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert (await enter(world, token, **{"Sec-Fetch-Site": "same-origin"})).status_code == 201


async def test_a_stranger_gets_no_link_and_a_group_neither(world: World) -> None:
    world.anna.writes("/signin")
    group = world.person(group=-world.server.number())
    group.writes("/signin")
    await world.settle()
    assert not any("sign-in" in str(said.buttons) + said.text for said in [*world.anna.read, *group.read])


async def test_links_are_given_out_with_measure(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.bind()
    limits = {**world.ports.settings.limits(), "telegram_links_per_account": "1/hour"}
    tight: Any = RateLimits("memory://", limits)
    monkeypatch.setattr(world.telegram, "_limits", tight)
    await link_for(world, world.anna)
    world.anna.writes("/signin")
    await world.settle()
    assert "Слишком много" in world.anna.texts[-1]


async def mailed(world: World) -> list[str]:
    """The codes that were sent by e-mail."""
    letters = await Recorder(world.ports.settings.outbox_dir).newest(10)
    return [one.subject for one in letters if re.search(r"\b\d{6}\b", one.subject)]


async def ask_for_code(world: World, **how: bool) -> dict[str, Any]:
    body = {"contact": "anna@example.com", **how}
    answer = await world.api.post("/api/v1/auth/codes", json=body)
    assert answer.status_code == 202, answer.text
    await world.settle()
    asked: dict[str, Any] = answer.json()
    return asked


async def test_the_code_goes_to_the_chat_of_whoever_has_one(world: World) -> None:
    await world.bind()
    asked = await ask_for_code(world)
    assert asked["may_be_in_chat"] is True
    code = re.search(r"\b\d{6}\b", world.anna.texts[-1])
    assert code is not None
    assert not world.anna.read[-1].is_silent
    assert await mailed(world) == []
    body = {"challenge_id": asked["challenge_id"], "code": code[0], "carrier": "bearer"}
    assert (await world.api.post("/api/v1/auth/sessions", json=body)).status_code == 201


async def test_who_asks_for_it_another_way_gets_it_at_the_contact(world: World) -> None:
    await world.bind()
    before = len(world.anna.texts)
    assert (await ask_for_code(world, past_chats=True))["may_be_in_chat"] is False
    assert len(world.anna.texts) == before
    assert len(await mailed(world)) == 1


async def test_where_no_chat_takes_it_it_goes_to_the_contact(world: World) -> None:
    assert len(await mailed(world)) == 0
    await ask_for_code(world)
    assert len(await mailed(world)) == 1  # no chat is tied


@pytest.mark.parametrize("trouble", ["blocked", "away"])
async def test_a_chat_that_is_out_of_reach_keeps_nobody_out(world: World, trouble: str) -> None:
    await world.bind()
    if trouble == "blocked":
        world.server.blocked.add(world.anna.id)
    else:
        world.server.fail(Fault("sendMessage", 502, "Bad Gateway", world.anna.id, times=20))
    await ask_for_code(world)
    assert len(await mailed(world)) == 1
