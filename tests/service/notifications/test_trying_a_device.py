"""A test message goes to one device and nowhere else, is no news, and says what became of it."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.experts.domain import Role
from bpa_service.wiring import sender
from cabinet_service.entrypoints.app import create_app
from cabinet_service.settings import Settings
from service_kit.ids import new_id
from service_kit.notifying import receipts
from service_kit.notifying.channels import Manners, Message, MessageDeferred, MessageUndeliverable
from tests.service.notifications.browsers import PATH, SUBSCRIPTION, addresses, pushing, ways
from tests.service.notifications.conftest import Way, World
from tests.support import experts
from tests.support.api import running
from tests.support.clients import sign_in


@pytest.fixture
async def browser(world: World, cabinet_api: httpx.AsyncClient) -> World:
    """The client is told in a browser."""
    answer = await cabinet_api.put(f"{PATH}/push", json=SUBSCRIPTION, headers=world.client.headers)
    assert answer.status_code == 204
    return pushing(world, Way(world.channel, "push"))


async def device(world: World, api: httpx.AsyncClient) -> dict[str, Any]:
    [one] = (await api.get(f"{PATH}/devices", headers=world.client.headers)).json()
    return one


async def try_it(world: World, api: httpx.AsyncClient) -> httpx.Response:
    id_ = (await device(world, api))["id"]
    return await api.post(f"{PATH}/devices/{id_}/test", headers=world.client.headers)


async def test_it_comes_there_and_is_no_news(browser: World, cabinet_api: httpx.AsyncClient) -> None:
    assert (await device(browser, cabinet_api))["last"] is None
    for _ in range(2):
        assert (await try_it(browser, cabinet_api)).status_code == 204
    assert (await device(browser, cabinet_api))["last"]["state"] == "queued"
    await browser.work()
    assert ways(browser) == ["push"], "said twice while one waits, it is sent once"
    assert (await device(browser, cabinet_api))["last"]["state"] == "sent"
    assert await browser.told() == []
    choices = (await cabinet_api.get(f"{PATH}/choices", headers=browser.client.headers)).json()
    assert "test" not in [one["kind"] for one in choices["kinds"]]


async def test_the_browser_says_that_it_shows_it(browser: World, cabinet_api: httpx.AsyncClient) -> None:
    said: list[Message] = []

    class Kept(Way):
        async def send(self, message: Message) -> None:
            said.append(message)

    kept = pushing(browser, Kept(browser.channel, "push"))
    await try_it(kept, cabinet_api)
    await kept.work()
    [message] = said
    assert (message.kind, message.subject_id, message.wording.link) == ("", None, "http://127.0.0.1/")
    assert (
        await cabinet_api.post(receipts.address(kept.ports.secrets, message.message_id))
    ).status_code == 204
    assert (await device(kept, cabinet_api))["last"]["state"] == "delivered"


@pytest.mark.parametrize(
    ("fault", "state"),
    [(MessageUndeliverable("413"), "failed"), (MessageDeferred("503"), "queued")],
    ids=["never", "not now"],
)
async def test_what_does_not_come_goes_to_no_other_channel(
    browser: World, cabinet_api: httpx.AsyncClient, fault: Exception, state: str
) -> None:
    browser.channel.faults |= dict.fromkeys(await addresses(browser), fault)
    await try_it(browser, cabinet_api)
    for _ in range(2):
        await browser.work()
    assert ways(browser) == []
    assert (await device(browser, cabinet_api))["last"]["state"] == state


async def test_nobody_tries_what_is_not_theirs(browser: World, cabinet_api: httpx.AsyncClient) -> None:
    other = await sign_in(browser.ports, "boris@example.com")
    for id_ in ((await device(browser, cabinet_api))["id"], new_id()):
        answer = await cabinet_api.post(f"{PATH}/devices/{id_}/test", headers=other.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    await browser.work()
    assert ways(browser) == []


async def test_tries_are_limited(browser: World, cabinet_settings: Settings) -> None:
    settings = cabinet_settings.model_copy(update={"test_messages_per_account": "1/hour"})
    async with running(create_app(settings)) as api:
        answers = [await try_it(browser, api) for _ in range(2)]
    assert [one.status_code for one in answers] == [204, 429]


async def test_at_the_desk_it_is_the_same(bpa_api: httpx.AsyncClient, bpa_ports: BpaPorts) -> None:
    anna = await experts.sign_in(bpa_ports, Role.EXPERT)
    await bpa_api.put(f"{PATH}/push", json=SUBSCRIPTION, headers=anna.headers)
    [one] = (await bpa_api.get(f"{PATH}/devices", headers=anna.headers)).json()
    answer = await bpa_api.post(f"{PATH}/devices/{one['id']}/test", headers=anna.headers)
    assert answer.status_code == 204
    said: list[Message] = []

    class Kept:
        async def send(self, message: Message) -> None:
            said.append(message)

    await sender(replace(bpa_ports, channels={"push": (Kept(), Manners(to_all=True))})).send_due()
    assert [message.wording.title for message in said] == ["Проверка связи"]
    [one] = (await bpa_api.get(f"{PATH}/devices", headers=anna.headers)).json()
    assert one["last"]["state"] == "sent"
    assert (await bpa_api.get(PATH, headers=anna.headers)).json() == []
