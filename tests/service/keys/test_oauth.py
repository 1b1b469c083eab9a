"""Tokens for keys, as RFC 6749 has them (4.4, 5.1, 5.2): nothing here is a way of ours."""

from base64 import b64encode
from datetime import timedelta
from urllib.parse import quote_plus

import httpx
import pytest
from sqlalchemy import update

from cabinet_service.accounts.models import ApiKey
from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.settings import Settings
from service_kit.db import database_now
from service_kit.tokens import ACCESS_LENGTH, LEEWAY
from tests.service.inspections.conftest import Person
from tests.support.api import running
from tests.support.clients import Firm
from tests.support.programs import ALL_SCOPES, Key, make_key

GRANT = {"grant_type": "client_credentials"}


def basic(user: str, password: str) -> dict[str, str]:
    pair = f"{quote_plus(user)}:{quote_plus(password)}"
    return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def of(key: Key) -> dict[str, str]:
    return {"client_id": key.client_id, "client_secret": key.secret}


async def ask(api: httpx.AsyncClient, form: dict[str, str], **headers: str) -> httpx.Response:
    return await api.post("/oauth/token", data=form, headers=headers)


async def get(api: httpx.AsyncClient, path: str, token: str) -> httpx.Response:
    return await api.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})


async def test_a_key_gets_a_token_by_either_way(cabinet_api: httpx.AsyncClient, key: Key) -> None:
    ways = [
        await ask(cabinet_api, GRANT | of(key)),
        await ask(cabinet_api, GRANT, **basic(key.client_id, key.secret)),
    ]
    for answer in ways:
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert told | {"access_token": ""} == {
            "access_token": "",
            "token_type": "Bearer",
            "expires_in": 600,
            "scope": " ".join(ALL_SCOPES),
        }
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["ratelimit"]
        listed = await get(cabinet_api, "/inspections", told["access_token"])
        assert listed.status_code == 200
        assert listed.headers["ratelimit"]


async def test_a_token_may_less_than_its_key_if_less_was_asked_for(
    cabinet_api: httpx.AsyncClient, key: Key
) -> None:
    answer = await ask(cabinet_api, GRANT | of(key) | {"scope": "reports:read inspections:read"})
    assert answer.json()["scope"] == "inspections:read reports:read"
    token = answer.json()["access_token"]
    assert (await get(cabinet_api, "/inspections", token)).status_code == 200
    wrote = await cabinet_api.post(
        "/api/v1/inspections",
        json={},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "of-this-request"},
    )
    assert (wrote.status_code, wrote.json()["code"]) == (403, "scope_missing")
    assert wrote.headers["www-authenticate"].endswith('scope="inspections:write"')
    me = await get(cabinet_api, "/me", token)
    assert (me.status_code, me.json()["code"]) == (403, "closed_to_keys")


async def test_what_is_refused_is_said_in_the_words_of_the_rfc(
    cabinet_api: httpx.AsyncClient, boss: Person, firm: Firm, key: Key
) -> None:
    narrow = await make_key(boss, firm, "Narrow", scopes=["inspections:read"])
    wrong = key.secret[:-1] + ("0" if key.secret[-1] != "0" else "1")
    asked = {
        (): "invalid_request",
        (("grant_type", "password"), *of(key).items()): "unsupported_grant_type",
        (*GRANT.items(),): "invalid_client",
        (*GRANT.items(), ("client_id", key.client_id)): "invalid_client",
        (*GRANT.items(), ("client_id", key.client_id), ("client_secret", wrong)): "invalid_client",
        (*GRANT.items(), ("client_id", "Иванов"), ("client_secret", "секрет")): "invalid_client",
        (*GRANT.items(), *of(narrow).items(), ("scope", "photos:write")): "invalid_scope",
        (*GRANT.items(), *of(key).items(), ("scope", " ")): "invalid_scope",
        (*GRANT.items(), *GRANT.items(), *of(key).items()): "invalid_request",
    }
    for form, error in asked.items():
        body = "&".join(f"{name}={quote_plus(value)}" for name, value in form)
        answer = await cabinet_api.post(
            "/oauth/token", content=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
        )
        assert answer.json()["error"] == error, (form, answer.text)
        assert answer.status_code == (401 if error == "invalid_client" else 400)
        assert "www-authenticate" not in answer.headers
        assert key.secret not in answer.text


async def test_what_cannot_be_read_is_no_fault_of_ours(cabinet_api: httpx.AsyncClient, key: Key) -> None:
    right = basic(key.client_id, key.secret)
    for headers, error, status in (
        ({"Authorization": "Basic ***"}, "invalid_client", 401),
        ({"Authorization": "Basic " + b64encode("нет".encode()).decode()}, "invalid_client", 401),
        (basic("", ""), "invalid_client", 401),
        (basic(key.client_id, "0" * 64), "invalid_client", 401),
    ):
        answer = await ask(cabinet_api, GRANT, **headers)
        assert (answer.status_code, answer.json()["error"]) == (status, error)
        assert answer.headers["www-authenticate"].startswith("Basic")
    twice = await ask(cabinet_api, GRANT | of(key), **right)
    assert (twice.status_code, twice.json()["error"]) == (400, "invalid_request")
    another = await ask(cabinet_api, GRANT | {"client_id": "somebody"}, **right)
    assert another.json()["error"] == "invalid_client"
    for content, kind in (
        (b"{}", "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"grant_type=%FF", "application/x-www-form-urlencoded"),
        (b"grant_type", "application/x-www-form-urlencoded"),
        (b"a=b&" * 50_000, "application/x-www-form-urlencoded"),
    ):
        answer = await cabinet_api.post("/oauth/token", content=content, headers={"Content-Type": kind})
        assert answer.status_code in (400, 413), content[:20]
        assert answer.status_code == 413 or answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize("ended", ["revoked", "narrowed"])
async def test_a_token_is_worth_no_more_than_its_key_is_now(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, boss: Person, firm: Firm, key: Key, ended: str
) -> None:
    token = (await ask(cabinet_api, GRANT | of(key))).json()["access_token"]
    if ended == "revoked":
        await boss.delete(f"/companies/{firm.company_id}/api-keys/{key.id}")
        expected = (401, "key_revoked")
    else:
        async with cabinet_ports.backbone.database.writing() as session:
            await session.execute(update(ApiKey).values(scopes=["reports:read"]))
        expected = (403, "scope_missing")
    answer = await get(cabinet_api, "/inspections", token)
    assert (answer.status_code, answer.json()["code"]) == expected
    if ended == "revoked":
        again = await ask(cabinet_api, GRANT | of(key))
        assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


async def test_a_token_ends_after_ten_minutes_and_is_no_sign_in(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, boss: Person, key: Key
) -> None:
    async with cabinet_ports.backbone.database.reading() as session:
        now = await database_now(session)
    row = {"holder_id": boss.account_id, "key_id": boss.account_id}
    late = now - ACCESS_LENGTH - LEEWAY - timedelta(seconds=1)
    own = {"holder_id": key.program(cabinet_api).account_id, "key_id": key.shown["id"]}
    over = cabinet_ports.tokens.program(**own, scopes=["inspections:read"], now=late)
    of_nobody = cabinet_ports.tokens.program(**row, scopes=["inspections:read"], now=now)
    for token in (over, of_nobody):
        answer = await get(cabinet_api, "/inspections", token)
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_whoever_asks_for_tokens_is_counted_too(cabinet_settings: Settings, key: Key) -> None:
    limits = {"requests_per_key": "2/minute", "wrong_keys_per_address": "2/hour"}
    async with running(create_app(cabinet_settings.model_copy(update=limits))) as api:
        answers = [await ask(api, GRANT | of(key)) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        wrong = GRANT | of(key) | {"client_secret": "0" * 64}
        guesses = [await ask(api, wrong) for _ in range(3)]
        assert [answer.status_code for answer in guesses] == [401, 401, 429]
