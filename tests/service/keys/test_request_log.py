"""The log of what programs asked: what is in it, who sees it, what it never costs, and what goes."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select

from cabinet_service.accounts import scopes
from cabinet_service.accounts.domain import Client, Membership, Role
from cabinet_service.accounts.programs import UsedKey
from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.request_log import domain, keeping, service
from cabinet_service.request_log.keeping import DROPPED, Noted, RequestLog
from cabinet_service.request_log.models import ApiRequest
from cabinet_service.settings import Settings
from service_kit import pruning
from service_kit.db import Database, database_now
from service_kit.http.access import routes_of
from service_kit.http.route import CheckedRoute
from service_kit.ids import new_id
from tests.service.inspections.conftest import Person, SignUp
from tests.support import clients
from tests.support.clients import Firm
from tests.support.programs import Key, make_key

Json = dict[str, Any]


@dataclass
class Log:
    """The log of the company, as who manages it sees it."""

    boss: Person
    path: str

    async def page(self, **asked: Any) -> Json:
        answer = await self.boss.get(self.path, **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def written(self, count: int) -> list[Json]:
        """Once so many are there, which they are some time after their answers."""
        while len(items := (await self.page())["items"]) < count:
            await asyncio.sleep(0.05)
        assert len(items) == count
        return items


@pytest.fixture
def log(boss: Person, firm: Firm) -> Log:
    return Log(boss, f"/companies/{firm.company_id}/api-requests")


def noted(firm: Firm, at: datetime, **said: Any) -> Noted:
    key = UsedKey(firm.company_id, said.pop("key_id", UUID(int=1)), "0123456789abcdef", at)
    usual = Noted(key, "GET", "/api/v1/inspections", 200, None, str(new_id()), took_ms=3)
    return usual._replace(**said)


async def now_of(ports: ApiPorts) -> datetime:
    async with ports.backbone.database.reading() as session:
        return await database_now(session)


async def put_down(ports: ApiPorts, *requests: Noted) -> None:
    log = RequestLog(most=len(requests))
    for one in requests:
        log.note(one)
    await log.write(ports.backbone.database)


async def test_a_request_is_there_with_its_id_and_without_its_words(
    log: Log, program: Person, key: Key, cabinet_ports: ApiPorts
) -> None:
    secret_word = "zq8word"
    good = await program.get("/inspections", limit=7, number=secret_word)
    bad = await program.get(f"/inspections/{UUID(int=7)}")
    token = await program._api.post(  # pyright: ignore[reportPrivateUsage] - the one thing beside /api/v1
        "/oauth/token",
        data={"grant_type": "client_credentials", "client_id": key.client_id, "client_secret": key.secret},
    )
    by_token = {"Authorization": f"Bearer {token.json()['access_token']}", "X-Correlation-Id": "my-own-id"}
    assert (await program.get("/inspections", headers=by_token)).status_code == 200

    items = await log.written(4)

    told = [(one["method"], one["route"], one["status"], one["problem"]) for one in items]
    assert told == [
        ("GET", "/api/v1/inspections", 200, None),
        ("POST", "/oauth/token", 200, None),
        ("GET", "/api/v1/inspections/{inspection_id}", 404, "not_found"),
        ("GET", "/api/v1/inspections", 200, None),
    ]
    ids = [one.headers["x-correlation-id"] for one in (token, bad, good)]
    assert [one["request_id"] for one in items] == ["my-own-id", *ids]
    assert {(one["key"], one["key_id"]) for one in items} == {(key.client_id, key.id)}
    async with cabinet_ports.backbone.database.reading() as session:
        [[kept]] = await session.fetch("SELECT string_agg(one::text, ' ') FROM api_requests AS one")
    assert secret_word not in kept
    assert key.secret not in kept


async def test_what_is_refused_is_there_too(
    log: Log, boss: Person, firm: Firm, program: Person, key: Key
) -> None:
    reading = await make_key(boss, firm, "Reader", scopes=["reports:read"])
    elsewhere = await make_key(boss, firm, "Elsewhere", networks=["203.0.113.0/24"])
    api = program._api  # pyright: ignore[reportPrivateUsage] - for other programs
    await reading.program(api).get("/inspections")
    await elsewhere.program(api).get("/inspections")
    await boss.delete(f"/companies/{firm.company_id}/api-keys/{key.id}")
    await program.get("/inspections")

    items = await log.written(3)

    assert [(one["status"], one["problem"]) for one in items] == [
        (401, "key_revoked"),
        (403, "key_from_elsewhere"),
        (403, "scope_missing"),
    ]


async def test_people_and_who_has_no_key_of_the_company_are_not_in_it(
    log: Log, boss: Person, program: Person, key: Key
) -> None:
    await boss.get("/inspections")
    wrong = {"Authorization": f"Bearer {key.client_id}_{'0' * 64}"}
    assert (await program.get("/inspections", headers=wrong)).json()["code"] == "key_wrong"
    await program.get("/inspections")
    await log.written(1)


async def test_it_is_narrowed_by_key_status_and_id_and_read_page_by_page(
    log: Log, firm: Firm, cabinet_ports: ApiPorts
) -> None:
    now, other = await now_of(cabinet_ports), UUID(int=2)
    rows = [
        noted(firm, now - timedelta(seconds=place), status=200 + 100 * (place % 4)) for place in range(12)
    ]
    rows.append(noted(firm, now - timedelta(hours=1), key_id=other, status=404, request_id="mine-404"))
    await put_down(cabinet_ports, *rows)

    seen: list[str] = []
    asked: Json = {"limit": 5}
    while True:
        page = await log.page(**asked)
        seen += [one["request_id"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        asked["cursor"] = page["next_cursor"]
    assert seen == [one.request_id for one in rows]
    narrowed: tuple[tuple[Json, int], ...] = (
        ({"key_id": str(other)}, 1),
        ({"status": "4xx"}, 4),
        ({"status": "404"}, 1),
        ({"request_id": "mine-404"}, 1),
        ({"request_id": "mine-404", "status": "2xx"}, 0),
    )
    for by, count in narrowed:
        assert len((await log.page(**by))["items"]) == count, by
    refused: tuple[Json, ...] = (
        {"status": "9xx"},
        {"status": "40"},
        {"key_id": "CRM"},
        {"request_id": "x" * 65},
    )
    for wrong in refused:
        assert (await log.boss.get(log.path, **wrong)).json()["code"] == "malformed_request", wrong


async def test_who_manages_webhooks_sees_it_and_nobody_else(
    log: Log, boss: Person, agent: Person, firm: Firm, sign_up: SignUp, cabinet_ports: ApiPorts
) -> None:
    await put_down(cabinet_ports, noted(firm, await now_of(cabinet_ports)))
    other = await clients.found_company(cabinet_ports, "Wheels")
    await clients.join(cabinet_ports, other, "rival@example.com", Role.PARTNER_ADMIN)
    rival = await sign_up("rival@example.com")
    api = boss._api  # pyright: ignore[reportPrivateUsage] - for programs
    managing = (await make_key(boss, firm, "Manages", scopes=["webhooks:manage"])).program(api)
    reading = (await make_key(boss, firm, "Reads", scopes=["usage:read"])).program(api)

    assert len((await managing.get(log.path)).json()["items"]) >= 1
    for person, code in (
        (agent, "not_allowed"),
        (rival, "not_found"),
        (reading, "scope_missing"),
    ):
        assert (await person.get(log.path)).json()["code"] == code
    assert (await rival.get(f"/companies/{other.company_id}/api-requests")).json()["items"] == []
    # Whatever is asked, the wall holds.
    database = cabinet_ports.backbone.database
    for company_id, count in ((firm.company_id, 1), (other.company_id, 0)):
        who = Client(new_id(), None, "en", (Membership(company_id, None, Role.PARTNER_ADMIN),))
        async with database.reading(scopes.of(who)) as session:
            found = await session.scalars(select(ApiRequest.company_id).distinct())
            assert len(found.all()) == count


async def test_what_is_old_goes_and_of_each_company_its_youngest_stay(
    firm: Firm, cabinet_ports: ApiPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "MOST_KEPT", 5)
    monkeypatch.setattr(pruning, "BATCH", 3)
    other = await clients.found_company(cabinet_ports, "Wheels")
    now = await now_of(cabinet_ports)
    many = [noted(firm, now - timedelta(seconds=place)) for place in range(12)]
    few = [noted(other, now - timedelta(seconds=place)) for place in range(4)]
    await put_down(cabinet_ports, *many, *few)

    await forget(cabinet_ports.backbone.database, now)
    assert await kept(cabinet_ports) == {one.request_id for one in (*many[:5], *few)}
    await forget(cabinet_ports.backbone.database, now + domain.KEPT_FOR - timedelta(minutes=1))
    assert len(await kept(cabinet_ports)) == 9
    await forget(cabinet_ports.backbone.database, now + domain.KEPT_FOR + timedelta(minutes=1))
    assert await kept(cabinet_ports) == set()


async def forget(database: Database, now: datetime) -> None:
    more = True
    while more:
        async with database.writing() as session:
            more = await service.forget_old(session, now)


async def kept(ports: ApiPorts) -> set[str]:
    async with ports.backbone.database.reading() as session:
        return {*(await session.scalars(select(ApiRequest.request_id))).all()}


async def test_while_the_database_is_away_what_is_beyond_the_bound_is_dropped_and_counted(
    firm: Firm, cabinet_ports: ApiPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, now = cabinet_ports.backbone.database, await now_of(cabinet_ports)
    monkeypatch.setattr(keeping, "BATCH", 2)
    log, before = RequestLog(most=5), dropped()
    away = Database("postgresql://nobody@127.0.0.1:1/none", hints=cabinet_ports.backbone.tables.hints)
    requests = [noted(firm, now - timedelta(seconds=place)) for place in range(8)]
    for one in requests[:4]:
        log.note(one)
    await log.write(away)
    for one in requests[4:]:
        log.note(one)
    assert dropped() - before == 3
    await log.write(away)
    await log.write(database)
    await log.write(database)
    assert await kept(cabinet_ports) == {one.request_id for one in requests[:5]}
    assert dropped() - before == 3
    await away.close()


async def test_what_can_never_be_written_keeps_nothing_else_back(firm: Firm, cabinet_ports: ApiPorts) -> None:
    now, before = await now_of(cabinet_ports), dropped()
    await put_down(cabinet_ports, noted(firm, now, method="A METHOD THAT IS TOO LONG"))
    fine = noted(firm, now)
    await put_down(cabinet_ports, fine)
    assert dropped() - before == 1
    assert await kept(cabinet_ports) == {fine.request_id}


def dropped() -> float:
    [metric] = DROPPED.collect()
    return metric.samples[0].value


async def test_a_process_that_stops_writes_what_is_left(firm: Firm, cabinet_ports: ApiPorts) -> None:
    last = noted(firm, await now_of(cabinet_ports))
    log = RequestLog()
    async with log.keeping(cabinet_ports.backbone.database):
        log.note(last)
    assert await kept(cabinet_ports) == {last.request_id}


async def test_what_a_process_that_stops_could_not_write_in_time_is_counted(
    firm: Firm, cabinet_ports: ApiPorts, cabinet_superuser_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is being written at that moment as well as what waits behind it."""
    monkeypatch.setattr(keeping, "LAST_WRITE", 0.2)
    monkeypatch.setattr(keeping, "BATCH", 2)
    now, before, log = await now_of(cabinet_ports), dropped(), RequestLog()
    in_the_way = await asyncpg.connect(cabinet_superuser_url)
    async with in_the_way.transaction():
        await in_the_way.execute("LOCK TABLE api_requests")
        async with log.keeping(cabinet_ports.backbone.database):
            for place in range(3):
                log.note(noted(firm, now - timedelta(seconds=place)))
    await in_the_way.close()
    assert dropped() - before == 3
    assert await kept(cabinet_ports) == set()


def test_every_route_that_a_key_opens_fits_its_column(cabinet_settings: Settings) -> None:
    most: Any = ApiRequest.__table__.c.route.type
    named = [
        one.path_format for one in routes_of(create_app(cabinet_settings)) if isinstance(one, CheckedRoute)
    ]
    assert len(named) > 60
    assert max(map(len, named)) <= most.length
