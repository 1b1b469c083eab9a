"""Invitations: who invites into what, and everything that may have become of one."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from cabinet_service.accounts.domain import Role
from cabinet_service.accounts.models import CompanyMembership
from cabinet_service.api_ports import ApiPorts
from cabinet_service.companies import data_export, withdrawing
from cabinet_service.companies.models import Invitation
from service_kit.db import SYSTEM, database_now
from tests.service.companies.conftest import Firm, take, token_of
from tests.service.inspections.conftest import Json, Person, SignUp


async def opened(person: Person, invitation: Json) -> tuple[int, Json]:
    answer = await person.post("/invitations/opened", {"token": token_of(invitation)})
    return answer.status_code, answer.json()


async def test_an_invitation_says_who_invites_into_what_and_works_once(
    firm: Firm, client: Person, stranger: Person
) -> None:
    invitation = await firm.invite(note="For the yard")
    token = client.headers.pop("Authorization")  # nobody has to sign in to read it
    status, offer = await opened(client, invitation)
    assert status == 200
    assert (offer["company_name"], offer["branch_name"], offer["role"]) == (
        "Motors",
        "North",
        "partner_agent",
    )
    assert offer["invited_by"] == "Founder"
    client.headers["Authorization"] = token

    answer = await take(client, invitation, "Ivan")
    assert answer.status_code == 200, answer.text
    assert (await firm.members())["Ivan"]["branch_id"] == firm.north
    [membership] = (await client.get("/me")).json()["memberships"]
    assert (membership["company_name"], membership["branch_name"]) == ("Motors", "North")

    assert (await take(stranger, invitation)).json()["code"] == "invitation_used"
    assert (await opened(stranger, invitation))[1]["code"] == "invitation_used"
    [listed] = (await firm.boss.get(f"{firm.path}/invitations")).json()
    assert (listed["note"], listed["url"]) == ("For the yard", None)
    assert listed["accepted_at"] is not None


async def test_what_became_of_an_invitation_is_told(
    firm: Firm, client: Person, cabinet_ports: ApiPorts
) -> None:
    withdrawn, expired = await firm.invite(), await firm.invite()
    assert (await firm.boss.delete(f"{firm.path}/invitations/{withdrawn['id']}")).status_code == 204
    async with cabinet_ports.backbone.database.writing() as session:
        past = update(Invitation).where(Invitation.id == expired["id"])
        await session.execute(past.values(expires_at=await database_now(session)))
    for invitation, status, code in (
        (withdrawn, 410, "invitation_withdrawn"),
        (expired, 410, "invitation_expired"),
        ({"url": "/join#" + "A" * 32}, 404, "invitation_unknown"),
        ({"url": "/join#" + token_of(expired)[:-1]}, 404, "invitation_unknown"),
    ):
        said, problem = await opened(client, invitation)
        assert (said, problem["code"]) == (status, code)
        answer = await take(client, invitation)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get("/me")).json()["memberships"] == []


async def test_who_is_a_member_already_leaves_it_to_others(
    firm: Firm, client: Person, stranger: Person
) -> None:
    await firm.join(client)
    invitation = await firm.invite(role="partner_admin", branch_id=None)
    answer = await take(client, invitation)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_member")
    assert (await take(stranger, invitation)).status_code == 200


async def test_one_that_is_for_somebody_is_for_nobody_else(
    firm: Firm, client: Person, stranger: Person, cabinet_ports: ApiPorts
) -> None:
    invitation = await firm.invite(contact="Client@Example.com")
    assert invitation["contact"] == "c***@example.com"
    answer = await take(stranger, invitation)
    assert (answer.status_code, answer.json()["code"]) == (403, "invitation_for_another")
    assert answer.json()["params"]["contact"] == "c***@example.com"
    async with cabinet_ports.backbone.database.reading() as session:
        kept = await session.scalar(select(Invitation))
    assert kept is not None
    assert b"client@example.com" not in (kept.contact_hash or b"")
    assert (await take(client, invitation)).status_code == 200
    nonsense = await firm.boss.post(
        f"{firm.path}/invitations", {"role": "partner_admin", "contact": "nobody"}
    )
    assert nonsense.json()["code"] == "contact_not_understood"


async def test_of_two_who_take_it_at_once_one_comes_in(firm: Firm, client: Person, stranger: Person) -> None:
    invitation = await firm.invite()
    answers = await asyncio.gather(take(client, invitation), take(stranger, invitation))
    assert sorted(answer.status_code for answer in answers) == [200, 410]
    assert len(await firm.members()) == 2


async def test_whoever_comes_in_has_a_name(firm: Firm, client: Person) -> None:
    invitation = await firm.invite()
    answer = await client.post("/invitations/accepted", {"token": token_of(invitation)})
    assert (answer.status_code, answer.json()["code"]) == (409, "name_needed")
    assert (await take(client, invitation)).status_code == 200


@pytest.mark.parametrize("how", ["demoted", "removed", "left"])
async def test_who_runs_the_company_no_more_lets_nobody_in(
    firm: Firm, client: Person, stranger: Person, how: str
) -> None:
    await firm.join(client, role="partner_admin", branch_id=None)
    invitation = await firm.invite(client)
    member = f"{firm.path}/members/{client.account_id}"
    if how == "demoted":
        answer = await firm.boss.patch(member, {"role": "partner_agent", "branch_id": firm.south})
    elif how == "removed":
        answer = await firm.boss.delete(member)
    else:
        answer = await client.delete(f"{firm.path}/membership")
    assert answer.status_code < 300, answer.text
    assert (await take(stranger, invitation)).json()["code"] == "invitation_withdrawn"


async def test_who_lost_their_rights_past_every_rule_lets_nobody_in(
    firm: Firm, client: Person, stranger: Person, cabinet_ports: ApiPorts
) -> None:
    await firm.join(client, role="partner_admin", branch_id=None)
    invitation = await firm.invite(client)
    async with cabinet_ports.backbone.database.writing() as session:
        theirs = update(CompanyMembership).where(CompanyMembership.account_id == client.account_id)
        await session.execute(theirs.values(role=Role.PARTNER_AGENT, branch_id=UUID(firm.north)))
    assert (await opened(stranger, invitation))[1]["code"] == "invitation_withdrawn"
    assert (await take(stranger, invitation)).json()["code"] == "invitation_withdrawn"


async def test_a_repeated_request_gives_the_link_again_and_nothing_keeps_it(
    firm: Firm, cabinet_ports: ApiPorts
) -> None:
    body = {"role": "partner_agent", "branch_id": firm.north}
    first, again = [
        await firm.boss.post(f"{firm.path}/invitations", body, key="the-same-key") for _ in range(2)
    ]
    assert first.json() == again.json()
    token = token_of(first.json())
    async with cabinet_ports.backbone.database.reading() as session:
        rows = await session.fetch("SELECT to_jsonb(k)::text AS row FROM idempotency_keys k")
        rows += await session.fetch("SELECT to_jsonb(i)::text AS row FROM invitations i")
    assert not any(token in row["row"] for row in rows)


async def test_they_are_forgotten_a_month_after_their_end(firm: Firm, cabinet_ports: ApiPorts) -> None:
    await firm.invite(days=1)
    async with cabinet_ports.backbone.database.writing() as session:
        now = await database_now(session)
        await withdrawing.forget_old(session, now + timedelta(days=30))
        assert len((await session.scalars(select(Invitation.id))).all()) == 1
        await withdrawing.forget_old(session, now + timedelta(days=32))
        assert (await session.scalars(select(Invitation.id))).all() == []


async def test_an_agent_is_invited_into_a_branch(firm: Firm, sign_up: SignUp) -> None:
    answer = await firm.boss.post(f"{firm.path}/invitations", {"role": "partner_agent"})
    assert answer.json()["code"] == "agent_needs_branch"
    rival = await sign_up("rival@example.com")
    assert (await rival.post(f"{firm.path}/invitations", {"role": "partner_admin"})).status_code == 404


async def test_who_gave_it_takes_it_along_without_its_secret(firm: Firm, cabinet_ports: ApiPorts) -> None:
    invitation = await firm.invite(note="For the yard")
    async with cabinet_ports.backbone.database.writing(SYSTEM) as session:
        found = [one async for one in data_export.rows(session, firm.boss.account_id)]
    [row] = [row for kind, row in found if kind == "invitations"]
    assert (row["id"], row["note"]) == (invitation["id"], "For the yard")
    assert not {"token_sha256", "contact_hash"} & row.keys()
    assert [row["document"] for kind, row in found if kind == "company_agreements"] == ["processing"]
