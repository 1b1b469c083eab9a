"""Personal tokens: made with both factors fresh, read by, and dead with what they stand for."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.security import HTTPBearer
from sqlalchemy import select, update

from api_contracts import generate
from bpa_service.api_ports import ApiPorts
from bpa_service.audit.models import AuditEntry
from bpa_service.db.tables import TABLES
from bpa_service.entrypoints.app import create_app
from bpa_service.experts import scopes, service
from bpa_service.experts.domain import CONFIRMED_FOR, Role
from bpa_service.experts.models import ExpertSession
from bpa_service.experts.service import PersonChange
from bpa_service.experts.tokens import service as tokens
from bpa_service.experts.tokens.domain import TokenScope
from bpa_service.experts.tokens.models import ExpertToken
from bpa_service.settings import Settings
from service_kit.db import database_now
from service_kit.http.access import routes_of
from service_kit.http.openapi import operations
from service_kit.http.route import CheckedRoute
from tests.support.api import running
from tests.support.experts import SignedInExpert, sign_in

PATH: Final = "/api/v1/me/tokens"
NEW: Final = {"name": "My tool", "scopes": ["queue:read"]}
NOTHING: Final = UUID(int=7)


async def post(
    api: httpx.AsyncClient, person: SignedInExpert, body: dict[str, Any], key: str | None = None
) -> httpx.Response:
    headers = person.headers | {"Idempotency-Key": key or uuid4().hex}
    return await api.post(PATH, json=body, headers=headers)


async def make(api: httpx.AsyncClient, person: SignedInExpert, **body: Any) -> dict[str, Any]:
    answer = await post(api, person, NEW | body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def ask(api: httpx.AsyncClient, text: str, path: str = "/api/v1/queue") -> httpx.Response:
    return await api.get(path, headers={"Authorization": f"Bearer {text}"})


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture
async def anna(bpa_ports: ApiPorts) -> SignedInExpert:
    return await sign_in(bpa_ports, Role.EXPERT, "anna")


async def test_it_is_shown_once_and_opens_what_its_scopes_say(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, anna: SignedInExpert
) -> None:
    made = (await post(bpa_api, anna, NEW, "the-same-request")).json()
    text = made["text"]

    assert text.startswith(f"{made['token']['begins']}_")
    assert text.startswith("ade_live_")
    assert (await post(bpa_api, anna, NEW, "the-same-request")).json() == made | {"text": None}
    assert (await ask(bpa_api, text)).status_code == 200
    [listed] = (await bpa_api.get(PATH, headers=anna.headers)).json()
    assert listed["last_used_at"] is not None
    assert listed | {"last_used_at": None} == made["token"]
    async with bpa_ports.backbone.database.reading() as session:
        kept = [*await session.scalars(select(TABLES.idempotency_keys.body))]
        [row] = await session.scalars(select(ExpertToken))
        audited = [*await session.scalars(select(AuditEntry).order_by(AuditEntry.position))][-1]
    secret = text.rpartition("_")[2]
    assert secret not in str(kept)
    assert secret.encode() not in row.secret_sha256
    assert (audited.act, audited.actor_id) == ("expert_token_made", anna.expert.id)
    assert secret not in str(audited.details)


async def test_it_is_given_to_whoever_shows_both_factors_now_and_to_nobody_else(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, anna: SignedInExpert
) -> None:
    made = await make(bpa_api, anna)
    by_itself = await bpa_api.post(
        PATH, json=NEW, headers={"Authorization": f"Bearer {made['text']}", "Idempotency-Key": uuid4().hex}
    )
    assert refused(by_itself) == (403, "closed_to_keys")
    async with bpa_ports.backbone.database.writing() as session:
        long_ago = ExpertSession.confirmed_at - CONFIRMED_FOR - timedelta(seconds=1)
        await session.execute(update(ExpertSession).values(confirmed_at=long_ago))
    assert refused(await post(bpa_api, anna, NEW)) == (403, "second_factor_required")
    # One's own list, and ending one, ask for no more than a sign-in.
    assert (await bpa_api.get(PATH, headers=anna.headers)).status_code == 200
    ended = await bpa_api.delete(f"{PATH}/{made['token']['id']}", headers=anna.headers)
    assert ended.status_code == 204


async def test_of_another_expert_there_is_none(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, anna: SignedInExpert
) -> None:
    made = await make(bpa_api, anna)
    other = await sign_in(bpa_ports, Role.BPA_ADMIN)
    assert (await bpa_api.get(PATH, headers=other.headers)).json() == []
    ended = await bpa_api.delete(f"{PATH}/{made['token']['id']}", headers=other.headers)
    assert refused(ended) == (404, "not_found")
    async with bpa_ports.backbone.database.reading(scopes.of(other.expert)) as session:
        assert (await session.scalars(select(ExpertToken))).all() == []
    assert (await ask(bpa_api, made["text"])).status_code == 200


async def test_it_is_ended_at_once_and_again(bpa_api: httpx.AsyncClient, anna: SignedInExpert) -> None:
    made = await make(bpa_api, anna)
    for _ in range(2):
        ended = await bpa_api.delete(f"{PATH}/{made['token']['id']}", headers=anna.headers)
        assert ended.status_code == 204
    assert refused(await ask(bpa_api, made["text"])) == (401, "key_revoked")
    [listed] = (await bpa_api.get(PATH, headers=anna.headers)).json()
    assert listed["state"] == "revoked"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (PersonChange(role=Role.SENIOR), "key_revoked"),
        (PersonChange(password_hash="another"), "key_revoked"),
        (PersonChange(active=False), "key_wrong"),
        (PersonChange(display_name="Anna K."), None),
    ],
)
async def test_it_ends_with_the_access_and_the_role_of_its_expert(
    bpa_api: httpx.AsyncClient,
    bpa_ports: ApiPorts,
    anna: SignedInExpert,
    change: PersonChange,
    code: str | None,
) -> None:
    text = (await make(bpa_api, anna))["text"]
    admin = (await sign_in(bpa_ports, Role.BPA_ADMIN)).expert
    async with bpa_ports.backbone.database.writing(scopes.of(admin)) as session:
        now = await database_now(session)
        await service.change_person(session, anna.expert.id, change, by=admin, now=now)
    answer = await ask(bpa_api, text)
    assert (answer.status_code == 200) is (code is None)
    assert code is None or refused(answer) == (401, code)


async def test_it_ends_with_the_second_factors_and_after_its_days(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, anna: SignedInExpert
) -> None:
    reset, old = [(await make(bpa_api, anna))["text"] for _ in range(2)]
    async with bpa_ports.backbone.database.writing() as session:
        now = await database_now(session)
        is_old = ExpertToken.public_id == old.split("_")[2]
        await session.execute(update(ExpertToken).where(is_old).values(expires_at=now))
    assert refused(await ask(bpa_api, old)) == (401, "key_expired")
    async with bpa_ports.backbone.database.writing() as session:
        await service.reset_second_factors(session, anna.expert.id, by=None, now=now)
    assert refused(await ask(bpa_api, reset)) == (401, "key_revoked")


@pytest.mark.parametrize("is_reset", [False, True])
async def test_whoever_is_shut_out_while_they_ask_gets_none(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, anna: SignedInExpert, is_reset: bool
) -> None:
    database = bpa_ports.backbone.database
    async with database.writing() as session:
        now = await database_now(session)
        if is_reset:
            await service.reset_second_factors(session, anna.expert.id, by=None, now=now)
        else:
            change = PersonChange(password_hash="another")
            await service.change_person(session, anna.expert.id, change, by=None, now=now)
        await session.flush()
        asked = asyncio.create_task(post(bpa_api, anna, NEW))
        while not await session.fetch(
            "SELECT FROM pg_locks WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        ):
            await asyncio.sleep(0.02)
    assert refused(await asked) == (401, "not_signed_in")
    async with database.reading() as session:
        assert (await session.scalars(select(ExpertToken))).all() == []


async def test_whoever_guesses_is_slowed_down_and_a_tool_is_counted(
    bpa_settings: Settings, bpa_api: httpx.AsyncClient, anna: SignedInExpert
) -> None:
    text = (await make(bpa_api, anna))["text"]
    wrong = text[:-1] + ("0" if text[-1] != "0" else "1")
    limits = {"wrong_tokens_per_address": "3/hour", "requests_per_token": "2/minute"}
    async with running(create_app(bpa_settings.model_copy(update=limits))) as api:
        for guess in (wrong, text[:-1], text.replace("_live_", "_test_")):
            assert (await ask(api, guess)).status_code == 401
        assert [(await ask(api, wrong)).status_code for _ in range(3)] == [401, 401, 429]
        answers = [await ask(api, text) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[0].headers["ratelimit"].startswith('"60s";r=1;')


async def test_what_a_token_cannot_be_is_named(
    monkeypatch: pytest.MonkeyPatch, bpa_api: httpx.AsyncClient, anna: SignedInExpert
) -> None:
    cannot_be: list[dict[str, Any]] = [
        {"name": " "},
        {"scopes": []},
        {"scopes": ["cases:write"]},
        {"days": 366},
    ]
    for wrong in cannot_be:
        answer = await post(bpa_api, anna, NEW | wrong)
        assert refused(answer) == (422, "malformed_request"), wrong
    monkeypatch.setattr(tokens, "MOST_OF_EXPERT", 1)
    await make(bpa_api, anna)
    assert refused(await post(bpa_api, anna, NEW)) == (409, "too_many_tokens")


def routes(settings: Settings) -> Iterator[tuple[str, CheckedRoute]]:
    """Those for whoever is signed in."""

    def asks_who_calls(dependant: Dependant) -> bool:
        return isinstance(dependant.call, HTTPBearer) or any(map(asks_who_calls, dependant.dependencies))

    for route in routes_of(create_app(settings)):
        if isinstance(route, CheckedRoute) and asks_who_calls(route.dependant):
            for method in sorted(route.methods or ()):
                yield method, route


async def test_a_token_opens_the_routes_of_its_scope_and_no_other(
    bpa_settings: Settings, bpa_api: httpx.AsyncClient, anna: SignedInExpert
) -> None:
    table = list(routes(bpa_settings))
    assert len(table) > 60
    assert {route.key_scope for _, route in table} == {None, *TokenScope}
    assert {method for method, route in table if route.key_scope} == {"GET"}
    for scope in TokenScope:
        text = (await make(bpa_api, anna, scopes=[scope]))["text"]
        headers = {"Authorization": f"Bearer {text}", "Idempotency-Key": "of-this-request"}
        for method, route in table:
            address = route.path_format.format(**dict.fromkeys(route.param_convertors, str(NOTHING)))
            answer = await bpa_api.request(method, address, headers=headers)
            where = (method, route.path_format, scope, answer.status_code, answer.text[:200])
            if route.key_scope == scope:
                assert answer.status_code in (200, 404), where
            else:
                expected = "closed_to_keys" if route.key_scope is None else "scope_missing"
                assert refused(answer) == (403, expected), where


def test_the_contract_tells_of_each_operation_which_scope_it_asks_for(bpa_settings: Settings) -> None:
    contract = Path(generate.HERE) / "openapi" / "bpa" / "v1.json"
    document = json.loads(contract.read_text(encoding="utf-8"))
    asked = {(method, route.path_format): route.key_scope for method, route in routes(bpa_settings)}
    for where, operation in operations(document):
        told = [scopes for one in operation["security"] for name, scopes in one.items() if name == "ApiKey"]
        scope = asked.get(where)
        assert told == ([] if scope is None else [[scope]]), where
    assert "ClientCredentials" not in document["components"]["securitySchemes"]


async def test_in_a_sandbox_it_says_test_and_one_that_says_live_opens_nothing(
    bpa_settings: Settings, anna: SignedInExpert
) -> None:
    settings = bpa_settings.model_copy(update={"sandbox": True})
    async with running(create_app(settings)) as api:
        text = (await make(api, anna))["text"]
        [listed] = (await api.get(PATH, headers=anna.headers)).json()
        opened = await ask(api, text)
        of_another_kind = await ask(api, text.replace("ade_test_", "ade_live_"))

    assert text.startswith("ade_test_")
    assert listed["begins"].startswith("ade_test_")
    assert opened.status_code == 200
    assert refused(of_another_kind) == (401, "key_of_another_kind")
