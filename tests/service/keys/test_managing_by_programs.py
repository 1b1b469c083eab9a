"""What a program manages with the scopes for that, and that nothing else of an administrator's is open to it."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from cabinet_service.accounts import scopes
from cabinet_service.accounts.domain import Client, KeyInUse, KeyScope, Membership, Role
from cabinet_service.accounts.models import ApiKey
from cabinet_service.api_ports import ApiPorts
from cabinet_service.companies.models import Invitation
from cabinet_service.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookSecret
from service_kit.db import database_now
from tests.service.inspections.conftest import Person
from tests.support.clients import Firm
from tests.support.programs import make_key

WANTED = {"url": "https://hooks.example.com/told", "events": ["report.ready"]}


async def test_a_program_of_the_company_manages_its_webhooks(
    cabinet_api: httpx.AsyncClient, boss: Person, firm: Firm
) -> None:
    path = f"/companies/{firm.company_id}/webhooks"
    program = (await make_key(boss, firm, scopes=["webhooks:manage"])).program(cabinet_api)

    made = await program.post(path, WANTED)
    assert made.status_code == 201, made.text
    one = f"{path}/{made.json()['id']}"
    assert (await program.patch(one, {"description": "Ours"})).json()["description"] == "Ours"
    assert (await program.post(f"{one}/secret-rotations", {})).json()["secret"] != made.json()["secret"]
    sent = (await program.post(f"{one}/tests")).json()
    assert [row["event_id"] for row in (await program.get(f"{one}/deliveries")).json()["items"]] == [
        sent["event_id"]
    ]
    assert [row["id"] for row in (await boss.get(path)).json()] == [made.json()["id"]]
    assert (await program.delete(one)).status_code == 204
    of_another = await program.get(f"/companies/{uuid4()}/webhooks")
    assert (of_another.status_code, of_another.json()["code"]) == (404, "not_found")


async def test_administrators_are_written_to_of_what_a_program_does(
    cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient, boss: Person, firm: Firm, work: Any
) -> None:
    """An address outlives the key by which it was made: whoever ends a stolen key knows what it has left."""
    path = f"/companies/{firm.company_id}/webhooks"
    by_hand = (await boss.post(path, WANTED)).json()
    assert (await boss.patch(f"{path}/{by_hand['id']}", {"enabled": True})).status_code == 200
    assert "cabinet.send_webhook_news.v1" not in await work(), "they know what they do themselves"

    program = (await make_key(boss, firm, scopes=["webhooks:manage"])).program(cabinet_api)
    one = f"{path}/{(await program.post(path, WANTED)).json()['id']}"
    assert (await program.patch(one, {"url": "https://other.example.com/told"})).status_code == 200
    assert (await program.patch(one, {"description": "Ours"})).status_code == 200
    assert (await program.post(f"{one}/secret-rotations", {})).status_code == 201
    assert (await work()).count("cabinet.send_webhook_news.v1") == 3
    letters = [file.read_text() for file in cabinet_ports.settings.outbox_dir.rglob("*") if file.is_file()]
    for what in ("добавила адрес для", "изменила адрес для", "сменила секрет"):
        assert any(f"Программа {what} уведомлений" in one for one in letters), what


async def test_no_key_of_a_branch_manages_what_is_of_all(boss: Person, firm: Firm) -> None:
    body = {"name": "CRM", "scopes": ["webhooks:manage"], "branch_id": str(firm.first_branch)}
    answer = await boss.post(f"/companies/{firm.company_id}/api-keys", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "scope_of_whole_company")


@pytest.mark.parametrize("manages", [True, False])
async def test_the_walls_know_what_it_manages(
    cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient, boss: Person, firm: Firm, manages: bool
) -> None:
    path = f"/companies/{firm.company_id}/webhooks"
    made = (await boss.post(path, WANTED)).json()
    await boss.post(f"{path}/{made['id']}/tests")
    await boss.post(f"/companies/{firm.company_id}/invitations", {"role": "partner_admin"})
    await make_key(boss, firm, "Another")
    key = await make_key(boss, firm)
    granted = frozenset(KeyScope) if manages else frozenset(KeyScope) - {KeyScope.WEBHOOKS_MANAGE}
    account_id = key.program(cabinet_api).account_id
    database = cabinet_ports.backbone.database
    async with database.reading() as session:
        now = await database_now(session)
    program = Client(
        account_id,
        None,
        "en",
        (Membership(firm.company_id, None, Role.INTEGRATOR),),
        key=KeyInUse(uuid4(), firm.company_id, granted, now),
        is_program=True,
    )
    async with database.reading(scopes.of(program)) as session:
        for table, seen in ((WebhookSecret, manages), (WebhookDelivery, manages), (WebhookEndpoint, True)):
            assert bool((await session.scalars(select(table))).all()) is seen, table
        assert (await session.scalars(select(Invitation))).all() == []
        assert [str(row.id) for row in await session.scalars(select(ApiKey))] == [key.id]


async def test_a_program_reads_the_usage_of_what_it_sees(
    cabinet_api: httpx.AsyncClient, boss: Person, firm: Firm
) -> None:
    of_company = f"/companies/{firm.company_id}"
    whole = (await make_key(boss, firm, "All", scopes=["usage:read"])).program(cabinet_api)
    branch = await make_key(boss, firm, "One", scopes=["usage:read"], branch_id=str(firm.first_branch))

    assert (await whole.get(f"{of_company}/usage")).json()["rows"] == []
    register = await whole.get(f"{of_company}/register", format="csv")
    assert register.headers["content-type"].startswith("text/csv")
    allowed = (await branch.program(cabinet_api).get(f"{of_company}/allowance")).json()["allowances"]
    assert {one["branch_id"] for one in allowed if one["branch_id"]} == {str(firm.first_branch)}
    other = str(firm.second_branch)
    told = (await branch.program(cabinet_api).get(f"{of_company}/allowance", branch_id=other)).json()[
        "allowances"
    ]
    assert told == allowed
