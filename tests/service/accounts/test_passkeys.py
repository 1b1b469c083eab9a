"""Passkeys of clients, with an authenticator in software."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import func, select, update

from cabinet_service.accounts.models import Passkey, PasskeyChallenge, SignInSession, passkeys
from cabinet_service.api_ports import ApiPorts
from service_kit.db import database_now
from service_kit.passkeys import MAX_PASSKEYS
from tests.service.accounts.passkeys import Headers, add, ask_to_add
from tests.support.api import BASE_URL
from tests.support.authenticator import Authenticator
from tests.support.clients import sign_in


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator(BASE_URL)


@pytest.fixture
async def anna(cabinet_ports: ApiPorts) -> Headers:
    return (await sign_in(cabinet_ports, "anna@example.com")).headers


async def ask_to_sign_in(api: httpx.AsyncClient) -> dict[str, Any]:
    answer = await api.post("/api/v1/auth/passkey-challenges")
    assert answer.status_code == 201, answer.text
    return answer.json()["public_key"]


async def use(api: httpx.AsyncClient, credential: dict[str, Any]) -> httpx.Response:
    return await api.post(
        "/api/v1/auth/passkey-sessions", json={"credential": credential, "carrier": "bearer"}
    )


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


@pytest.fixture
async def added(cabinet_api: httpx.AsyncClient, anna: Headers, phone: Authenticator) -> dict[str, Any]:
    """Anna's passkey, which is on the phone."""
    answer = await add(cabinet_api, anna, phone.create(await ask_to_add(cabinet_api, anna)))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_client_signs_in_with_a_passkey(
    cabinet_api: httpx.AsyncClient, anna: Headers, phone: Authenticator, added: dict[str, Any]
) -> None:
    answers = [await use(cabinet_api, phone.get(await ask_to_sign_in(cabinet_api))) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    me = await cabinet_api.get(
        "/api/v1/me", headers={"Authorization": f"Bearer {answers[1].json()['token']}"}
    )
    assert me.json() == (await cabinet_api.get("/api/v1/me", headers=anna)).json()
    [shown] = (await cabinet_api.get("/api/v1/me/passkeys", headers=anna)).json()["items"]
    assert added["last_used_at"] is None
    assert shown["last_used_at"] is not None


async def test_a_browser_that_signs_in_with_a_passkey_gets_cookies(
    cabinet_api: httpx.AsyncClient, phone: Authenticator, added: dict[str, Any]
) -> None:
    body = {"credential": phone.get(await ask_to_sign_in(cabinet_api)), "carrier": "cookie"}
    elsewhere = await cabinet_api.post(
        "/api/v1/auth/passkey-sessions", json=body, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert refusal(elsewhere) == (403, "cross_site_request")
    answer = await cabinet_api.post(
        "/api/v1/auth/passkey-sessions", json=body, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert (answer.status_code, answer.json()["token"]) == (201, None)
    assert (await cabinet_api.get("/api/v1/me")).status_code == 200
    assert added["name"] == "My phone"


async def test_a_passkey_is_listed_renamed_and_removed(
    cabinet_api: httpx.AsyncClient, anna: Headers, phone: Authenticator, added: dict[str, Any]
) -> None:
    address = f"/api/v1/me/passkeys/{added['id']}"
    renamed = await cabinet_api.patch(address, json={"name": "Old phone"}, headers=anna)
    assert renamed.json() == added | {"name": "Old phone"}
    listed = await cabinet_api.get("/api/v1/me/passkeys", headers=anna)
    assert listed.json()["items"] == [renamed.json()]
    assert (await cabinet_api.delete(address, headers=anna)).status_code == 204
    assert (await cabinet_api.get("/api/v1/me/passkeys", headers=anna)).json()["items"] == []
    signed = phone.get(await ask_to_sign_in(cabinet_api))
    assert refusal(await use(cabinet_api, signed)) == (403, "passkey_unknown")


async def test_nobody_sees_or_touches_the_passkey_of_somebody_else(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, anna: Headers, added: dict[str, Any]
) -> None:
    boris = (await sign_in(cabinet_ports, "boris@example.com")).headers
    address = f"/api/v1/me/passkeys/{added['id']}"
    assert (await cabinet_api.get("/api/v1/me/passkeys", headers=boris)).json()["items"] == []
    assert (await cabinet_api.patch(address, json={"name": "Mine"}, headers=boris)).status_code == 404
    assert (await cabinet_api.delete(address, headers=boris)).status_code == 404
    assert (await cabinet_api.get("/api/v1/me/passkeys", headers=anna)).json()["items"] == [added]


async def test_a_passkey_is_made_for_whoever_asked(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, anna: Headers, phone: Authenticator
) -> None:
    boris = (await sign_in(cabinet_ports, "boris@example.com")).headers
    made_for_anna = phone.create(await ask_to_add(cabinet_api, anna))
    assert refusal(await add(cabinet_api, boris, made_for_anna)) == (403, "passkey_challenge_over")


async def test_a_passkey_of_somebody_cannot_be_added_by_another(
    cabinet_api: httpx.AsyncClient,
    cabinet_ports: ApiPorts,
    phone: Authenticator,
    added: dict[str, Any],
) -> None:
    boris = (await sign_in(cabinet_ports, "boris@example.com")).headers
    copy = phone.attest(phone.passkeys[0], await ask_to_add(cabinet_api, boris))
    assert refusal(await add(cabinet_api, boris, copy)) == (409, "passkey_taken")
    assert added["name"] == "My phone"


async def test_a_challenge_is_answered_once(
    cabinet_api: httpx.AsyncClient, anna: Headers, phone: Authenticator
) -> None:
    created = phone.create(await ask_to_add(cabinet_api, anna))
    assert (await add(cabinet_api, anna, created)).status_code == 201
    assert refusal(await add(cabinet_api, anna, created)) == (403, "passkey_challenge_over")
    signed = phone.get(await ask_to_sign_in(cabinet_api))
    assert (await use(cabinet_api, signed)).status_code == 201
    assert refusal(await use(cabinet_api, signed)) == (403, "passkey_challenge_over")


async def test_a_challenge_to_add_signs_nobody_in(
    cabinet_api: httpx.AsyncClient, anna: Headers, phone: Authenticator, added: dict[str, Any]
) -> None:
    options = await ask_to_add(cabinet_api, anna)
    assert refusal(await use(cabinet_api, phone.get(options))) == (403, "passkey_challenge_over")
    assert added["name"] == "My phone"


async def test_a_challenge_is_not_waited_for_for_ever(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, phone: Authenticator, added: dict[str, Any]
) -> None:
    signed = phone.get(await ask_to_sign_in(cabinet_api))
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(update(PasskeyChallenge).values(expires_at=func.now()))
    assert refusal(await use(cabinet_api, signed)) == (403, "passkey_challenge_over")
    async with cabinet_ports.backbone.database.writing() as session:
        await passkeys.forget_expired(session, await database_now(session) + timedelta(seconds=1))
        assert await session.scalar(select(func.count()).select_from(PasskeyChallenge)) == 0
    assert added["name"] == "My phone"


async def test_what_does_not_hold_signs_nobody_in(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, phone: Authenticator, added: dict[str, Any]
) -> None:
    passkey = phone.passkeys[0]
    elsewhere = Authenticator("https://evil.example", passkeys=[passkey])
    unverified = Authenticator(BASE_URL, user_verified=False, passkeys=[passkey])
    for authenticator in (elsewhere, unverified):
        signed = authenticator.get(await ask_to_sign_in(cabinet_api))
        assert refusal(await use(cabinet_api, signed)) == (403, "passkey_refused")
    of_another = phone.get(await ask_to_sign_in(cabinet_api))
    of_another["response"]["userHandle"] = "AAAA"
    assert refusal(await use(cabinet_api, of_another)) == (403, "passkey_refused")
    other_challenge = phone.get({"challenge": "AAAA"})
    assert refusal(await use(cabinet_api, other_challenge)) == (403, "passkey_challenge_over")
    async with cabinet_ports.backbone.database.reading() as session:
        sessions = await session.scalar(select(func.count()).select_from(SignInSession))
    assert sessions == 1  # Anna's own, of the code
    assert added["last_used_at"] is None


async def test_a_copy_of_a_passkey_is_found_out(
    cabinet_api: httpx.AsyncClient, phone: Authenticator, added: dict[str, Any]
) -> None:
    assert (await use(cabinet_api, phone.get(await ask_to_sign_in(cabinet_api)))).status_code == 201
    phone.passkeys[0].count = 0  # the count at which it was copied
    signed = phone.get(await ask_to_sign_in(cabinet_api))
    assert refusal(await use(cabinet_api, signed)) == (403, "passkey_refused")
    assert added["name"] == "My phone"


async def test_an_answer_that_was_lost_is_given_again(
    cabinet_api: httpx.AsyncClient, anna: Headers, phone: Authenticator
) -> None:
    body = {"name": "My phone", "credential": phone.create(await ask_to_add(cabinet_api, anna))}
    headers = anna | {"Idempotency-Key": uuid4().hex}
    first = await cabinet_api.post("/api/v1/me/passkeys", json=body, headers=headers)
    again = await cabinet_api.post("/api/v1/me/passkeys", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()


async def test_the_authenticator_is_told_what_it_holds_already(
    cabinet_api: httpx.AsyncClient, anna: Headers, phone: Authenticator, added: dict[str, Any]
) -> None:
    options = await ask_to_add(cabinet_api, anna)
    [known] = options["excludeCredentials"]
    signed = phone.get(await ask_to_sign_in(cabinet_api))
    assert known["id"] == signed["rawId"]
    assert options["user"]["name"] == "anna@example.com"
    assert added["name"] == "My phone"


async def test_there_is_an_end_to_how_many(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, anna: Headers, added: dict[str, Any]
) -> None:
    async with cabinet_ports.backbone.database.writing() as session:
        [row] = (await session.scalars(select(Passkey))).all()
        session.add_all(
            Passkey(
                id=uuid4(),
                owner_id=row.owner_id,
                credential_id=uuid4().bytes,
                public_key=row.public_key,
                sign_count=0,
                name=f"Number {number}",
                created_at=row.created_at,
            )
            for number in range(MAX_PASSKEYS - 1)
        )
    answer = await cabinet_api.post("/api/v1/me/passkey-challenges", headers=anna)
    assert refusal(answer) == (409, "too_many_passkeys")
    assert added["name"] == "My phone"
