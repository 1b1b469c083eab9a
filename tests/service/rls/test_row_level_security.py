"""Row level security of both databases, whatever the application asks for."""

import json
from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import ColumnElement, bindparam, select, true

from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.experts import scopes as bpa_scopes
from bpa_service.experts.domain import Role as ExpertRole
from cabinet_service.accounts import scopes as cabinet_scopes
from cabinet_service.accounts.domain import Client, HeldLink, Membership, Role
from cabinet_service.inspections.core import queries
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.viewing import queries as lists
from service_kit.db import NOBODY, SYSTEM, Database, RlsBypassed
from service_kit.rls import APPEND_ONLY
from tests.service.rls.conftest import COMPANY_MARK, Neighbours
from tests.service.rls.walls import seen, within
from tests.support import experts, postgres

# What has no owner: delivery, which only the service's own processes and its peer read, and what the service
# itself knows of its tables. Audit entries are everybody's to add and nobody's to change (see APPEND_ONLY). What
# is looked for in the index is a condition by an operator that is not leakproof: behind a wall no index would
# serve it. The index names no more than ids, and every question to it has its owner (`tests/ports`).
WITHOUT_A_WALL: Final = {
    "alembic_version",
    "audit_entries",
    "dead_letters",
    "inbox",
    "incoming_streams",
    "live_hints",
    "outbox",
    "outgoing_streams",
    "parked_events",
    "queued_messages",
    "search_index_copies",
    "search_index_documents",
}
# Whoever changes what a document is made of raises its mark: ids and numbers, nothing else.
OF_THE_INDEX: Final = {"search_copies", "search_marks", "search_spreads"}
# Of these a client's neighbour has rows of their own, or the service alone has any.
BELONGS_TO_THE_SERVICE: Final = {
    *("sign_in_challenges", "erasures", "inspection_erasures"),
    *("max_updates", "max_links"),
    *(f"telegram_{table}" for table in ("updates", "links", "chats", "photos", "statuses")),
}

WALLED: Final = """
    SELECT relname FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relrowsecurity AND relforcerowsecurity
"""


async def walled(connection: Any) -> set[str]:
    return {row["relname"] for row in await connection.fetch(WALLED)}


@pytest.mark.parametrize("service", ["cabinet", "bpa"])
async def test_every_table_has_a_wall_or_needs_none(postgres_url: str, service: str) -> None:
    template = await postgres.make_template(postgres_url, service)
    async with postgres.copy_of(postgres_url, template) as url, within(url, NOBODY) as connection:
        tables = {
            row["tablename"]
            for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        }
        assert tables - await walled(connection) == WITHOUT_A_WALL | OF_THE_INDEX


@pytest.mark.parametrize("service", ["cabinet", "bpa"])
async def test_the_services_connect_as_who_cannot_pull_the_walls_down(
    postgres_url: str, service: str
) -> None:
    template = await postgres.make_template(postgres_url, service)
    async with postgres.copy_of(postgres_url, template) as url:
        for statement in (
            "ALTER TABLE idempotency_keys DISABLE ROW LEVEL SECURITY",
            "DROP POLICY wall ON idempotency_keys",
            "CREATE POLICY hole ON idempotency_keys USING (true)",
            "TRUNCATE idempotency_keys",
            "CREATE TABLE own (id int)",
            "UPDATE alembic_version SET version_num = '0'",
            *(f"DELETE FROM {table}" for table in APPEND_ONLY),
            *(f"UPDATE {table} SET at = now()" for table in APPEND_ONLY),
        ):
            async with within(postgres.as_service(url), SYSTEM) as connection:
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)


async def test_a_service_that_no_wall_holds_for_is_not_ready(
    bpa_ports: BpaPorts, bpa_superuser_url: str
) -> None:
    await bpa_ports.backbone.database.check()
    backbone = bpa_ports.backbone
    above = Database(bpa_superuser_url, hints=backbone.tables.hints)
    try:
        with pytest.raises(RlsBypassed):
            await above.check()
    finally:
        await above.close()


async def test_in_cabinet_a_neighbour_sees_nothing_of_a_client(
    neighbours: Neighbours, cabinet_url: str
) -> None:
    victim, mark = neighbours.victim, neighbours.victim.mark
    await victim.person.post("/exports")
    own = cabinet_scopes.of_account(victim.person.account_id)
    foreign = cabinet_scopes.of_account(neighbours.stranger.account_id)
    async with within(cabinet_url, NOBODY) as connection:
        tables = await walled(connection)
    everything = await seen(cabinet_url, SYSTEM, tables)
    to_victim = await seen(cabinet_url, own, tables)
    to_stranger = await seen(cabinet_url, foreign, tables)
    to_nobody = await seen(cabinet_url, NOBODY, tables)

    assert not any(to_nobody.values())
    assert not any(mark in row or COMPANY_MARK in row for rows in to_stranger.values() for row in rows)
    assert not any(set(to_victim[table]) & set(to_stranger[table]) for table in tables)
    assert not any(COMPANY_MARK in row for rows in to_victim.values() for row in rows)
    # Or nothing would be shown by nothing being there: of every table that has rows the victim sees their own.
    filled = {table for table, rows in everything.items() if rows} - BELONGS_TO_THE_SERVICE
    of_companies_or_passkeys = {"companies", "branches", "memberships", "company_agreements"}
    of_companies_or_passkeys |= {"passkeys", "passkey_challenges"}
    assert {table for table in filled - of_companies_or_passkeys if not to_victim[table]} == set()
    assert len(filled) > 14


async def test_in_cabinet_nobody_writes_what_is_somebody_elses(
    neighbours: Neighbours, cabinet_url: str
) -> None:
    own = cabinet_scopes.of_account(neighbours.victim.person.account_id)
    foreign = cabinet_scopes.of_account(neighbours.stranger.account_id)
    async with within(cabinet_url, NOBODY) as connection:
        tables = await walled(connection)
    of_victim = {table: rows for table, rows in (await seen(cabinet_url, own, tables)).items() if rows}
    assert len(of_victim) > 12
    for table, rows in of_victim.items():
        columns = json.loads(rows[0])
        key = next(iter(columns))
        async with within(cabinet_url, foreign) as connection:
            changed = await connection.execute(f'UPDATE "{table}" SET "{key}" = "{key}"')
            gone = await connection.execute(f'DELETE FROM "{table}" WHERE to_jsonb("{table}") = $1', rows[0])
            assert gone == "DELETE 0", table
        async with within(cabinet_url, foreign) as connection:
            mine = await connection.fetchval(f'SELECT count(*) FROM "{table}"')
            assert changed == f"UPDATE {mine}", table
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                await connection.execute(
                    f'INSERT INTO "{table}" SELECT (jsonb_populate_record(NULL::"{table}", $1)).*', rows[0]
                )


async def test_in_cabinet_a_program_runs_no_company(neighbours: Neighbours, cabinet_url: str) -> None:
    ordered = (await neighbours.boss.get(f"/inspections/{neighbours.ordered}")).json()
    company_id = UUID(ordered["company_id"])
    invited = {"role": "partner_admin"}
    assert (await neighbours.boss.post(f"/companies/{company_id}/invitations", invited)).status_code == 201
    wanted = {"name": "CRM", "scopes": ["inspections:read"]}
    answer = await neighbours.boss.post(f"/companies/{company_id}/api-keys", wanted)
    program_id = UUID(answer.json()["api_key"]["program_id"])
    of_all = Membership(company_id, None, Role.INTEGRATOR)
    program = cabinet_scopes.of(Client(program_id, None, "ru", (of_all,)))
    async with within(cabinet_url, program) as connection:
        assert await connection.fetchval("SELECT count(*) FROM inspections") == 1, "it sees what it works on"
        assert await connection.fetchval("SELECT count(*) FROM memberships") == 1, "and none but itself"
        assert await connection.fetchval("SELECT count(*) FROM accounts") == 1
        assert await connection.fetchval("SELECT count(*) FROM invitations") == 0
        for table in ("companies", "branches", "memberships", "invitations", "company_agreements"):
            assert await connection.execute(f"DELETE FROM {table}") == "DELETE 0", table
        for changed in (
            "companies SET name = 'Its'",
            "branches SET name = 'Its'",
            "memberships SET role = role",
        ):
            assert await connection.execute(f"UPDATE {changed}") == "UPDATE 0", changed


async def test_in_cabinet_whoever_has_a_link_sees_that_one_car(
    neighbours: Neighbours, cabinet_url: str
) -> None:
    victim = neighbours.victim.person
    path = f"/inspections/{neighbours.inspection_id}/yard-links"
    links = [(await victim.post(path, {"label": label})).json()["id"] for label in ("Ivan", "zqother")]
    held = HeldLink(UUID(links[0]), neighbours.inspection_id)
    scope = cabinet_scopes.of(Client(victim.account_id, None, "ru", link=held))
    async with within(cabinet_url, NOBODY) as connection:
        tables = await walled(connection)
    shown = {table: rows for table, rows in (await seen(cabinet_url, scope, tables)).items() if rows}
    of_car = {"inspections", "evidence", "info_tasks", "timeline_entries", "yard_links"}
    assert of_car <= shown.keys()
    assert shown.keys() <= of_car | {"notifications", "notification_deliveries", "uploads", "upload_parts"}
    assert all(str(held.inspection_id) in row for table in of_car for row in shown[table])
    assert len(shown["inspections"]) == len(shown["yard_links"]) == 1
    async with within(cabinet_url, scope) as connection:
        for table in ("messages", "decisions", "accounts", "account_contacts", "consent_records"):
            assert await connection.execute(f"DELETE FROM {table}") == "DELETE 0", table


async def test_in_bpa_who_is_not_signed_in_sees_nothing_and_an_auditor_writes_nothing(
    neighbours: Neighbours, bpa_url: str
) -> None:
    ports = neighbours.services.bpa
    auditor = (await experts.sign_in(ports, ExpertRole.AUDITOR)).expert
    async with within(bpa_url, NOBODY) as connection:
        tables = await walled(connection)
    of_people = {"expert_sessions", "second_factors", "recovery_codes", "expert_passkeys"}
    everything = await seen(bpa_url, SYSTEM, tables)
    to_auditor = await seen(bpa_url, bpa_scopes.of(auditor), tables)
    assert not any((await seen(bpa_url, NOBODY, tables)).values())
    person = await seen(bpa_url, bpa_scopes.of_person(auditor.id), tables)
    assert {table for table, rows in person.items() if rows} <= {"experts", *of_people}
    assert len(person["experts"]) == 1

    # Histories that are ordered without an inspection are nobody's at the desk.
    of_nobody = {"idempotency_keys", "history_orders"}
    assert to_auditor["history_orders"] == []
    cases = {table for table, rows in everything.items() if rows} - of_people - of_nobody
    assert len(cases) > 9
    assert {table for table in cases if to_auditor[table] != everything[table]} == set()
    assert all(str(auditor.id) in row for table in of_people for row in to_auditor[table])
    for table in cases:
        key = next(iter(json.loads(everything[table][0])))
        async with within(bpa_url, bpa_scopes.of(auditor)) as connection:
            assert await connection.execute(f'UPDATE "{table}" SET "{key}" = "{key}"') == "UPDATE 0", table
            assert await connection.execute(f'DELETE FROM "{table}"') == "DELETE 0", table


def everybodys(_client: Client) -> list[ColumnElement[bool]]:
    return [true()]


ANY_ONE: Final = select(Inspection).where(Inspection.id == bindparam("id"))


async def test_a_query_that_forgets_whose_it_is_shows_nothing_while_the_wall_stands(
    neighbours: Neighbours, cabinet_superuser_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row level security is a second line: here the first one, the conditions in the queries, is taken away."""
    monkeypatch.setattr(lists, "lines_of", everybodys)
    monkeypatch.setattr(queries, "_ONE", ANY_ONE)
    stranger, inspection_id = neighbours.stranger, neighbours.inspection_id

    async def leaks() -> list[int]:
        answers = [
            await stranger.get(path)
            for path in (f"/inspections/{inspection_id}", f"/inspections/{inspection_id}/messages")
        ]
        listed = (await stranger.get("/inspections")).json()["items"]
        return [answer.status_code for answer in answers if answer.status_code != 404] + [len(listed)] * bool(
            listed
        )

    assert await leaks() == []
    connection: Any = await asyncpg.connect(cabinet_superuser_url)
    for table in await walled(connection):
        await connection.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
    await connection.close()
    assert await leaks() == [200, 200, 5]


async def test_a_setting_does_not_outlive_its_transaction(neighbours: Neighbours) -> None:
    """A pooled connection goes from one person to the next."""
    database = neighbours.services.cabinet.backbone.database
    own = cabinet_scopes.of_account(neighbours.victim.person.account_id)
    for _ in range(3):
        async with database.reading(own) as session:
            assert len((await session.scalars(select(Inspection.id))).all()) == 4
        async with database.reading(NOBODY) as session:
            assert (await session.scalars(select(Inspection.id))).all() == []
