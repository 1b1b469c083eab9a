"""Sign-up and sign-in over the API, from asking for a code to signing out."""

import asyncio
import re

import httpx
import pytest
from sqlalchemy import func, select, update

from cabinet_service.accounts.models import Account, AccountContact, SignInChallenge, SignInSession
from cabinet_service.api_ports import ApiPorts
from cabinet_service.db.base import Base
from cabinet_service.wiring import work_handlers
from tests.service.accounts.conftest import Ask
from tests.service.accounts.signing_in import sign_in, wrong
from tests.support.delivery import do_work


async def test_a_person_signs_up_with_the_code_they_were_sent(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts
) -> None:
    asked = await cabinet_api.post(
        "/api/v1/auth/codes", json={"contact": "Anna@Example.com"}, headers={"Accept-Language": "ru"}
    )
    assert asked.status_code == 202
    assert asked.json()["sent_to"] == "a***@example.com"
    await do_work(cabinet_ports.backbone, work_handlers(cabinet_ports))
    [letter] = (await cabinet_api.get("/dev/outbox.json")).json()["messages"]
    assert (letter["to"], letter["channel"]) == ("anna@example.com", "email")

    answer = await sign_in(cabinet_api, asked.json()["challenge_id"], letter["code"], language="ru")
    assert answer.status_code == 201
    token = {"Authorization": f"Bearer {answer.json()['token']}"}

    me = (await cabinet_api.get("/api/v1/me", headers=token)).json()
    assert me["account"] == answer.json()["account"]
    assert me["account"]["language"] == "ru"
    assert me["contacts"] == [{"kind": "email", "value": "anna@example.com"}]
    assert me["memberships"] == []


async def test_who_comes_back_has_the_same_account(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, ask: Ask
) -> None:
    first = await sign_in(cabinet_api, *await ask("+7 921 123-45-67"))
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(update(Account).values(display_name="Anna"))
    second = await sign_in(cabinet_api, *await ask("8 (921) 123 45 67"), language="en")
    assert second.json()["account"] == first.json()["account"] | {"display_name": "Anna"}


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_a_new_account_speaks_the_language_of_the_browser(
    cabinet_api: httpx.AsyncClient, ask: Ask, language: str
) -> None:
    challenge_id, code = await ask()
    answer = await cabinet_api.post(
        "/api/v1/auth/sessions",
        json={"challenge_id": challenge_id, "code": code, "carrier": "bearer"},
        headers={"Accept-Language": language},
    )
    assert answer.json()["account"]["language"] == language


async def test_a_code_works_once(cabinet_api: httpx.AsyncClient, ask: Ask) -> None:
    challenge = await ask()
    assert (await sign_in(cabinet_api, *challenge)).status_code == 201
    again = await sign_in(cabinet_api, *challenge)
    assert (again.status_code, again.json()["code"]) == (403, "code_used")


async def test_of_two_simultaneous_uses_of_a_code_one_wins(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, ask: Ask
) -> None:
    challenge = await ask()
    answers = await asyncio.gather(*(sign_in(cabinet_api, *challenge) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [403] * 7
    assert {answer.json()["code"] for answer in answers if answer.is_error} == {"code_used"}
    async with cabinet_ports.backbone.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(SignInSession)) == 1


async def test_two_first_sign_ins_side_by_side_make_one_account(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, ask: Ask
) -> None:
    first = await ask()
    second = await ask()
    answers = await asyncio.gather(sign_in(cabinet_api, *first), sign_in(cabinet_api, *second))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.json()["account"]["id"] for answer in answers}) == 1
    async with cabinet_ports.backbone.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Account)) == 1
        assert await session.scalar(select(func.count()).select_from(AccountContact)) == 1


async def test_after_five_wrong_tries_even_the_right_code_is_refused(
    cabinet_api: httpx.AsyncClient, ask: Ask
) -> None:
    challenge_id, code = await ask()
    answers = [await sign_in(cabinet_api, challenge_id, wrong(code)) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert [answer.json()["code"] for answer in answers] == ["code_wrong"] * 4 + ["code_tries_exhausted"]
    assert [answer.json()["params"].get("tries_left") for answer in answers] == [4, 3, 2, 1, None]
    late = await sign_in(cabinet_api, challenge_id, code)
    assert (late.status_code, late.json()["code"]) == (403, "code_tries_exhausted")


async def test_wrong_tries_sent_side_by_side_are_all_counted(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, ask: Ask
) -> None:
    challenge_id, code = await ask()
    answers = await asyncio.gather(*(sign_in(cabinet_api, challenge_id, wrong(code)) for _ in range(12)))
    codes = sorted(answer.json()["code"] for answer in answers)
    assert codes == ["code_tries_exhausted"] * 8 + ["code_wrong"] * 4
    async with cabinet_ports.backbone.database.reading() as session:
        assert await session.scalar(select(SignInChallenge.wrong_tries)) == 5


async def test_a_wrong_try_leaves_the_others(cabinet_api: httpx.AsyncClient, ask: Ask) -> None:
    challenge_id, code = await ask()
    assert (await sign_in(cabinet_api, challenge_id, wrong(code))).status_code == 403
    assert (await sign_in(cabinet_api, challenge_id, code)).status_code == 201


async def test_an_expired_code_is_refused(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, ask: Ask
) -> None:
    challenge = await ask()
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(update(SignInChallenge).values(expires_at=func.now()))
    answer = await sign_in(cabinet_api, *challenge)
    assert (answer.status_code, answer.json()["code"]) == (403, "code_expired")


async def test_a_challenge_that_never_was_answers_like_one_that_expired(
    cabinet_api: httpx.AsyncClient,
) -> None:
    answer = await sign_in(cabinet_api, "01a207e3-a59f-712e-962a-a0780d951677", "123456")
    assert (answer.status_code, answer.json()["code"]) == (403, "code_expired")


async def test_asking_does_not_tell_whether_there_is_an_account(
    cabinet_api: httpx.AsyncClient, ask: Ask
) -> None:
    await sign_in(cabinet_api, *await ask("known@example.com"))
    known = await cabinet_api.post("/api/v1/auth/codes", json={"contact": "known@example.com"})
    unknown = await cabinet_api.post("/api/v1/auth/codes", json={"contact": "k@example.com"})
    assert known.status_code == unknown.status_code == 202
    assert known.json().keys() == unknown.json().keys()
    refusals = [
        await sign_in(cabinet_api, asked.json()["challenge_id"], "000000") for asked in (known, unknown)
    ]
    assert refusals[0].json()["code"] == refusals[1].json()["code"] == "code_wrong"


@pytest.mark.parametrize("contact", ["nobody", "nobody@localhost", "+7 495 123-45-67", "a@b@c.ru", "+", "@"])
async def test_what_is_no_contact_is_refused(cabinet_api: httpx.AsyncClient, contact: str) -> None:
    answer = await cabinet_api.post("/api/v1/auth/codes", json={"contact": contact})
    assert (answer.status_code, answer.json()["code"]) == (422, "contact_not_understood")


async def test_signing_out_ends_the_session(cabinet_api: httpx.AsyncClient, ask: Ask) -> None:
    token = (await sign_in(cabinet_api, *await ask())).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await cabinet_api.delete("/api/v1/auth/sessions/current", headers=headers)).status_code == 204
    for method in ("GET", "PATCH"):
        answer = await cabinet_api.request(method, "/api/v1/me", headers=headers, json={})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_neither_codes_nor_tokens_are_stored(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, ask: Ask
) -> None:
    challenge_id, code = await ask()
    tokens = (await sign_in(cabinet_api, challenge_id, code)).json()
    async with cabinet_ports.backbone.database.reading() as session:
        rows = [row for table in Base.metadata.sorted_tables for row in await session.execute(select(table))]
    stored = "\n".join(str(row) for row in rows)
    assert challenge_id in stored
    for token in (tokens["token"], tokens["refresh_token"]):
        assert not any(part in stored for part in token.split("."))
    assert not re.search(rf"\b{code}\b", stored)
