"""Managing a company's addresses: who may, what is refused, the secret that is shown once, replay and test."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import Role
from cabinet_service.accounts.models import CompanyMembership
from cabinet_service.api_ports import ApiPorts
from cabinet_service.db.tables import TABLES
from cabinet_service.webhooks import domain, service, signing
from cabinet_service.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookSecret
from cabinet_service.webhooks.schemas import WebhookChangeIn, WebhookIn
from cabinet_service.webhooks.sending import WebhookSender
from cabinet_service.webhooks.service import Managing
from service_kit import pruning
from service_kit.db import database_now
from service_kit.http.problems import NotAllowed
from service_kit.sealing import Seal
from shared_schemas.webhooks import WebhookType
from tests.service.inspections.conftest import Case, Company, Person
from tests.service.webhooks.conftest import ALL, Admin
from tests.support import clients
from tests.support import partner_server as partners
from tests.support.partner_server import PartnerServer

URL = "https://hooks.example.com/inspections"


async def test_an_address_is_made_changed_and_removed(admin: Admin) -> None:
    made = await admin.add(URL, [WebhookType.INSPECTION_ANSWERED, WebhookType.INSPECTION_SUBMITTED] * 2)
    assert made["events"] == ["inspection.submitted", "inspection.answered"]
    assert made["enabled"]
    assert made["secret"].startswith("whsec_")
    [listed] = (await admin.person.get(admin.path)).json()
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    path = f"{admin.path}/{made['id']}"
    changed = await admin.person.patch(path, {"url": URL + "/2", "description": "CRM", "enabled": False})
    assert changed.status_code == 200, changed.text
    assert changed.json()["disabled_why"] == "by_admin"
    on = (await admin.person.patch(path, {"enabled": True})).json()
    assert (on["enabled"], on["description"], on["url"]) == (True, "CRM", URL + "/2")
    assert (await admin.person.patch(path, {"description": None})).json()["description"] is None
    assert (await admin.person.delete(path)).status_code == 204
    assert (await admin.person.get(path)).json()["code"] == "not_found"


async def test_the_secret_is_shown_once_and_kept_sealed(admin: Admin, cabinet_ports: ApiPorts) -> None:
    key, body = uuid4().hex, {"url": URL, "events": ["inspection.answered"]}
    made = (await admin.person.post(admin.path, body, key=key)).json()
    again = await admin.person.post(admin.path, body, key=key)
    assert again.json() == made, "an answer that got lost is given again"
    rotation = f"{admin.path}/{made['id']}/secret-rotations"
    rotated = (await admin.person.post(rotation, {})).json()
    assert rotated["secret"] != made["secret"]
    assert [bool(one["expires_at"]) for one in rotated["secrets"]] == [False, True]
    database = cabinet_ports.backbone.database
    async with database.reading() as session:
        kept = list(await session.scalars(select(TABLES.idempotency_keys)))
        sealed = list(await session.scalars(select(WebhookSecret)))
    for secret in (made["secret"], rotated["secret"]):
        assert secret not in str([row.body for row in kept])
        assert all(secret.encode() not in row.sealed for row in sealed)
    new_key = Seal(
        ("a newer key of thirty-two bytes!", *cabinet_ports.settings.secret_keys), purpose=signing.SEALED
    )
    async with database.writing() as session:
        assert await service.reseal(session, new_key) == 2
    only_new = Seal(("a newer key of thirty-two bytes!",), purpose=signing.SEALED)
    async with database.reading() as session:
        opened = {only_new.open(row.sealed) for row in await session.scalars(select(WebhookSecret))}
    assert opened == {made["secret"], rotated["secret"]}


async def test_only_an_administrator_of_the_company_may(
    admin: Admin, company: Company, stranger: Person, ordered: Any
) -> None:
    webhook = await admin.add(URL)
    await ordered()
    [delivery] = await admin.deliveries(webhook)
    one = f"{admin.path}/{webhook['id']}"
    stretch = {"since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}
    for person, code in ((company.agents[0], "not_allowed"), (stranger, "not_found")):
        answers = [
            await person.get(admin.path),
            await person.post(admin.path, {"url": URL, "events": ["inspection.answered"]}),
            await person.get(one),
            await person.patch(one, {"enabled": False}),
            await person.delete(one),
            await person.post(f"{one}/secret-rotations", {}),
            await person.post(f"{one}/tests"),
            await person.post(f"{one}/replays", stretch),
            await person.get(f"{one}/deliveries"),
            await person.get(f"{one}/deliveries/{delivery['event_id']}"),
            await person.post(f"{one}/deliveries/{delivery['event_id']}/replays"),
        ]
        assert {answer.json()["code"] for answer in answers} == {code}
    assert await admin.shown(webhook) == {k: v for k, v in webhook.items() if k != "secret"}


async def test_of_another_company_nothing_is_there(
    admin: Admin, cabinet_ports: ApiPorts, sign_up: Any
) -> None:
    other = await clients.found_company(cabinet_ports, "Wheels")
    await clients.join(cabinet_ports, other, "rival@example.com", Role.PARTNER_ADMIN)
    rival = await sign_up("rival@example.com")
    webhook = await admin.add(URL)
    own_path = f"/companies/{other.company_id}/webhooks/{webhook['id']}"
    for answer in (
        await rival.get(own_path),
        await rival.patch(own_path, {"enabled": False}),
        await rival.delete(own_path),
        await rival.post(f"{own_path}/tests"),
        await rival.post(f"{own_path}/secret-rotations", {}),
        await rival.get(f"{own_path}/deliveries"),
    ):
        assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (
            {"url": "ftp://hooks.example.com", "events": ["inspection.answered"]},
            "webhook_address_not_understood",
        ),
        ({"url": "http://test/api", "events": ["inspection.answered"]}, "webhook_address_ours"),
        ({"url": URL, "events": []}, "malformed_request"),
        ({"url": URL, "events": ["inspection.painted"]}, "malformed_request"),
        ({"url": URL, "events": ["webhook.test"]}, "malformed_request"),
        ({"url": "https://" + "a" * 2000, "events": ["inspection.answered"]}, "malformed_request"),
        ({"url": URL, "events": ["inspection.answered"], "secret": "mine"}, "malformed_request"),
    ],
)
async def test_bad_input(admin: Admin, body: Any, code: str, cabinet_ports: ApiPorts) -> None:
    body = body | {"url": body["url"].replace("http://test", cabinet_ports.settings.public_url)}
    answer = await admin.person.post(admin.path, body)
    assert answer.json()["code"] == code, answer.text


async def test_a_company_has_ten_at_most(admin: Admin) -> None:
    for _ in range(domain.MOST_ENDPOINTS):
        await admin.add(URL)
    answer = await admin.person.post(admin.path, {"url": URL, "events": ["inspection.answered"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_webhooks")


async def test_a_test_is_sent_once_and_says_what_came_back(
    admin: Admin, partner: PartnerServer, sender: WebhookSender
) -> None:
    webhook = await admin.add(partner.url, [WebhookType.INSPECTION_ANSWERED])
    await admin.person.patch(f"{admin.path}/{webhook['id']}", {"enabled": False})
    partner.answers = [partners.BROKEN]
    for expected in ("failed", "delivered"):
        asked = await admin.person.post(f"{admin.path}/{webhook['id']}/tests")
        assert asked.status_code == 202, asked.text
        await sender.send_due()
        detail = await admin.detail(webhook, asked.json()["event_id"])
        assert detail["delivery"]["state"] == expected
    assert detail["tries"][0]["status"] == 204
    assert partner.types == ["webhook.test"] * 2
    assert partner.requests[0].verified(webhook["secret"])["data"]["endpoint_id"] == webhook["id"]
    assert (await admin.shown(webhook))["failing_since"] is None


async def test_what_was_missed_is_replayed_in_order(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any
) -> None:
    webhook = await admin.add(partner.url)
    path = f"{admin.path}/{webhook['id']}"
    await admin.person.patch(path, {"enabled": False})
    case: Case = await ordered()
    await case.queue()
    await case.claim()
    await case.decide()
    assert await sender.send_due() == 0
    now = datetime.now(UTC)
    stretch = {
        "since": (now - timedelta(hours=1)).isoformat(),
        "until": (now + timedelta(hours=1)).isoformat(),
    }
    refused = await admin.person.post(f"{path}/replays", stretch)
    assert refused.json()["code"] == "webhook_disabled"
    await admin.person.patch(path, {"enabled": True})
    replayed = await admin.person.post(f"{path}/replays", stretch)
    assert (replayed.status_code, replayed.json()) == (202, {"count": 3, "more": False})
    await sender.send_due()
    assert partner.types == ["inspection.submitted", "inspection.queued", "inspection.answered"]

    [answered, *_] = await admin.deliveries(webhook)
    one = f"{path}/deliveries/{answered['event_id']}/replays"
    assert (await admin.person.post(one)).status_code == 202
    assert (await admin.person.post(one)).json()["code"] == "webhook_delivery_pending"
    await sender.send_due()
    assert partner.requests[-1].id == partner.requests[-2].id
    assert (await admin.deliveries(webhook))[0]["attempts"] == 2


async def test_a_long_stretch_is_replayed_part_by_part(
    admin: Admin, ordered: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain, "MOST_REPLAYED", 2)
    webhook = await admin.add(URL)
    path = f"{admin.path}/{webhook['id']}"
    await admin.person.patch(path, {"enabled": False})
    case: Case = await ordered()
    await case.queue()
    await case.claim()
    await case.ask()
    await case.decide()
    await admin.person.patch(path, {"enabled": True})
    now = datetime.now(UTC)
    stretch: dict[str, Any] = {
        "since": (now - timedelta(hours=1)).isoformat(),
        "until": (now + timedelta(hours=1)).isoformat(),
    }
    missed = len(await admin.deliveries(webhook, state="skipped"))
    while missed:
        replayed = (await admin.person.post(f"{path}/replays", stretch)).json()
        count = min(missed, 2)
        missed -= count
        assert replayed == {"count": count, "more": missed > 0}
    taken = await admin.person.post(f"{path}/replays", stretch | {"states": ["delivered"]})
    assert taken.json()["code"] == "malformed_request"


async def test_the_log_has_pages(admin: Admin, ordered: Any) -> None:
    webhook = await admin.add(URL, ALL)
    case: Case = await ordered()
    await case.queue()
    path = f"{admin.path}/{webhook['id']}/deliveries"
    first = (await admin.person.get(path, limit=1)).json()
    second = (await admin.person.get(path, limit=1, cursor=first["next_cursor"])).json()
    assert [one["items"][0]["type"] for one in (first, second)] == [
        "inspection.queued",
        "inspection.submitted",
    ]
    assert second["next_cursor"] is None
    assert (await admin.person.get(path, state="failed")).json()["items"] == []


async def test_the_log_of_a_removed_address_goes_some_at_a_time(
    admin: Admin,
    partner: PartnerServer,
    sender: WebhookSender,
    ordered: Any,
    cabinet_ports: ApiPorts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)
    removed, stays = [await admin.add(partner.url) for _ in range(2)]
    for _ in range(3):
        await ordered()
    assert (await admin.person.delete(f"{admin.path}/{removed['id']}")).status_code == 204

    gone = f"{admin.path}/{removed['id']}"
    for answer in (
        await admin.person.get(gone),
        await admin.person.get(f"{gone}/deliveries"),
        await admin.person.post(f"{gone}/tests"),
        await admin.person.delete(gone),
    ):
        assert answer.json()["code"] == "not_found"
    await ordered()
    assert await sender.send_due() == 4
    database = cabinet_ports.backbone.database

    async def left() -> int:
        async with database.reading() as session:
            of_removed = select(func.count()).where(WebhookDelivery.endpoint_id == UUID(removed["id"]))
            return await session.scalar(of_removed) or 0

    counts = [await left()]
    more: bool | None = True
    while more:
        async with database.writing() as session:
            more = await service.forget_removed(session, await database_now(session))
        counts.append(await left())
    assert counts == [3, 1, 0]
    async with database.reading() as session:
        assert [str(one) for one in await session.scalars(select(WebhookEndpoint.id))] == [stays["id"]]
    assert len(await admin.deliveries(stays)) == 4


async def test_whoever_was_removed_while_their_request_runs_changes_nothing(
    admin: Admin, company: Company, cabinet_ports: ApiPorts
) -> None:
    webhook = await admin.add(URL)
    endpoint_id, account_id = UUID(webhook["id"]), company.admin.account_id
    database, seal = cabinet_ports.backbone.database, Seal(("0" * 32,), purpose=signing.SEALED)
    async with database.reading() as session:
        was_admin = await accounts.client(session, account_id)
    assert was_admin is not None
    async with database.writing() as session:
        of_admin = CompanyMembership.account_id == account_id
        await session.execute(update(CompanyMembership).where(of_admin).values(role=Role.INTEGRATOR))
    async with database.writing() as session:
        managing = Managing(session, await database_now(session), company.id, was_admin)
        wanted = WebhookIn(url=URL, events=[WebhookType.INSPECTION_ENDED])
        for act in (
            service.create(managing, wanted, URL, seal=seal),
            service.change(managing, endpoint_id, WebhookChangeIn(enabled=False), None),
            service.rotate(managing, endpoint_id, overlap=timedelta(), seal=seal),
            service.send_test(managing, endpoint_id),
            service.replay_one(managing, endpoint_id, uuid4()),
            service.remove(managing, endpoint_id),
        ):
            with pytest.raises(NotAllowed):
                await act
