"""A browser is told while one is signed in there, and says itself what it has shown."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.experts.domain import Role
from bpa_service.notifications.people import Experts
from cabinet_service.notifications import service
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.schemas import NotificationOut
from service_kit.ids import new_id
from service_kit.notifying import receipts
from service_kit.notifying.channels import Message, MessageDeferred
from service_kit.notifying.rules import DeliveryState
from tests.service.notifications.browsers import PATH, SUBSCRIPTION, addresses, pushing, ways
from tests.service.notifications.conftest import Way, World
from tests.support import experts
from tests.support.clients import sign_in
from tests.support.delivery import announced

MAIL = "anna@example.com"


@pytest.fixture
async def browser(world: World, cabinet_api: httpx.AsyncClient) -> World:
    """The client is told in a browser."""
    answer = await cabinet_api.put(f"{PATH}/push", json=SUBSCRIPTION, headers=world.client.headers)
    assert answer.status_code == 204
    return pushing(world, Way(world.channel, "push"))


async def sign_out(world: World, api: httpx.AsyncClient) -> None:
    answer = await api.delete("/api/v1/auth/sessions/current", headers=world.client.headers)
    assert answer.status_code == 204


async def lapse(world: World, _: httpx.AsyncClient) -> None:
    async with world.ports.backbone.database.writing() as session:
        await session.fetch("UPDATE sessions SET expires_at = now()")


End = Callable[[World, httpx.AsyncClient], Awaitable[None]]


@pytest.mark.parametrize("end", [sign_out, lapse])
async def test_nothing_goes_to_a_browser_in_which_one_is_no_longer_signed_in(
    browser: World, cabinet_api: httpx.AsyncClient, end: End
) -> None:
    await browser.tell(NotificationKind.DECISION)
    await browser.work()
    assert ways(browser) == ["push"]
    await end(browser, cabinet_api)
    await browser.tell(NotificationKind.DECISION)
    await browser.work()
    assert ways(browser) == ["push", "email"], "at once"
    again = await sign_in(browser.ports, MAIL)
    [device] = (await cabinet_api.get(f"{PATH}/devices", headers=again.headers)).json()
    assert device["is_signed_in"] is False
    await cabinet_api.put(f"{PATH}/push", json=SUBSCRIPTION, headers=again.headers)
    [device] = (await cabinet_api.get(f"{PATH}/devices", headers=again.headers)).json()
    assert device["is_signed_in"] is True
    await browser.tell(NotificationKind.DECISION)
    await browser.work()
    assert ways(browser) == ["push", "email", "push"]


async def test_what_waits_for_a_browser_does_not_come_there_after_one_signed_out(
    browser: World, cabinet_api: httpx.AsyncClient
) -> None:
    browser.channel.faults |= {one: MessageDeferred("503") for one in await addresses(browser)}
    await browser.tell(NotificationKind.DECISION)
    await browser.work()
    browser.channel.faults.clear()
    await sign_out(browser, cabinet_api)
    await browser.pass_time(timedelta(seconds=6))
    await browser.work()
    assert ways(browser) == ["email"]


async def test_at_the_desk_it_is_the_same(bpa_api: httpx.AsyncClient, bpa_ports: BpaPorts) -> None:
    anna = await experts.sign_in(bpa_ports, Role.EXPERT)
    await bpa_api.put(f"{PATH}/push", json=SUBSCRIPTION, headers=anna.headers)

    async def reached() -> bool:
        async with bpa_ports.backbone.database.writing() as session:
            reach = await Experts("https://bpa.example.com").reach(session, [anna.expert.id])
        return anna.expert.id in reach

    assert await reached()
    await bpa_api.delete("/api/v1/auth/sessions/current", headers=anna.headers)
    assert not await reached()


async def shown(world: World) -> str:
    """The address at which a browser says that it shows the one message."""
    [told] = await world.told()
    return receipts.address(world.ports.secrets, told.deliveries[0].id)


async def test_a_browser_says_that_it_shows_it(browser: World, cabinet_api: httpx.AsyncClient) -> None:
    await browser.tell(NotificationKind.DECISION)
    await browser.work()
    address = await shown(browser)
    for _ in range(2):
        assert (await cabinet_api.post(address)).status_code == 204
    [told] = await browser.told()
    [delivery] = NotificationOut.of(told).deliveries
    assert delivery.state is DeliveryState.DELIVERED
    assert delivery.at == told.deliveries[0].shown_at is not None


async def test_who_has_not_the_message_says_nothing_of_it(
    browser: World, cabinet_api: httpx.AsyncClient
) -> None:
    await browser.tell(NotificationKind.DECISION)
    await browser.work()
    address = await shown(browser)
    path, _, signature = address.partition("?signature=")
    wrong = [
        f"{path}?signature={'x' * len(signature)}",
        receipts.address(browser.ports.secrets, new_id()),
        address.replace(path.rsplit("/", 2)[1], str(new_id())),
    ]
    for one in wrong:
        answer = await cabinet_api.post(one)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await cabinet_api.post(path)).status_code == 422
    async with browser.ports.backbone.database.writing() as session:
        await service.erase(session, browser.client.account_id)
    assert (await cabinet_api.post(address)).status_code == 404


@pytest.mark.parametrize("is_lost", [False, True])
async def test_a_browser_may_say_it_before_its_push_service_does(
    browser: World, cabinet_api: httpx.AsyncClient, is_lost: bool
) -> None:
    """Where the answer of the push service is lost as well, it is not sent a second time."""

    class Fast(Way):
        async def send(self, message: Message) -> None:
            await super().send(message)
            answer = await cabinet_api.post(receipts.address(browser.ports.secrets, message.message_id))
            assert answer.status_code == 204
            if is_lost:
                raise MessageDeferred("the answer was lost")

    fast = pushing(browser, Fast(browser.channel, "push"))
    await fast.tell(NotificationKind.INFO_TASK, info_task_id=new_id())
    await fast.work()
    await fast.pass_time(timedelta(seconds=6))
    await fast.work()
    assert ways(fast) == ["push"]
    [told] = await fast.told()
    assert [one.state for one in told.deliveries] == [DeliveryState.DELIVERED]
    events = [one.type for one in await announced(fast.ports.backbone)]
    assert events.count("info_task.notified") == 1
