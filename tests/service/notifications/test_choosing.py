"""How one is told is one's own choice, and a browser belongs to whoever uses it now."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.notifications import links
from cabinet_service.notifications.kinds import NEWS_KINDS, NotificationKind
from service_kit.ids import new_id
from service_kit.notifying.choosing import MOST_DEVICES
from tests.service.notifications.browsers import PATH, SUBSCRIPTION
from tests.service.notifications.conftest import World
from tests.support.clients import pass_ten_minutes, sign_in

MAIL, PHONE = "anna@example.com", "+79211234567"


async def choose(api: httpx.AsyncClient, world: World, **choices: Any) -> httpx.Response:
    return await api.put(f"{PATH}/choices", json=choices, headers=world.client.headers)


async def test_who_chose_nothing_is_told_as_usual_and_sees_between_what_to_choose(
    world: World, cabinet_api: httpx.AsyncClient
) -> None:
    usual = (await cabinet_api.get(f"{PATH}/choices", headers=world.client.headers)).json()
    assert (usual["order"], usual["muted"], usual["quiet_from"]) == ([], [], None)
    assert {"push", "email", "phone"} <= set(usual["channels"])
    assert {one["kind"] for one in usual["kinds"]} == set(NEWS_KINDS)


async def test_what_is_muted_stays_away_and_what_goes_first_goes_first(
    world: World, cabinet_api: httpx.AsyncClient
) -> None:
    await world.add_contact(PHONE)
    muted = [{"kind": "late", "channel": "phone"}, {"kind": "late", "channel": "email"}]
    answer = await choose(cabinet_api, world, order=["phone", "pigeon"], muted=muted)
    assert answer.status_code == 200
    assert answer.json()["order"] == ["phone"], "what does not exist is left out"
    await world.tell(NotificationKind.LATE)
    await world.tell(NotificationKind.DECISION)
    await world.work()
    assert world.channel.reached == [PHONE]


async def test_in_quiet_hours_only_what_is_urgent_comes(world: World, cabinet_api: httpx.AsyncClient) -> None:
    always = {"quiet_from": "00:00", "quiet_until": "23:59:59", "time_zone": "Europe/Moscow"}
    assert (await choose(cabinet_api, world, **always)).status_code == 200
    await world.tell(NotificationKind.EXPERT_MESSAGE)
    await world.tell(NotificationKind.INFO_TASK)
    await world.work()
    assert len(world.channel.sent) == 1
    await world.pass_time(timedelta(hours=24, seconds=-2))
    await world.work()
    assert len(world.channel.sent) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"time_zone": "Moscow"},
        {"quiet_from": "25:00"},
        {"muted": [{"kind": "late"}]},
        {"order": ["x" * 33]},
        {"order": ["push"] * 11},
        {"colour": "red"},
    ],
)
async def test_what_cannot_be_chosen_is_refused(
    world: World, cabinet_api: httpx.AsyncClient, wrong: dict[str, Any]
) -> None:
    answer = await choose(cabinet_api, world, **wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")


async def test_a_browser_shows_what_whoever_uses_it_now_is_told(
    world: World, cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts
) -> None:
    boris = await sign_in(cabinet_ports, "boris@example.com")
    for headers in (world.client.headers, world.client.headers, boris.headers):
        answer = await cabinet_api.put(f"{PATH}/push", json=SUBSCRIPTION, headers=headers)
        assert answer.status_code == 204
    annas = (await cabinet_api.get(f"{PATH}/devices", headers=world.client.headers)).json()
    [of_boris] = (await cabinet_api.get(f"{PATH}/devices", headers=boris.headers)).json()
    assert annas == []
    assert (of_boris["channel"], of_boris["device"]) == ("push", "Chrome, Android")
    strangers = await cabinet_api.delete(f"{PATH}/devices/{of_boris['id']}", headers=world.client.headers)
    assert strangers.status_code == 404
    for status in (204, 404):
        own = await cabinet_api.delete(f"{PATH}/devices/{of_boris['id']}", headers=boris.headers)
        assert own.status_code == status


async def test_a_browser_is_removed_however_long_ago_one_signed_in(
    world: World, cabinet_api: httpx.AsyncClient
) -> None:
    headers = world.client.headers
    await cabinet_api.put(f"{PATH}/push", json=SUBSCRIPTION, headers=headers)
    [device] = (await cabinet_api.get(f"{PATH}/devices", headers=headers)).json()
    await pass_ten_minutes(world.ports)
    gone = await cabinet_api.delete(f"{PATH}/devices/{device['id']}", headers=headers)
    assert gone.status_code == 204


async def test_a_browser_that_wants_no_more_is_taken_away(
    world: World, cabinet_api: httpx.AsyncClient
) -> None:
    headers = world.client.headers
    await cabinet_api.put(f"{PATH}/push", json=SUBSCRIPTION, headers=headers)
    plain = {name: value for name, value in SUBSCRIPTION.items() if name != "device"}
    for _ in range(2):
        assert (await cabinet_api.post(f"{PATH}/push/end", json=plain, headers=headers)).status_code == 204
    assert (await cabinet_api.get(f"{PATH}/devices", headers=headers)).json() == []


async def test_of_devices_there_are_not_too_many(world: World, cabinet_api: httpx.AsyncClient) -> None:
    answers = [
        await cabinet_api.put(
            f"{PATH}/push",
            json=SUBSCRIPTION | {"endpoint": f"https://push.example.com/{number}"},
            headers=world.client.headers,
        )
        for number in range(MOST_DEVICES + 1)
    ]
    assert {one.status_code for one in answers[:-1]} == {204}
    assert (answers[-1].status_code, answers[-1].json()["code"]) == (409, "too_many_devices")


@pytest.mark.parametrize(
    "wrong", [{"endpoint": "ftp://push.example.com"}, {"p256dh": "AAAA"}, {"auth": "!"}, {"device": ""}]
)
async def test_what_is_no_subscription_is_refused(
    world: World, cabinet_api: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    answer = await cabinet_api.put(f"{PATH}/push", json=SUBSCRIPTION | wrong, headers=world.client.headers)
    assert answer.status_code == 422


async def test_one_post_from_the_mail_program_ends_letters_of_the_kind_and_nothing_else(
    world: World, cabinet_api: httpx.AsyncClient
) -> None:
    await world.tell(NotificationKind.LATE)
    await world.work()
    [told] = await world.told()
    secrets, base = world.ports.secrets, world.ports.settings.public_url
    path = links.address(secrets, base, told.deliveries[0].id).removeprefix(base)
    for _ in range(2):
        answer = await cabinet_api.post(path, content="List-Unsubscribe=One-Click")
        assert answer.status_code == 204
    chosen = (await cabinet_api.get(f"{PATH}/choices", headers=world.client.headers)).json()
    assert chosen["muted"] == [{"kind": "late", "channel": "email"}]
    assert (await cabinet_api.get(path)).status_code == 405, "whoever only looks at it changes nothing"


async def test_who_has_not_the_letter_unsubscribes_nobody(
    world: World, cabinet_api: httpx.AsyncClient
) -> None:
    await world.tell(NotificationKind.LATE)
    await world.work()
    [told] = await world.told()
    guesses = (told.deliveries[0].id, "x" * 43), (new_id(), world.ports.secrets.sign(b"unsubscribe"))
    for delivery_id, signature in guesses:
        answer = await cabinet_api.post(f"{PATH}/unsubscribe/{delivery_id}?signature={signature}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    chosen = (await cabinet_api.get(f"{PATH}/choices", headers=world.client.headers)).json()
    assert chosen["muted"] == []
