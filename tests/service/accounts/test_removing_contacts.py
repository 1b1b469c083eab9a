"""A contact is taken away: it signs in no more, whoever did so with it is out, and it is told everywhere."""

import asyncio

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.notifications.notices import notices
from service_kit.db import database_now
from tests.service.accounts.contacts import MAIL, OTHER, PHONE, Adding, audited, refusal
from tests.service.accounts.passkeys import add, ask_to_add
from tests.support.api import BASE_URL
from tests.support.authenticator import Authenticator
from tests.support.clients import pass_ten_minutes, sign_in


@pytest.fixture
async def form(cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts) -> Adding:
    """Anna, who has signed up with her address and has added a phone."""
    form = Adding(cabinet_api, cabinet_ports, await sign_in(cabinet_ports, MAIL))
    await form.enter(await form.asked())
    await form.letters()
    return form


async def remove(form: Adding, contact: str) -> httpx.Response:
    body = {"kind": "email" if "@" in contact else "phone", "value": contact}
    return await form.api.post("/api/v1/me/contacts/removal", json=body, headers=form.who.headers)


async def test_it_signs_in_no_more_and_whoever_is_signed_in_elsewhere_is_out(form: Adding) -> None:
    intruder = await sign_in(form.ports, PHONE)
    assert intruder.account_id == form.who.account_id
    answer = await remove(form, PHONE)
    assert answer.status_code == 200, answer.text
    assert [one["value"] for one in answer.json()["contacts"]] == [MAIL]
    out = await form.api.get("/api/v1/me", headers=intruder.headers)
    assert out.status_code == 401
    assert await form.contacts() == [MAIL], "one's own session goes on"
    assert (await sign_in(form.ports, PHONE)).account_id != form.who.account_id


async def test_it_is_told_there_and_at_every_contact_that_is_left(form: Adding) -> None:
    before = len(await form.letters())
    await remove(form, PHONE)
    told = (await form.letters())[:-before]
    assert sorted(one["to"] for one in told) == sorted([MAIL, PHONE])
    assert all("удалён телефон" in one["text"] and "/help" in one["text"] for one in told)


async def test_the_last_way_in_stays(form: Adding) -> None:
    assert (await remove(form, PHONE)).status_code == 200
    assert refusal(await remove(form, MAIL)) == (409, "last_way_in")
    async with form.ports.backbone.database.writing() as session:
        now = await database_now(session)
        await notices.bind(session, form.who.account_id, "telegram", "42", device="Phone", now=now)
    assert refusal(await remove(form, MAIL)) == (409, "last_way_in"), "without a bot no chat signs in"
    assert await form.contacts() == [MAIL]
    device = Authenticator(BASE_URL)
    added = await add(form.api, form.who.headers, device.create(await ask_to_add(form.api, form.who.headers)))
    assert added.status_code == 201
    assert (await remove(form, MAIL)).status_code == 200
    assert await form.contacts() == []


async def test_of_two_that_go_at_once_one_stays(form: Adding) -> None:
    answers = await asyncio.gather(remove(form, MAIL), remove(form, PHONE))
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert len(await form.contacts()) == 1


async def test_nobody_elses_contact_goes_and_none_goes_twice(form: Adding) -> None:
    boris = Adding(form.api, form.ports, await sign_in(form.ports, OTHER))
    await remove(form, PHONE)
    for contact in (OTHER, PHONE, "third@example.com"):
        assert refusal(await remove(form, contact)) == (404, "not_found")
    assert await boris.contacts() == [OTHER]
    assert (await audited(form.ports)).count("contact_removed") == 1


async def test_a_session_that_is_not_new_is_not_enough(form: Adding) -> None:
    await pass_ten_minutes(form.ports)
    assert refusal(await remove(form, PHONE)) == (403, "sign_in_again")
    assert await form.contacts() == [MAIL, PHONE]


async def test_the_code_that_added_it_does_not_bring_it_back(form: Adding) -> None:
    await remove(form, PHONE)
    challenge_id = await form.asked()
    assert (await form.enter(challenge_id)).status_code == 201
    await remove(form, PHONE)
    assert refusal(await form.enter(challenge_id)) == (403, "code_used")
    assert await form.contacts() == [MAIL]
