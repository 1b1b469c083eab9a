"""Making a company in the app, and running its branches."""

from uuid import uuid4

import httpx
from sqlalchemy import select

from cabinet_service.api_ports import ApiPorts
from cabinet_service.audit.models import AuditEntry
from cabinet_service.companies.models import CompanyAgreement
from cabinet_service.consents.documents import OF_COMPANIES, CompanyDocument, wording
from tests.service.companies.conftest import AGREEMENT, Firm
from tests.service.inspections.conftest import Json, Person, SignUp


async def test_whoever_makes_a_company_runs_it_and_it_has_agreed(firm: Firm, cabinet_ports: ApiPorts) -> None:
    me = (await firm.boss.get("/me")).json()
    assert [(one["company_name"], one["role"]) for one in me["memberships"]] == [("Motors", "partner_admin")]
    company = (await firm.boss.get(firm.path)).json()
    assert [branch["name"] for branch in company["branches"]] == ["North", "South"]
    assert company["agreement"]["in_force"] is True
    async with cabinet_ports.backbone.database.reading() as session:
        kept = await session.scalar(select(CompanyAgreement))
        acts = (
            await session.scalars(select(AuditEntry.act).where(AuditEntry.actor_id == firm.boss.account_id))
        ).all()
    assert kept is not None
    assert kept.text_sha256 == wording(CompanyDocument.PROCESSING, 1, "en").sha256
    assert [act for act in acts if act.startswith("company")] == ["company_made", "company_agreed"]


async def test_a_company_is_made_once_and_never_without_the_terms(sign_up: SignUp) -> None:
    boss = await sign_up("boss@example.com")
    body: Json = {"name": "Motors", "branches": [], "agreement": AGREEMENT}
    first, again = [await boss.post("/companies", body, key="the-same-key") for _ in range(2)]
    assert first.json() == again.json()
    assert len((await boss.get("/me")).json()["memberships"]) == 1

    answer = await boss.post("/companies", body | {"agreement": {"version": 2, "language": "en"}})
    assert answer.json()["code"] == "company_terms_outdated"
    assert (await boss.post("/companies", {"name": "Motors"})).status_code == 422
    answer = await boss.post("/companies", body | {"branches": ["North", "North"]})
    assert answer.json()["code"] == "branch_name_taken"
    assert len((await boss.get("/me")).json()["memberships"]) == 1
    terms = (await boss.get("/company-terms")).json()
    assert terms["version"] == OF_COMPANIES[CompanyDocument.PROCESSING]
    assert {text["language"] for text in terms["wordings"]} == {"ru", "en"}


async def test_branches_are_added_renamed_closed_and_opened_again(firm: Firm, client: Person) -> None:
    boss, branches = firm.boss, f"{firm.path}/branches"
    taken = await boss.post(branches, {"name": " North "})
    assert taken.json()["code"] == "branch_name_taken"
    east = (await boss.post(branches, {"name": "East"})).json()
    renamed = await boss.patch(f"{branches}/{east['id']}", {"name": "West"})
    assert renamed.json()["name"] == "West"
    assert (await boss.patch(f"{branches}/{east['id']}", {"name": "South"})).status_code == 409

    await firm.join(client, branch_id=east["id"])
    held = await boss.patch(f"{branches}/{east['id']}", {"is_closed": True})
    assert held.json()["code"] == "branch_has_members"
    moved = {"role": "partner_agent", "branch_id": firm.north}
    assert (await boss.patch(f"{firm.path}/members/{client.account_id}", moved)).status_code == 200
    open_invitation = await firm.invite(branch_id=east["id"])
    closed = await boss.patch(f"{branches}/{east['id']}", {"is_closed": True})
    assert closed.json()["is_closed"] is True
    opened = await client.post("/invitations/opened", {"token": open_invitation["url"].split("#")[1]})
    assert opened.json()["code"] == "invitation_withdrawn"

    order: Json = {"company_id": firm.id, "branch_id": east["id"], "claim": {}}
    refused = await boss.post("/inspections", order)
    assert (refused.status_code, refused.json()["code"]) == (409, "branch_closed")
    # Its name is free, so that it cannot come back under it.
    assert (await boss.post(branches, {"name": "West"})).status_code == 201
    again = await boss.patch(f"{branches}/{east['id']}", {"is_closed": False})
    assert again.json()["code"] == "branch_name_taken"
    again = await boss.patch(f"{branches}/{east['id']}", {"is_closed": False, "name": "Old West"})
    assert again.json()["is_closed"] is False
    assert (await boss.post("/inspections", order)).status_code == 201


async def test_an_agent_sees_their_branch_and_runs_nothing(firm: Firm, client: Person) -> None:
    await firm.join(client)
    company = (await client.get(firm.path)).json()
    assert [branch["name"] for branch in company["branches"]] == ["North"]
    assert (company["role"], company["branch_id"]) == ("partner_agent", firm.north)
    for method, path, body in RUNNING:
        answer = await client.send(
            method, path.format(firm=firm), json=body, headers={"Idempotency-Key": uuid4().hex}
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), path


BELONGING = (("GET", "{firm.path}", None), ("DELETE", "{firm.path}/membership", None))
RUNNING = (
    ("PATCH", "{firm.path}", {"name": "Mine"}),
    ("POST", "{firm.path}/agreement", AGREEMENT),
    ("POST", "{firm.path}/branches", {"name": "Mine"}),
    ("PATCH", "{firm.path}/branches/{firm.north}", {"name": "Mine"}),
    ("GET", "{firm.path}/members", None),
    ("PATCH", "{firm.path}/members/{firm.boss.account_id}", {"role": "partner_admin"}),
    ("DELETE", "{firm.path}/members/{firm.boss.account_id}", None),
    ("GET", "{firm.path}/invitations", None),
    ("POST", "{firm.path}/invitations", {"role": "partner_admin"}),
)


async def send(person: Person, method: str, path: str, body: Json | None) -> httpx.Response:
    return await person.send(method, path, json=body, headers={"Idempotency-Key": uuid4().hex})


async def test_nothing_of_another_company_is_reached(firm: Firm, sign_up: SignUp) -> None:
    rival = await sign_up("rival@example.com")
    made = await rival.post("/companies", {"name": "Wheels", "branches": ["One"], "agreement": AGREEMENT})
    theirs = made.json()
    for method, path, body in (
        ("GET", "{firm.path}", None),
        ("DELETE", "{firm.path}/membership", None),
        *RUNNING,
    ):
        answer = await rival.send(
            method, path.format(firm=firm), json=body, headers={"Idempotency-Key": uuid4().hex}
        )
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    # Nor by way of one's own company.
    own = f"/companies/{theirs['id']}"
    invitation = await firm.invite()
    for method, path, body in (
        ("PATCH", f"{own}/branches/{firm.north}", {"name": "Mine"}),
        ("PATCH", f"{own}/members/{firm.boss.account_id}", {"role": "partner_admin"}),
        ("DELETE", f"{own}/members/{firm.boss.account_id}", None),
        ("DELETE", f"{own}/invitations/{invitation['id']}", None),
        ("POST", f"{own}/invitations", {"role": "partner_agent", "branch_id": firm.north}),
    ):
        answer = await send(rival, method, path, body)
        assert answer.status_code == 404, (path, answer.text)
    assert set(await firm.members()) == {"Founder"}


async def test_a_name_is_a_name(firm: Firm) -> None:
    for name in ("", "   ", "a" * 201, "\x00", None):
        answer = await firm.boss.post(f"{firm.path}/branches", {"name": name})
        assert answer.status_code == 422, name
