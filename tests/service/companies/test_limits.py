"""What a month allows a company and its branches, and that nothing is lost at the limit."""

import asyncio
from datetime import timedelta

from sqlalchemy import delete, select, update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.companies.models import CompanyAgreement
from cabinet_service.inspections.core.models import Inspection
from service_kit.db import database_now
from tests.service.companies.conftest import Firm
from tests.service.companies.orders import Photo, ready, send
from tests.service.inspections.conftest import Person


async def test_one_more_than_the_branch_may_order_stays_a_draft(
    firm: Firm, client: Person, photo: Photo, cabinet_ports: ApiPorts
) -> None:
    await firm.join(client)
    branch = f"{firm.path}/branches/{firm.north}"
    assert (await firm.boss.patch(branch, {"monthly_limit": 1})).json()["at_limit"] == "refuse"
    first, second = [await ready(client, photo, company_id=firm.id) for _ in range(2)]
    assert (await send(client, first)).status_code == 200
    refused = await send(client, second)
    assert (refused.status_code, refused.json()["code"]) == (409, "company_limit_reached")
    assert refused.json()["params"] == {"name": "North", "limit": 1, "branch_id": firm.north}
    kept = await client.inspection(second["id"])
    assert (kept["state"], len(kept["evidence"]), kept["missing"]) == ("draft", 1, [])

    # It is that branch's; and one that ended without an answer was none.
    south = await ready(firm.boss, photo, company_id=firm.id, branch_id=firm.south)
    assert (await send(firm.boss, south)).status_code == 200
    assert (await client.post(f"/inspections/{first['id']}/cancellation", {})).status_code == 201
    assert (await send(client, second)).status_code == 200

    # What was ordered last month is over.
    third = await ready(client, photo, company_id=firm.id)
    assert (await send(client, third)).status_code == 409
    async with cabinet_ports.backbone.database.writing() as session:
        last_month = await database_now(session) - timedelta(days=32)
        sent = update(Inspection).where(Inspection.submitted_at.is_not(None))
        await session.execute(sent.values(submitted_at=last_month))
    assert (await send(client, third)).status_code == 200


async def test_the_companys_limit_counts_every_branch_whoever_sends(
    firm: Firm, client: Person, photo: Photo
) -> None:
    await firm.join(client)
    assert (await firm.boss.patch(firm.path, {"monthly_limit": 1})).status_code == 200
    south = await ready(firm.boss, photo, company_id=firm.id, branch_id=firm.south)
    assert (await send(firm.boss, south)).status_code == 200
    north = await ready(client, photo, company_id=firm.id)
    refused = await send(client, north)
    assert (refused.status_code, refused.json()["params"]["name"]) == (409, "Motors")
    assert (await firm.boss.patch(firm.path, {"at_limit": "notice"})).json()["monthly_limit"] == 1
    assert (await send(client, north)).status_code == 200
    assert (await firm.boss.patch(firm.path, {"monthly_limit": None})).json()["monthly_limit"] is None
    own = await ready(client, photo)
    assert (await send(client, own)).status_code == 200


async def test_of_two_that_are_sent_at_once_one_is_within_the_limit(
    firm: Firm, client: Person, photo: Photo
) -> None:
    await firm.join(client)
    await firm.boss.patch(f"{firm.path}/branches/{firm.north}", {"monthly_limit": 1})
    drafts = [await ready(client, photo, company_id=firm.id) for _ in range(2)]
    answers = await asyncio.gather(*(send(client, draft) for draft in drafts))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_nothing_is_sent_for_a_company_that_has_agreed_to_nothing(
    firm: Firm, client: Person, photo: Photo, cabinet_ports: ApiPorts
) -> None:
    await firm.join(client)
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(delete(CompanyAgreement))
    draft = await ready(client, photo, company_id=firm.id)
    refused = await send(client, draft)
    assert (refused.status_code, refused.json()["code"]) == (409, "company_terms_required")
    assert (await firm.boss.post(f"{firm.path}/invitations", {"role": "partner_admin"})).status_code == 409
    agreed = await firm.boss.post(f"{firm.path}/agreement", {"version": 1, "language": "ru"})
    assert agreed.json()["agreement"]["in_force"] is True
    assert (await send(client, draft)).status_code == 200
    async with cabinet_ports.backbone.database.reading() as session:
        [kept] = (await session.scalars(select(CompanyAgreement))).all()
    assert kept.account_id == firm.boss.account_id
