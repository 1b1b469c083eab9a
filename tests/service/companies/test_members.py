"""Roles, leaving, and what stays with the company."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx
import pytest
from sqlalchemy import delete, select, update

from cabinet_service.accounts.domain import Membership, Role, parse_contact
from cabinet_service.accounts.errors import LastAdmin
from cabinet_service.accounts.models import ApiKey, CompanyMembership
from cabinet_service.api_ports import ApiPorts
from cabinet_service.audit.actors import OPERATOR
from cabinet_service.audit.models import AuditEntry
from cabinet_service.companies import members
from cabinet_service.companies.models import Invitation
from cabinet_service.consents.models import ConsentRecord
from cabinet_service.inspections.core.models import TimelineEntry
from cabinet_service.webhooks.models import WebhookEndpoint
from service_kit.db import database_now
from tests.service.companies.conftest import Firm, take, token_of
from tests.service.companies.orders import Photo, ready, send
from tests.service.inspections.conftest import Person
from tests.support.programs import Key


async def test_a_role_counts_from_the_next_request_on(firm: Firm, client: Person) -> None:
    await firm.join(client)
    assert (await client.get(f"{firm.path}/members")).status_code == 403
    member = f"{firm.path}/members/{client.account_id}"
    assert (await firm.boss.patch(member, {"role": "partner_admin"})).status_code == 200
    assert len((await client.get(f"{firm.path}/members")).json()) == 2
    answer = await firm.boss.patch(member, {"role": "partner_agent"})
    assert answer.json()["code"] == "agent_needs_branch"
    await firm.boss.patch(member, {"role": "partner_agent", "branch_id": firm.south})
    assert (await client.get(f"{firm.path}/members")).status_code == 403


async def test_the_last_administrator_stays_until_there_is_another(firm: Firm, client: Person) -> None:
    boss, me = firm.boss, f"{firm.path}/members/{firm.boss.account_id}"
    await firm.join(client)
    for answer in (
        await boss.delete(f"{firm.path}/membership"),
        await boss.delete(me),
        await boss.patch(me, {"role": "partner_agent", "branch_id": firm.north}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    await boss.patch(f"{firm.path}/members/{client.account_id}", {"role": "partner_admin"})
    assert (await boss.delete(f"{firm.path}/membership")).status_code == 204
    assert (await boss.get(firm.path)).status_code == 404


async def test_of_two_administrators_who_leave_at_once_one_stays(
    firm: Firm, client: Person, cabinet_ports: ApiPorts
) -> None:
    await firm.join(client, role="partner_admin", branch_id=None)
    path = f"{firm.path}/membership"
    answers = await asyncio.gather(firm.boss.delete(path), client.delete(path))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    async with cabinet_ports.backbone.database.reading() as session:
        left = await session.scalars(
            select(CompanyMembership.account_id).where(CompanyMembership.company_id == UUID(firm.id))
        )
        assert len(left.all()) == 1


@pytest.mark.parametrize("how", ["removed", "left", "changed"])
async def test_a_person_with_the_role_of_a_program_is_a_member_as_any(
    firm: Firm, client: Person, cabinet_ports: ApiPorts, how: str
) -> None:
    await firm.join(client)
    async with cabinet_ports.backbone.database.writing() as session:
        theirs = update(CompanyMembership).where(CompanyMembership.account_id == client.account_id)
        await session.execute(theirs.values(role=Role.INTEGRATOR))
    listed = (await firm.members()).values()
    assert str(client.account_id) in {member["account_id"] for member in listed}
    assert (await firm.boss.patch(f"{firm.path}/branches/{firm.north}", {"is_closed": True})).json()[
        "code"
    ] == "branch_has_members"
    member = f"{firm.path}/members/{client.account_id}"
    if how == "removed":
        answer = await firm.boss.delete(member)
    elif how == "left":
        answer = await client.delete(f"{firm.path}/membership")
    else:
        answer = await firm.boss.patch(member, {"role": "partner_admin"})
    assert answer.status_code < 300, answer.text
    assert len(await firm.members()) == (2 if how == "changed" else 1)


async def test_the_role_of_a_program_spares_a_person_no_consent(
    firm: Firm, client: Person, photo: Photo, cabinet_ports: ApiPorts
) -> None:
    await firm.join(client)
    draft = await ready(client, photo, company_id=firm.id)
    async with cabinet_ports.backbone.database.writing() as session:
        theirs = update(CompanyMembership).where(CompanyMembership.account_id == client.account_id)
        await session.execute(theirs.values(role=Role.INTEGRATOR))
        await session.execute(delete(ConsentRecord).where(ConsentRecord.account_id == client.account_id))
    assert (await send(client, draft)).json()["code"] == "consent_required"


async def test_by_command_the_last_administrator_stays_and_who_was_one_lets_nobody_in(
    firm: Firm, client: Person, stranger: Person, cabinet_ports: ApiPorts
) -> None:
    async def become_agent(contact: str) -> None:
        place = Membership(UUID(firm.id), UUID(firm.north), Role.PARTNER_AGENT)
        async with cabinet_ports.backbone.database.writing() as session:
            now = await database_now(session)
            await members.add_by_contact(session, parse_contact(contact), place, by=OPERATOR, now=now)

    with pytest.raises(LastAdmin):
        await become_agent("founder@example.com")
    await firm.join(client, role="partner_admin", branch_id=None)
    invitation = await firm.invite()
    await become_agent("founder@example.com")
    async with cabinet_ports.backbone.database.reading() as session:
        kept = await session.get_one(Invitation, UUID(invitation["id"]))
    assert kept.withdrawn_at is not None
    assert (await take(stranger, invitation)).json()["code"] == "invitation_withdrawn"


async def test_what_was_ordered_stays_with_the_company_and_whoever_left_sees_it_no_more(
    firm: Firm, client: Person, cabinet_ports: ApiPorts
) -> None:
    await firm.join(client)
    ordered = await client.start(company_id=firm.id)
    own = await client.start()
    assert (await client.delete(f"{firm.path}/membership")).status_code == 204
    assert (await client.get(f"/inspections/{ordered['id']}")).status_code == 404
    assert [row["id"] for row in (await client.get("/inspections")).json()["items"]] == [own["id"]]
    assert (await firm.boss.get(f"/inspections/{ordered['id']}")).status_code == 200
    async with cabinet_ports.backbone.database.reading() as session:
        entries = select(AuditEntry).where(AuditEntry.subject_id == client.account_id)
        acts = [entry.act for entry in await session.scalars(entries)]
    assert acts[-2:] == ["member_set", "member_left"]


async def test_an_erased_account_leaves_its_companies_and_no_name_in_former_ones(
    firm: Firm, client: Person, cabinet_ports: ApiPorts, work: Callable[[], Awaitable[list[str]]]
) -> None:
    await firm.join(client)
    await client.patch("/me", {"display_name": "Zqname"})
    ordered = await client.start(company_id=firm.id)
    assert (await client.delete(f"{firm.path}/membership")).status_code == 204
    assert (await client.post("/me/erasure")).status_code == 202
    await work()
    async with cabinet_ports.backbone.database.reading() as session:
        names = await session.scalars(
            select(TimelineEntry.actor_name).where(TimelineEntry.inspection_id == UUID(ordered["id"]))
        )
        assert set(names.all()) == {None}
        rows = await session.fetch("SELECT count(*) AS n FROM former_memberships")
        assert rows[0]["n"] == 0
    assert (await firm.boss.get(f"/inspections/{ordered['id']}")).status_code == 200


async def test_a_company_that_nobody_is_left_in_orders_nothing_and_is_told_nothing(
    firm: Firm, client: Person, cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts
) -> None:
    await firm.join(client)
    wanted = {"name": "CRM", "scopes": ["inspections:read", "inspections:write"]}
    made = (await firm.boss.post(f"{firm.path}/api-keys", wanted)).json()
    program = Key(made["api_key"], made["key"]).program(cabinet_api)
    address = {"url": "https://hooks.example.com/", "events": ["inspection.answered"]}
    assert (await firm.boss.post(f"{firm.path}/webhooks", address)).status_code == 201
    # An agent who goes leaves the others their keys.
    assert (await client.post("/me/erasure")).status_code == 202
    assert (await program.get("/inspections")).status_code == 200
    assert (await firm.boss.post("/me/erasure")).status_code == 202
    assert (await program.get("/inspections")).json()["code"] == "key_revoked"
    async with cabinet_ports.backbone.database.reading() as session:
        [endpoint] = await session.scalars(select(WebhookEndpoint))
        [key] = await session.scalars(select(ApiKey))
    assert endpoint.disabled_at is not None
    assert key.revoked_at is not None


async def test_who_erases_their_account_hands_over_first_unless_they_are_alone(
    firm: Firm, client: Person
) -> None:
    invitation = await firm.invite()
    await firm.join(client)
    answer = await firm.boss.post("/me/erasure")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
    assert (await client.delete(f"{firm.path}/membership")).status_code == 204
    assert (await firm.boss.post("/me/erasure")).status_code == 202
    gone = await client.post("/invitations/opened", {"token": token_of(invitation)})
    assert gone.json()["code"] == "invitation_withdrawn"
