"""A second contact for an account: shown to be one's own, told at the first, and never somebody else's."""

import asyncio
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, func, select

from cabinet_service.accounts import adding
from cabinet_service.accounts import erasing as accounts_erasing
from cabinet_service.accounts.models import AccountContact, SignInChallenge
from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.notifications.notices import notices
from cabinet_service.settings import Settings
from service_kit.db import database_now
from tests.service.accounts.conftest import Ask
from tests.service.accounts.contacts import MAIL, OTHER, PHONE, Adding, audited, refusal
from tests.support.api import running
from tests.support.clients import SignedInClient, pass_ten_minutes, sign_in
from tests.support.delivery import waiting_work


@pytest.fixture
async def anna(cabinet_ports: ApiPorts) -> SignedInClient:
    return await sign_in(cabinet_ports, MAIL)


@pytest.fixture
def form(cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, anna: SignedInClient) -> Adding:
    return Adding(cabinet_api, cabinet_ports, anna)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.parametrize(("first", "second"), [(MAIL, "8 921 123-45-67"), (PHONE, "Anna@Example.com")])
async def test_a_phone_is_added_to_an_address_and_an_address_to_a_phone(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, first: str, second: str
) -> None:
    form = Adding(cabinet_api, cabinet_ports, await sign_in(cabinet_ports, first))
    asked = await form.ask(second)
    assert asked.status_code == 202, asked.text
    assert asked.json()["may_be_in_chat"] is False
    [letter] = await form.letters()
    assert letter["to"] in (MAIL, PHONE)
    assert letter["to"] != first
    assert "добавить этот контакт" in letter["text"]
    answer = await form.enter(asked.json()["challenge_id"], letter["code"])
    assert answer.status_code == 201, answer.text
    assert [one["value"] for one in answer.json()["contacts"]] == [first, letter["to"]]
    assert await form.contacts() == [first, letter["to"]]
    again = await sign_in(cabinet_ports, letter["to"])
    assert again.account_id == form.who.account_id, "it signs in to the same account"


async def test_the_contact_that_was_there_is_told_and_not_what_was_added(form: Adding) -> None:
    challenge_id = await form.asked()
    await form.letters()
    await form.enter(challenge_id)
    [work] = await waiting_work(form.ports.backbone)
    assert not any(contact in work.model_dump_json() for contact in (MAIL, PHONE))
    told, code = await form.letters()
    assert (code["to"], told["to"]) == (PHONE, MAIL)
    assert "добавлен телефон" in told["text"]
    assert PHONE not in told["text"]
    assert "/help" in told["text"]


async def test_an_account_of_a_chat_gets_its_first_contact(cabinet_ports: ApiPorts, form: Adding) -> None:
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(delete(AccountContact))
        now = await database_now(session)
        await notices.bind(session, form.who.account_id, "telegram", "42", device="Phone", now=now)
    challenge_id = await form.asked(OTHER)
    assert (await form.enter(challenge_id)).status_code == 201
    assert await form.contacts() == [OTHER]
    kinds = [work.type for work in await waiting_work(cabinet_ports.backbone)]
    assert kinds.count("cabinet.send_account_changed") == 1, "to the chat"


async def test_what_belongs_to_another_account_is_asked_for_in_the_same_way(
    cabinet_ports: ApiPorts, form: Adding
) -> None:
    await sign_in(cabinet_ports, OTHER)
    taken, free = await form.ask(OTHER), await form.ask(PHONE)
    assert taken.status_code == free.status_code == 202
    assert taken.json().keys() == free.json().keys()
    answer = await form.enter(taken.json()["challenge_id"])
    assert refusal(answer) == (409, "contact_taken")
    assert "boris" not in answer.text.lower()
    assert await form.contacts() == [MAIL]
    answer = await form.enter(taken.json()["challenge_id"])
    assert refusal(answer) == (403, "code_used")


async def test_ones_own_contact_is_no_new_one(form: Adding) -> None:
    assert refusal(await form.ask(MAIL)) == (409, "contact_is_yours")
    assert await waiting_work(form.ports.backbone) == []


@pytest.mark.parametrize("contact", ["nobody", "+7 495 123", "anna@exаmple.com"])
async def test_what_is_no_contact_is_refused(form: Adding, contact: str) -> None:
    assert (await form.ask(contact)).status_code == 422


async def test_wrong_codes_are_counted_and_leave_a_trace(form: Adding) -> None:
    challenge_id = await form.asked()
    for left in (4, 3, 2, 1):
        answer = await form.enter(challenge_id, wrong(form.code(challenge_id)))
        assert refusal(answer) == (403, "code_wrong")
        assert str(left) in answer.json()["detail"]
    for code in (wrong(form.code(challenge_id)), form.code(challenge_id)):
        assert refusal(await form.enter(challenge_id, code)) == (403, "code_tries_exhausted")
    assert await form.contacts() == [MAIL]
    acts = await audited(form.ports)
    assert acts.count("contact_refused") == 6
    assert "contact_added" not in acts


async def test_a_contact_that_was_added_leaves_a_trace_without_itself(form: Adding) -> None:
    await form.enter(await form.asked())
    assert (await audited(form.ports)).count("contact_added") == 1


async def test_sent_twice_it_is_added_once(form: Adding) -> None:
    challenge_id = await form.asked()
    answers = await asyncio.gather(*(form.enter(challenge_id) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert await form.contacts() == [MAIL, PHONE]
    assert (await audited(form.ports)).count("contact_added") == 1


async def test_of_two_accounts_that_add_a_contact_one_gets_it(cabinet_ports: ApiPorts, form: Adding) -> None:
    boris = Adding(form.api, cabinet_ports, await sign_in(cabinet_ports, OTHER))
    challenges = [await one.asked() for one in (form, boris)]
    answers = await asyncio.gather(form.enter(challenges[0]), boris.enter(challenges[1]))
    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_a_code_that_adds_lets_nobody_in_and_one_that_lets_in_adds_nothing(
    form: Adding, ask: Ask
) -> None:
    challenge_id = await form.asked()
    body = {"challenge_id": challenge_id, "code": form.code(challenge_id), "carrier": "bearer"}
    answer = await form.api.post("/api/v1/auth/sessions", json=body)
    assert refusal(answer) == (403, "code_expired")
    to_sign_in, code = await ask(PHONE)
    assert refusal(await form.enter(to_sign_in, code)) == (403, "code_expired")
    assert await form.contacts() == [MAIL]


async def test_nobody_elses_code_adds_anything(cabinet_ports: ApiPorts, form: Adding) -> None:
    boris = Adding(form.api, cabinet_ports, await sign_in(cabinet_ports, OTHER))
    challenge_id = await form.asked()
    assert refusal(await boris.enter(challenge_id, form.code(challenge_id))) == (403, "code_expired")
    assert await boris.contacts() == [OTHER]


async def test_only_soon_after_a_sign_in_is_a_code_given(form: Adding) -> None:
    challenge_id = await form.asked()
    await pass_ten_minutes(form.ports)
    assert refusal(await form.ask("third@example.com")) == (403, "sign_in_again")
    assert (await form.enter(challenge_id)).status_code == 201, "who has the code may take their time"


async def test_there_is_an_end_to_how_many(form: Adding) -> None:
    challenges = [await form.asked(f"anna{number}@example.com") for number in range(adding.MOST)]
    answers = [await form.enter(one) for one in challenges]
    assert [answer.status_code for answer in answers] == [201] * (adding.MOST - 1) + [409]
    assert answers[-1].json()["code"] == "too_many_contacts"
    assert refusal(await form.ask("more@example.com")) == (409, "too_many_contacts")


async def test_codes_are_counted_by_who_asks(cabinet_settings: Settings, form: Adding) -> None:
    limited = cabinet_settings.model_copy(
        update={"contact_codes_per_account": "2/hour", "cache_url": "memory://", "code_again_seconds": 1}
    )
    async with running(create_app(limited)) as api:
        form.api = api
        answers = [await form.ask(f"anna{number}@example.com") for number in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]


async def test_with_the_account_its_contacts_and_codes_are_forgotten(form: Adding) -> None:
    await form.enter(await form.asked())
    challenge_id = await form.asked("third@example.com")
    async with form.ports.backbone.database.writing() as session:
        await accounts_erasing.erase(session, form.who.account_id, now=await database_now(session))
    async with form.ports.backbone.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(AccountContact)) == 0
        assert await session.get(SignInChallenge, UUID(challenge_id)) is None
    assert (await form.enter(challenge_id)).status_code == 401
    await form.letters()
