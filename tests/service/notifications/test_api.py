"""What a client sees of what they were told, and the message with which they try whether it comes."""

from dataclasses import replace
from uuid import UUID

import httpx

from cabinet_service.entrypoints.app import create_app
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.settings import Settings
from service_kit.notifying.channels import MessageUndeliverable
from tests.service.notifications.conftest import World
from tests.support.api import running
from tests.support.clients import sign_in

MAIL = "anna@example.com"


async def tried(api: httpx.AsyncClient, headers: dict[str, str], channel: str = "email") -> httpx.Response:
    body = {"channel": channel}
    key = {"Idempotency-Key": "k" * 20}
    return await api.post("/api/v1/notifications/test", json=body, headers=headers | key)


async def test_what_was_told_is_listed_to_whom_it_was_told(
    world: World, cabinet_api: httpx.AsyncClient
) -> None:
    key = {"Idempotency-Key": "inspection" * 2}
    started = await cabinet_api.post("/api/v1/inspections", json={}, headers=world.client.headers | key)
    told = replace(world, inspection_id=UUID(started.json()["id"]))
    await told.tell(NotificationKind.LATE)
    await told.work()
    await told.tell(NotificationKind.DECISION)
    other = await sign_in(world.ports, "boris@example.com")
    asked = await cabinet_api.get("/api/v1/notifications", headers=world.client.headers)
    assert [(one["kind"], one["state"], one["channel"]) for one in asked.json()] == [
        ("decision", "pending", None),
        ("late", "sent", "email"),
    ]
    assert (await cabinet_api.get("/api/v1/notifications", headers=other.headers)).json() == []


async def test_a_test_message_comes_to_the_contact_of_that_kind_once(
    world: World, cabinet_api: httpx.AsyncClient
) -> None:
    for _ in range(2):
        answer = await tried(cabinet_api, world.client.headers)
        assert (answer.status_code, answer.json()) == (201, {"sent_to": MAIL})
    await world.work()
    assert world.channel.reached == [MAIL]


async def test_what_one_has_no_contact_for_cannot_be_tried(
    world: World, cabinet_api: httpx.AsyncClient
) -> None:
    answer = await tried(cabinet_api, world.client.headers, "phone")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_such_channel")
    await world.add_contact("+79211234567", verified=False)
    assert (await tried(cabinet_api, world.client.headers, "phone")).status_code == 409
    await world.work()
    assert world.channel.reached == []


async def test_an_address_that_takes_nothing_is_given_up(
    world: World, cabinet_api: httpx.AsyncClient
) -> None:
    world.channel.faults[MAIL] = MessageUndeliverable("no such mailbox")
    assert (await tried(cabinet_api, world.client.headers)).status_code == 201
    await world.work()
    assert world.channel.reached == []


async def test_test_messages_are_limited(world: World, cabinet_settings: Settings) -> None:
    settings = cabinet_settings.model_copy(update={"test_messages_per_account": "1/hour"})
    async with running(create_app(settings)) as api:
        first = await tried(api, world.client.headers)
        again = {"Idempotency-Key": "another" * 4}
        second = await api.post(
            "/api/v1/notifications/test", json={"channel": "email"}, headers=world.client.headers | again
        )
    assert [first.status_code, second.status_code] == [201, 429]
