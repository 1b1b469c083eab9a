"""Servers that fail in every way: each notice is sent again, in order and with its id, until it is given up."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.webhooks import domain, receiver, service
from cabinet_service.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent
from cabinet_service.webhooks.sending import WebhookSender
from service_kit import failpoints
from service_kit.db import database_now
from service_kit.failpoints import Deed, Injected, Point
from shared_schemas.webhooks import WebhookType
from tests.service.inspections.conftest import Case, Json
from tests.service.webhooks.conftest import Admin
from tests.support import partner_server as partners
from tests.support.partner_server import PartnerServer

FAULTS: Final = {
    "500": partners.BROKEN,
    "garbage": partners.GARBAGE,
    "closed": partners.CLOSED,
    "redirected": partners.moved("http://169.254.169.254/latest/meta-data"),
    "endless headers": partners.ENDLESS_HEADERS,
    "busy": partners.busy(60),
}


async def pass_time(ports: ApiPorts, **length: float) -> None:
    """Let whatever is due within that time be due now."""
    seconds = timedelta(**length)
    async with ports.backbone.database.writing() as session:
        await session.execute(update(WebhookDelivery).values(due_at=WebhookDelivery.due_at - seconds))
        earlier = {"failing_since": WebhookEndpoint.failing_since - seconds}
        await session.execute(update(WebhookEndpoint).values(earlier))


@pytest.mark.parametrize("fault", FAULTS)
async def test_what_fails_is_sent_again_with_the_same_id(
    admin: Admin,
    partner: PartnerServer,
    sender: WebhookSender,
    ordered: Any,
    cabinet_ports: ApiPorts,
    fault: str,
) -> None:
    webhook = await admin.add(partner.url, [WebhookType.INSPECTION_SUBMITTED])
    await ordered()
    partner.answers = [FAULTS[fault]]
    assert await sender.send_due() == 1
    assert await sender.send_due() == 0, "it waits for its time"
    [waiting] = await admin.deliveries(webhook)
    assert (waiting["state"], waiting["attempts"]) == ("pending", 1)
    await pass_time(cabinet_ports, minutes=2)
    assert await sender.send_due() == 1
    first, second = partner.requests
    assert (first.id, first.body) == (second.id, second.body)
    first.verified(webhook["secret"])
    second.verified(webhook["secret"])
    [there] = await admin.deliveries(webhook)
    assert (there["state"], there["attempts"]) == ("delivered", 2)
    detail = await admin.detail(webhook, there["event_id"])
    assert detail["body"] == first.body.decode()
    failed, taken = detail["tries"]
    assert failed["error"] or failed["status"] >= 300
    assert (taken["status"], taken["error"]) == (204, None)
    assert (await admin.shown(webhook))["failing_since"] is None


async def test_a_huge_answer_is_read_in_part_and_taken(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any
) -> None:
    webhook = await admin.add(partner.url, [WebhookType.INSPECTION_SUBMITTED])
    await ordered()
    partner.answers = [partners.HUGE]
    await sender.send_due()
    [there] = await admin.deliveries(webhook)
    [taken] = (await admin.detail(webhook, there["event_id"]))["tries"]
    assert there["state"] == "delivered"
    assert 0 < len(taken["answer"]) <= receiver.MOST_KEPT
    assert "\0" not in taken["answer"]


async def test_a_server_that_says_nothing_is_left(
    admin: Admin,
    partner: PartnerServer,
    sender: WebhookSender,
    ordered: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receiver, "TIMEOUT", timedelta(seconds=0.2))
    webhook = await admin.add(partner.url, [WebhookType.INSPECTION_SUBMITTED])
    await ordered()
    partner.hangs = True
    await sender.send_due()
    [waiting] = await admin.deliveries(webhook)
    [failed] = (await admin.detail(webhook, waiting["event_id"]))["tries"]
    assert failed["status"] is None
    assert "no answer" in failed["error"]


async def test_what_comes_later_waits_for_what_failed(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any, cabinet_ports: ApiPorts
) -> None:
    await admin.add(partner.url)
    held: Case = await ordered()
    partner.answers = [partners.BROKEN]
    await sender.send_due()
    await held.queue()
    other: Case = await ordered()
    await sender.send_due()
    of_held = [
        one.told["type"] for one in partner.requests if one.told["data"]["inspection_id"] == str(held.id)
    ]
    assert of_held == ["inspection.submitted"]
    assert str(other.id) in partner.by_inspection(), "another inspection waits for nothing"
    await pass_time(cabinet_ports, minutes=1)
    await sender.send_due()
    of_held = [
        one.told["type"] for one in partner.requests if one.told["data"]["inspection_id"] == str(held.id)
    ]
    assert of_held == ["inspection.submitted", "inspection.submitted", "inspection.queued"]


async def test_it_is_given_up_after_three_days(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any, cabinet_ports: ApiPorts
) -> None:
    webhook = await admin.add(partner.url, [WebhookType.INSPECTION_SUBMITTED])
    await ordered()
    partner.usual = partners.BROKEN
    for wait in (timedelta(), *domain.WAITS):
        await pass_time(cabinet_ports, seconds=wait.total_seconds() * (1 + domain.JITTER))
        assert await sender.send_due() == 1
    await pass_time(cabinet_ports, days=30)
    assert await sender.send_due() == 0
    [given_up] = await admin.deliveries(webhook)
    assert (given_up["state"], given_up["attempts"]) == ("failed", len(domain.WAITS) + 1)
    assert len({one.id for one in partner.requests}) == 1


async def test_410_turns_the_address_off_at_once(
    admin: Admin,
    partner: PartnerServer,
    sender: WebhookSender,
    ordered: Any,
    work: Any,
    cabinet_ports: ApiPorts,
) -> None:
    webhook = await admin.add(partner.url)
    first: Case = await ordered()
    partner.answers = [partners.GONE]
    await sender.send_due()
    shown = await admin.shown(webhook)
    assert (shown["enabled"], shown["disabled_why"]) == (False, "gone")
    await first.queue()
    assert await sender.send_due() == 0
    assert {one["state"] for one in await admin.deliveries(webhook)} == {"skipped"}
    assert "cabinet.send_webhook_news.v1" in await work()
    letters = list(cabinet_ports.settings.outbox_dir.rglob("*"))
    assert any("410" in one.read_text() for one in letters if one.is_file())


async def test_an_address_that_fails_for_days_is_told_of_and_turned_off(
    admin: Admin,
    partner: PartnerServer,
    sender: WebhookSender,
    ordered: Any,
    work: Any,
    cabinet_ports: ApiPorts,
) -> None:
    webhook = await admin.add(partner.url)
    partner.usual = partners.BROKEN
    told: list[str] = []
    for _ in range(6):
        await ordered()
        await sender.send_due()
        told += await work()
        await pass_time(cabinet_ports, days=1)
    assert told.count("cabinet.send_webhook_news.v1") == 2, "once after a day, and once when it is turned off"
    shown = await admin.shown(webhook)
    assert (shown["enabled"], shown["disabled_why"]) == (False, "failing")


@pytest.mark.parametrize("point", [Point.WEBHOOK_CLAIMED, Point.WEBHOOK_SENT])
async def test_whoever_dies_in_between_leaves_it_to_the_next(
    admin: Admin,
    partner: PartnerServer,
    sender: WebhookSender,
    ordered: Any,
    cabinet_ports: ApiPorts,
    point: Point,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    webhook = await admin.add(partner.url)
    case: Case = await ordered()
    await case.queue()
    monkeypatch.setenv(failpoints.VARIABLE, f"{point}={Deed.ERROR}")
    failpoints.arm(environment="test")
    with pytest.raises(Injected):
        await sender.send_due()
    assert await sender.send_due() == 0, "the claim holds"
    await pass_time(cabinet_ports, minutes=1)
    await sender.send_due()
    assert {one["state"] for one in await admin.deliveries(webhook)} == {"delivered"}
    [sequence] = partner.by_inspection().values()
    assert sequence == sorted(sequence)
    assert len({one.id for one in partner.requests}) == 2
    assert len(partner.requests) == (3 if point is Point.WEBHOOK_SENT else 2)


async def test_whoever_slept_through_their_time_writes_nothing(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any, cabinet_ports: ApiPorts
) -> None:
    webhook = await admin.add(partner.url, [WebhookType.INSPECTION_SUBMITTED])
    await ordered()
    [sleeper] = await sender.claim(sender_of(webhook), free=8)
    await pass_time(cabinet_ports, minutes=1)
    await sender.send_due()
    partner.answers = [partners.GONE]
    await sender.send(sleeper)
    assert (await admin.shown(webhook))["enabled"]
    [there] = await admin.deliveries(webhook)
    assert there["state"] == "delivered"


def sender_of(webhook: Json) -> Any:
    return UUID(webhook["id"])


async def test_a_slow_server_delays_no_other(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any, cabinet_ports: ApiPorts
) -> None:
    async with partners.partner_server() as slow:
        slow.hangs = True
        await admin.add(slow.url, [WebhookType.INSPECTION_SUBMITTED])
        await admin.add(partner.url, [WebhookType.INSPECTION_SUBMITTED])
        running = asyncio.gather(cabinet_ports.backbone.listener.run(), sender.run())
        for _ in range(3):
            await ordered()
        await until(lambda: len(partner.requests) == 3 and len(slow.requests) == 3)
        assert slow.most_at_once == 3, "all of them hang, and nothing waits for them"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not holds():
            await asyncio.sleep(0.01)


async def test_a_secret_is_rotated_in_mid_delivery(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any, cabinet_ports: ApiPorts
) -> None:
    webhook = await admin.add(partner.url, [WebhookType.INSPECTION_SUBMITTED])
    await ordered()
    partner.answers = [partners.BROKEN]
    await sender.send_due()
    rotated = await admin.person.post(f"{admin.path}/{webhook['id']}/secret-rotations", {"overlap_hours": 1})
    assert rotated.status_code == 201, rotated.text
    old, new = webhook["secret"], rotated.json()["secret"]
    assert old != new
    await pass_time(cabinet_ports, minutes=1)
    await sender.send_due()
    before, after = partner.requests
    before.verified(old)
    after.verified(old, new)
    assert before.id == after.id
    assert len(after.headers["webhook-signature"].split()) == 2
    again = await admin.person.post(f"{admin.path}/{webhook['id']}/secret-rotations", {"overlap_hours": 0})
    await ordered()
    await sender.send_due()
    partner.requests[-1].verified(again.json()["secret"])
    assert len(partner.requests[-1].headers["webhook-signature"].split()) == 1


async def test_what_is_old_or_of_an_erased_inspection_is_forgotten(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any, cabinet_ports: ApiPorts
) -> None:
    await admin.add(partner.url)
    case: Case = await ordered()
    await sender.send_due()
    database = cabinet_ports.backbone.database
    async with database.writing() as session:
        now = await database_now(session)
        assert not await service.forget_old(session, now + domain.KEPT_FOR / 2)
        assert await session.scalar(select(func.count()).select_from(WebhookAttempt)) == 1
        await service.forget_old(session, now + domain.KEPT_FOR + timedelta(minutes=1))
        for table in (WebhookEvent, WebhookDelivery, WebhookAttempt):
            assert await session.scalar(select(func.count()).select_from(table)) == 0
    await case.queue()
    async with database.writing() as session:
        await service.forget_inspection(session, uuid4())
        assert await session.scalar(select(func.count()).select_from(WebhookEvent)) == 1
        await service.forget_inspection(session, case.id)
        assert await session.scalar(select(func.count()).select_from(WebhookEvent)) == 0
    assert await sender.send_due() == 0
