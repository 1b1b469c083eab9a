"""Keys of a company: made once, used, renewed, ended, and of no use to anybody else."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import delete, select, update

from cabinet_service.accounts.domain import Role
from cabinet_service.accounts.models import Account, ApiKey, CompanyMembership
from cabinet_service.api_ports import ApiPorts
from cabinet_service.db.tables import TABLES
from cabinet_service.entrypoints.app import create_app
from cabinet_service.keys import service
from cabinet_service.settings import Settings
from service_kit.db import database_now
from tests.service.inspections.conftest import VIN, Person, SignUp
from tests.support import clients
from tests.support.api import running
from tests.support.clients import Firm
from tests.support.programs import Key, make_key

NEW = {"name": "CRM", "scopes": ["inspections:read"]}


def keys_of(firm: Firm) -> str:
    return f"/companies/{firm.company_id}/api-keys"


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_key_is_shown_once_and_nothing_that_is_kept_opens_anything(
    cabinet_ports: ApiPorts, boss: Person, firm: Firm
) -> None:
    answer = await boss.post(keys_of(firm), NEW, key="the-same-request")
    assert answer.status_code == 201, answer.text
    made = answer.json()

    assert answer.status_code == 201
    assert made["key"].startswith(f"{made['api_key']['client_id']}_")
    assert made["api_key"]["client_id"].startswith("adk_live_")
    again = await boss.post(keys_of(firm), NEW, key="the-same-request")
    assert again.json() == made | {"key": None}
    listed = await boss.get(keys_of(firm))
    assert listed.json() == [made["api_key"]]
    secret = made["key"].rpartition("_")[2]
    async with cabinet_ports.backbone.database.reading() as session:
        kept = [*await session.scalars(select(TABLES.idempotency_keys.body))]
        [row] = await session.scalars(select(ApiKey))
    assert secret not in str(kept)
    assert secret.encode() not in row.secret_sha256
    assert secret not in repr(vars(row))


async def test_a_program_orders_for_its_company_and_is_told_who_it_is(
    program: Person, boss: Person, firm: Firm
) -> None:
    ordered = await program.start()

    assert ordered["company_id"] == str(firm.company_id)
    [entry] = (await boss.get(f"/inspections/{ordered['id']}/timeline")).json()["items"]
    assert entry["actor_id"] == str(program.account_id)
    assert (await program.get("/inspections")).json()["items"][0]["id"] == ordered["id"]
    private = await program.post("/inspections", {"company_id": str(uuid4())})
    assert refused(private) == (404, "not_found")


async def test_a_key_of_a_branch_reaches_that_branch(
    cabinet_api: httpx.AsyncClient, boss: Person, agent: Person, firm: Firm
) -> None:
    first, second = str(firm.first_branch), str(firm.second_branch)
    of_company: dict[str, Any] = {"company_id": str(firm.company_id)}
    of_agent = await agent.start(None, **of_company)
    of_other = await boss.start({"identifier": "WBAPH5C55BA123456"}, **of_company, branch_id=second)
    key = await make_key(boss, firm, branch_id=first)
    program = key.program(cabinet_api)

    seen = {one["id"] for one in (await program.get("/inspections")).json()["items"]}
    assert seen == {of_agent["id"]}
    assert refused(await program.get(f"/inspections/{of_other['id']}")) == (404, "not_found")
    assert (await program.start(again=True))["branch_id"] == first
    elsewhere = await program.post("/inspections", {"branch_id": second} | of_company)
    assert refused(elsewhere) == (404, "not_found")
    no_branch = await boss.post(keys_of(firm), NEW | {"branch_id": str(uuid4())})
    assert refused(no_branch) == (404, "not_found")


async def test_a_key_is_renewed_without_a_pause_and_ended_at_once(
    cabinet_api: httpx.AsyncClient, boss: Person, firm: Firm, key: Key
) -> None:
    ordered = await key.program(cabinet_api).start()
    answer = await boss.post(f"{keys_of(firm)}/{key.id}/renewal")
    newer = Key(answer.json()["api_key"], answer.json()["key"])

    assert newer.shown["program_id"] == key.shown["program_id"]
    assert newer.shown["scopes"] == key.shown["scopes"]
    for one in (key, newer):
        assert (await one.program(cabinet_api).get(f"/inspections/{ordered['id']}")).status_code == 200
    third = await boss.post(f"{keys_of(firm)}/{newer.id}/renewal")
    assert refused(third) == (409, "too_many_keys")
    for _ in range(2):
        assert (await boss.delete(f"{keys_of(firm)}/{key.id}")).status_code == 204
    assert refused(await key.program(cabinet_api).get("/inspections")) == (401, "key_revoked")
    assert (await newer.program(cabinet_api).get("/inspections")).status_code == 200
    states = {one["id"]: one["state"] for one in (await boss.get(keys_of(firm))).json()}
    assert states == {key.id: "revoked", newer.id: "live"}
    assert refused(await boss.post(f"{keys_of(firm)}/{key.id}/renewal")) == (401, "key_revoked")


async def test_of_a_name_there_is_one_program(boss: Person, firm: Firm, key: Key) -> None:
    taken = await boss.post(keys_of(firm), NEW | {"name": "  crm "})
    assert refused(taken) == (409, "key_name_taken")
    await boss.delete(f"{keys_of(firm)}/{key.id}")
    assert (await boss.post(keys_of(firm), NEW)).status_code == 201


async def test_a_branch_that_is_closed_gets_no_key(boss: Person, firm: Firm) -> None:
    key = await make_key(boss, firm, branch_id=str(firm.first_branch))
    branch = f"/companies/{firm.company_id}/branches/{firm.first_branch}"
    assert (await boss.patch(branch, {"is_closed": True})).status_code == 200
    closed = (409, "branch_closed")
    wanted = NEW | {"name": "ERP", "branch_id": str(firm.first_branch)}
    assert refused(await boss.post(keys_of(firm), wanted)) == closed
    assert refused(await boss.post(f"{keys_of(firm)}/{key.id}/renewal")) == closed
    assert (await boss.delete(f"{keys_of(firm)}/{key.id}")).status_code == 204


async def test_an_expired_key_opens_nothing_and_can_be_renewed(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, boss: Person, firm: Firm, key: Key
) -> None:
    async with cabinet_ports.backbone.database.writing() as session:
        over = await database_now(session)
        await session.execute(update(ApiKey).values(expires_at=over, created_at=over - timedelta(days=30)))

    answer = await key.program(cabinet_api).get("/inspections")
    assert refused(answer) == (401, "key_expired")
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    [shown] = (await boss.get(keys_of(firm))).json()
    assert shown["state"] == "expired"
    newer = (await boss.post(f"{keys_of(firm)}/{key.id}/renewal")).json()
    lasts = [newer["api_key"][at] for at in ("created_at", "expires_at")]
    assert lasts[0][:10] != lasts[1][:10]
    assert (
        await Key(newer["api_key"], newer["key"]).program(cabinet_api).get("/inspections")
    ).status_code == 200


async def test_a_key_works_from_its_networks_only(
    cabinet_api: httpx.AsyncClient, boss: Person, firm: Firm
) -> None:
    told = {"X-Forwarded-For": "203.0.113.7"}  # by nobody whom we believe
    for networks in (["127.0.0.0/8"], ["203.0.113.7", "127.0.0.1"]):
        here = await make_key(boss, firm, networks[0], networks=networks)
        assert (await here.program(cabinet_api).get("/inspections", headers=told)).status_code == 200
    elsewhere = await make_key(boss, firm, networks=["203.0.113.0/24", "2001:db8::/32"])
    answer = await elsewhere.program(cabinet_api).get("/inspections", headers=told)
    assert refused(answer) == (403, "key_from_elsewhere")
    assert answer.json()["params"] == {"address": "127.0.0.1"}


async def test_behind_a_proxy_the_network_is_that_of_who_calls_it(
    cabinet_settings: Settings, boss: Person, firm: Firm
) -> None:
    key = await make_key(boss, firm, networks=["203.0.113.0/24"])
    settings = cabinet_settings.model_validate(
        cabinet_settings.model_dump() | {"trusted_proxies": "127.0.0.1"}
    )
    async with running(create_app(settings)) as api:
        program = key.program(api)
        through = await program.get("/inspections", headers={"X-Forwarded-For": "203.0.113.7"})
        lied = {"X-Forwarded-For": "203.0.113.7, 198.51.100.1"}
        assert through.status_code == 200
        assert refused(await program.get("/inspections", headers=lied)) == (403, "key_from_elsewhere")


async def test_what_a_key_cannot_be_is_named(boss: Person, firm: Firm) -> None:
    cannot_be: list[dict[str, object]] = [
        {"networks": ["here"]},
        {"networks": ["10.0.0.1/8"]},
        {"networks": ["::ffff:10.0.0.0/104"]},
        {"networks": ["10.0.0.0/8"] * 21},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"name": " "},
        {"name": "n" * 81},
        {"days": 0},
        {"days": 731},
    ]
    for wrong in cannot_be:
        answer = await boss.post(keys_of(firm), NEW | wrong)
        assert refused(answer) == (422, "malformed_request"), wrong
        assert answer.json()["errors"][0]["pointer"].startswith(f"/{next(iter(wrong))}"), wrong


async def test_whoever_guesses_finds_nothing_and_is_slowed_down(cabinet_settings: Settings, key: Key) -> None:
    """A public id is no secret: the rest has to be right to the last bit, of this kind, and of this product."""
    last = "0" if key.text[-1] != "0" else "1"
    guesses = {
        key.text[:-1] + last: "key_wrong",
        key.text[:-1]: "key_wrong",
        f"{key.text}0": "key_wrong",
        key.text.upper().replace("ADK_LIVE", "adk_live"): "key_wrong",
        key.client_id: "key_wrong",
        f"adk_live_{'0' * 16}_{key.secret}": "key_wrong",
        key.text.replace("adk_live", "adk_test"): "key_of_another_kind",
        key.text.replace("adk_", "adp_"): "not_signed_in",
        key.secret: "not_signed_in",
    }
    settings = cabinet_settings.model_copy(update={"wrong_keys_per_address": "5/hour"})
    async with running(create_app(settings)) as api:

        async def shown(text: str) -> httpx.Response:
            return await api.get("/api/v1/inspections", headers={"Authorization": f"Bearer {text}"})

        for text, code in guesses.items():
            assert refused(await shown(text)) == (401, code), text
        right = [await shown(key.text[:-1] + last) for _ in range(5)]
        assert refused(right[-1]) == (429, "too_many_requests")
        assert int(right[-1].headers["retry-after"]) > 0
        assert (await shown(key.text)).status_code == 200


async def test_only_an_admin_of_the_company_who_has_just_signed_in_makes_a_key(
    cabinet_ports: ApiPorts, boss: Person, agent: Person, firm: Firm, key: Key, sign_up: SignUp
) -> None:
    other = await clients.found_company(cabinet_ports, "Wheels")
    await clients.join(cabinet_ports, other, "rival@example.com", Role.PARTNER_ADMIN)
    rival = await sign_up("rival@example.com")

    for person, expected in ((rival, (404, "not_found")), (agent, (403, "not_allowed"))):
        assert refused(await person.get(keys_of(firm))) == expected
        assert refused(await person.post(keys_of(firm), NEW)) == expected
        assert refused(await person.post(f"{keys_of(firm)}/{key.id}/renewal")) == expected
        assert refused(await person.delete(f"{keys_of(firm)}/{key.id}")) == expected
    for answer in (
        await rival.post(f"{keys_of(other)}/{key.id}/renewal"),
        await rival.delete(f"{keys_of(other)}/{key.id}"),
    ):
        assert refused(answer) == (404, "not_found")
    await clients.pass_ten_minutes(cabinet_ports)
    assert refused(await boss.post(keys_of(firm), NEW)) == (403, "sign_in_again")
    assert (await boss.delete(f"{keys_of(firm)}/{key.id}")).status_code == 204


async def test_a_key_goes_on_without_whoever_made_it_and_says_who_that_was(
    cabinet_ports: ApiPorts, boss: Person, agent: Person, firm: Firm, key: Key, program: Person
) -> None:
    assert key.shown["made_by"] == "b***@example.com"
    await clients.join(cabinet_ports, firm, "agent@example.com", Role.PARTNER_ADMIN)
    assert (await boss.post("/me/erasure")).status_code == 202

    assert (await program.get("/inspections")).status_code == 200
    [shown] = (await agent.get(keys_of(firm))).json()
    assert shown["made_by"] is None
    assert shown["state"] == "live"


@pytest.mark.parametrize("gone", ["membership", "account"])
async def test_a_key_ends_with_what_it_acts_as(
    cabinet_ports: ApiPorts, key: Key, program: Person, gone: str
) -> None:
    acts_as = UUID(key.shown["program_id"])
    async with cabinet_ports.backbone.database.writing() as session:
        if gone == "membership":
            await session.execute(delete(CompanyMembership).where(CompanyMembership.account_id == acts_as))
        else:
            now = await database_now(session)
            await session.execute(update(Account).where(Account.id == acts_as).values(erased_at=now))

    assert refused(await program.get("/inspections")) == (401, "key_wrong")


async def test_its_use_is_noted_once_an_hour(
    cabinet_ports: ApiPorts, boss: Person, firm: Firm, program: Person
) -> None:
    async def last_use() -> str | None:
        return (await boss.get(keys_of(firm))).json()[0]["last_used_at"]

    assert await last_use() is None
    await program.get("/inspections")
    first = await last_use()
    await program.get("/inspections")
    assert first is not None
    assert await last_use() == first
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(update(ApiKey).values(last_used_at=ApiKey.last_used_at - timedelta(hours=1)))
    earlier = await last_use()
    await program.get("/inspections")
    assert await last_use() != earlier


async def test_every_answer_to_a_key_says_how_it_stands_with_its_limit(
    cabinet_settings: Settings, boss: Person, key: Key
) -> None:
    settings = cabinet_settings.model_copy(update={"requests_per_key": "3/minute;1000/day"})
    async with running(create_app(settings)) as api:
        program = key.program(api)
        answers = [
            await program.get("/inspections"),
            await program.get(f"/inspections/{uuid4()}"),
            await program.post("/inspections", {"claim": {"mileage_km": -1}}),
            await program.get("/inspections"),
        ]
    assert [answer.status_code for answer in answers] == [200, 404, 422, 429]
    for answer, left in zip(answers, (2, 1, 0, 0), strict=True):
        assert answer.headers["ratelimit-policy"] == '"60s";q=3;w=60, "86400s";q=1000;w=86400'
        assert answer.headers["ratelimit"].startswith(f'"60s";r={left};t=')
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert "ratelimit" not in (await boss.get("/inspections")).headers


async def test_what_a_key_creates_is_created_once(program: Person, boss: Person) -> None:
    body = {"claim": {"identifier": VIN}}
    first = await program.post("/inspections", body, key="one-of-the-program")
    again = await program.post("/inspections", body, key="one-of-the-program")
    other = await program.post("/inspections", {"worry": "Another"}, key="one-of-the-program")
    none = await program.send("POST", "/inspections", json=body)

    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert refused(other) == (422, "idempotency_key_reused")
    assert none.json()["errors"][0]["pointer"] == "Idempotency-Key"
    of_boss = await boss.post("/inspections", body, key="one-of-the-program")
    assert of_boss.json()["id"] != first.json()["id"]


async def test_a_company_has_so_many_keys(
    monkeypatch: pytest.MonkeyPatch, boss: Person, firm: Firm, key: Key
) -> None:
    monkeypatch.setattr(service, "MOST_OF_COMPANY", 1)
    for path, body in ((keys_of(firm), NEW | {"name": "Other"}), (f"{keys_of(firm)}/{key.id}/renewal", None)):
        assert refused(await boss.post(path, body)) == (409, "too_many_company_keys")
