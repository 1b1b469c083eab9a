"""Passkeys of experts: what they share with those of clients is tested there."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.audit import queries as audit
from bpa_service.experts import service
from bpa_service.experts.domain import Role
from bpa_service.experts.service import PersonChange
from service_kit.db import database_now
from service_kit.paging import Page
from tests.service.experts.conftest import Headers, Newcomer
from tests.support.api import BASE_URL
from tests.support.authenticator import Authenticator
from tests.support.experts import sign_in


@pytest.fixture
def phone() -> Authenticator:
    return Authenticator(BASE_URL)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def acts(ports: ApiPorts) -> list[str]:
    async with ports.backbone.database.reading() as session:
        return [entry.act for entry in await audit.entries(session, audit.AuditFilter(), Page(None, 50))]


async def add(nora: Newcomer, headers: Headers, phone: Authenticator) -> httpx.Response:
    asked = await nora.post("/me/passkey-challenges", headers, {"code": await nora.code()})
    assert asked.status_code == 201, asked.text
    credential = phone.create(asked.json()["public_key"])
    return await nora.post(
        "/me/passkeys",
        headers | {"Idempotency-Key": uuid4().hex},
        {"name": "My phone", "credential": credential},
    )


async def use(nora: Newcomer, phone: Authenticator) -> httpx.Response:
    asked = await nora.post("/auth/passkey-challenges", {})
    credential = phone.get(asked.json()["public_key"])
    body = {"credential": credential, "carrier": "bearer"}
    return await nora.post("/auth/passkey-sessions", {}, body)


@pytest.fixture
async def headers(nora: Newcomer) -> Headers:
    """Of a session in which Nora has set up her app."""
    headers = await nora.signed_in()
    await nora.enrol(headers)
    return headers


@pytest.fixture
async def added(nora: Newcomer, headers: Headers, phone: Authenticator) -> dict[str, Any]:
    answer = await add(nora, headers, phone)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_passkey_is_both_factors(nora: Newcomer, added: dict[str, Any], phone: Authenticator) -> None:
    answer = await use(nora, phone)
    assert (answer.status_code, answer.json()["stage"]) == (201, "full")
    assert answer.json()["expert"]["login"] == "nora"
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    assert (await nora.api.get("/api/v1/queue", headers=headers)).status_code == 200
    listed = (await nora.api.get("/api/v1/me/passkeys", headers=headers)).json()["items"]
    assert [passkey["id"] for passkey in listed] == [added["id"]]
    assert (await acts(nora.ports))[:2] == ["signed_in", "passkey_added"]


async def test_a_session_alone_adds_none(nora: Newcomer, headers: Headers) -> None:
    wrong = await nora.post("/me/passkey-challenges", headers, {"code": await nora.wrong_code()})
    assert refusal(wrong) == (403, "second_factor_wrong")
    assert (await nora.post("/me/passkey-challenges", headers)).status_code == 422


async def test_one_that_does_not_hold_is_on_the_audit_log(
    nora: Newcomer, added: dict[str, Any], phone: Authenticator
) -> None:
    elsewhere = Authenticator("https://evil.example", passkeys=phone.passkeys)
    assert refusal(await use(nora, elsewhere)) == (403, "passkey_refused")
    assert (await acts(nora.ports))[0] == "sign_in_refused"
    assert added["last_used_at"] is None


async def test_who_was_switched_off_is_not_let_in_by_a_passkey(
    nora: Newcomer, added: dict[str, Any], phone: Authenticator
) -> None:
    async with nora.ports.backbone.database.writing() as session:
        await service.change_person(
            session, nora.expert.id, PersonChange(active=False), by=None, now=await database_now(session)
        )
    assert refusal(await use(nora, phone)) == (403, "account_inactive")
    assert (await acts(nora.ports))[0] == "sign_in_refused"
    assert added["name"] == "My phone"


async def test_a_reset_takes_passkeys_too(
    nora: Newcomer, added: dict[str, Any], phone: Authenticator
) -> None:
    admin = await sign_in(nora.ports, Role.BPA_ADMIN)
    address = f"/api/v1/people/{nora.expert.id}/second-factors"
    assert (await nora.api.delete(address, headers=admin.headers)).status_code == 204
    assert refusal(await use(nora, phone)) == (403, "passkey_unknown")
    assert added["name"] == "My phone"


async def test_one_is_renamed_and_removed(
    nora: Newcomer, headers: Headers, added: dict[str, Any], phone: Authenticator
) -> None:
    address = f"/api/v1/me/passkeys/{added['id']}"
    boris = (await sign_in(nora.ports, Role.SENIOR)).headers
    assert (await nora.api.patch(address, json={"name": "Mine"}, headers=boris)).status_code == 404
    assert (await nora.api.delete(address, headers=boris)).status_code == 404
    renamed = await nora.api.patch(address, json={"name": "Old phone"}, headers=headers)
    assert renamed.json()["name"] == "Old phone"
    assert (await nora.api.delete(address, headers=headers)).status_code == 204
    assert refusal(await use(nora, phone)) == (403, "passkey_unknown")
    assert (await acts(nora.ports))[0] == "passkey_removed"
