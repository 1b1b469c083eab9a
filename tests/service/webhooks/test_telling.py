"""What happens to a company's inspections is told to its servers, verified by the public library."""

from typing import Any

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.webhooks.sending import WebhookSender
from shared_schemas.events import bpa_v1 as said
from shared_schemas.webhooks import MOST_BYTES, NOTICES, WebhookType
from shared_schemas.words import InspectionState
from tests.service.inspections.conftest import Bpa, Case, Company, Person, Submitted
from tests.service.reports.conftest import Answered
from tests.service.webhooks.conftest import Admin
from tests.service.yard.conftest import Yard
from tests.support.partner_server import PartnerServer


async def test_an_inspections_life_is_told_in_order(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any, bpa: Bpa
) -> None:
    webhook = await admin.add(partner.url)
    case: Case = await ordered()
    await case.queue()
    await case.claim()
    task_id = await case.ask()
    await case.pause(task_id)
    await case.resume()
    await case.say(said.SlaBreachedV1, clock_number=1, breached_at=await bpa.now())
    await case.decide()
    await sender.send_due()

    assert partner.types == [
        "inspection.submitted",
        "inspection.queued",
        "info_task.created",
        "clock.changed",
        "clock.changed",
        "clock.changed",
        "inspection.answered",
    ]
    for request in partner.requests:
        told = request.verified(webhook["secret"])
        assert told["id"] == request.id
        assert told["version"] == 1
        assert told["data"]["inspection_id"] == str(case.id)
        assert len(request.body) < MOST_BYTES / 10
        NOTICES[WebhookType(told["type"])].model_validate(told["data"])
    sequence = [one.told["data"]["sequence"] for one in partner.requests]
    assert sequence == sorted(set(sequence))
    paused, answered = partner.requests[3].told["data"], partner.requests[-1].told["data"]
    assert (paused["change"], paused["state"]) == ("paused", "waiting_client")
    assert paused["clock"]["state"] == "paused"
    assert paused["clock"]["paused_for"] == ["client_info"]
    assert paused["clock"]["due_at"] is None
    assert (answered["verdict"], answered["decision_version"]) == ("doubts", 1)
    assert answered["clock"]["state"] == "stopped"
    assert {one["state"] for one in await admin.deliveries(webhook)} == {"delivered"}


async def test_nothing_of_people_is_told(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any
) -> None:
    await admin.add(partner.url)
    case: Case = await ordered()
    await case.queue()
    await case.claim()
    await case.ask()
    await case.decide()
    await sender.send_due()
    told = b"".join(one.body for one in partner.requests).decode()
    for word in ("Анна", "Крупнее", "неровные", "Есть сомнения", "SAL1A2A40SA606662", "@example.com"):
        assert word not in told


async def test_only_what_is_asked_for_and_only_of_the_company(
    admin: Admin,
    partner: PartnerServer,
    sender: WebhookSender,
    ordered: Any,
    submitted: Submitted,
    client: Person,
) -> None:
    await admin.add(partner.url, [WebhookType.INSPECTION_SUBMITTED])
    case: Case = await ordered()
    await case.queue()
    await submitted(client)
    assert await sender.send_due() == 1
    assert [one.told["data"]["inspection_id"] for one in partner.requests] == [str(case.id)]


async def test_each_address_gets_its_own(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any
) -> None:
    first = await admin.add(partner.url, [WebhookType.INSPECTION_SUBMITTED])
    second = await admin.add(partner.url + "/other", [WebhookType.INSPECTION_SUBMITTED])
    await ordered()
    await sender.send_due()
    one, other = partner.requests
    assert one.id == other.id
    verified = [
        {webhook["id"] for webhook in (first, second) if verifies(request, webhook["secret"])}
        for request in (one, other)
    ]
    assert sorted(map(sorted, verified)) == sorted([[first["id"]], [second["id"]]])


def verifies(request: Any, secret: str) -> bool:
    try:
        request.verified(secret)
    except Exception:  # noqa: BLE001 - whatever the library says of one that does not fit
        return False
    return True


@pytest.mark.parametrize("ends", ["cancellation", "closure"])
async def test_ends_are_told(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any, company: Any, ends: str
) -> None:
    await admin.add(partner.url, [WebhookType.INSPECTION_ENDED])
    case: Case = await ordered()
    await case.queue()
    if ends == "closure":
        await case.claim()
        await case.decide()
    assert (await company.agents[0].post(f"{case.path}/{ends}", {})).status_code == 201
    await sender.send_due()
    [request] = partner.requests
    assert request.told["data"]["state"] == {"cancellation": "cancelled", "closure": "closed"}[ends]


async def test_a_dispute_and_its_end_are_told(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any, company: Any
) -> None:
    await admin.add(partner.url, [WebhookType.DISPUTE_OPENED, WebhookType.DISPUTE_CLOSED])
    case: Case = await ordered()
    await case.queue()
    await case.claim()
    await case.decide()
    agent = company.agents[0]
    opened = await agent.post(f"{case.path}/disputes", {"reason": "Цифры ровные"})
    assert opened.status_code == 201, opened.text
    assert (await agent.post(f"{case.path}/cancellation", {})).status_code == 201
    await sender.send_due()
    assert partner.types == ["dispute.opened", "dispute.closed"]
    assert partner.requests[1].told["data"]["state"] == InspectionState.ANSWERED
    assert {one.told["data"]["dispute_id"] for one in partner.requests} == {opened.json()["id"]}


async def test_what_is_done_at_the_car_is_told(
    admin: Admin,
    partner: PartnerServer,
    sender: WebhookSender,
    ordered: Any,
    company: Company,
    cabinet_api: httpx.AsyncClient,
) -> None:
    await admin.add(partner.url, [WebhookType.INFO_TASK_CLOSED])
    off = await admin.add(partner.url, [WebhookType.INFO_TASK_CLOSED])
    await admin.person.patch(f"{admin.path}/{off['id']}", {"enabled": False})
    case: Case = await ordered()
    await case.queue()
    await case.claim()
    task_id = await case.ask()
    link = await company.agents[0].post(f"{case.path}/yard-links", {})
    yard = Yard(cabinet_api, link.json()["url"])
    answered = await yard.post(f"{case.path}/info-tasks/{task_id}/fulfilment", {"answer": "Red"})
    assert answered.status_code == 201, answered.text
    await sender.send_due()
    [told] = [one.told["data"] for one in partner.requests]
    assert (told["info_task_id"], told["info_task_state"]) == (str(task_id), "fulfilled")
    assert told["clock"]["state"] == "running"
    assert [one["state"] for one in await admin.deliveries(off)] == ["skipped"]


async def test_that_a_report_can_be_fetched_is_told_after_its_answer(
    admin: Admin,
    partner: PartnerServer,
    sender: WebhookSender,
    ordered: Any,
    bpa: Bpa,
    company: Company,
    cabinet_ports: ApiPorts,
) -> None:
    await admin.add(partner.url, [WebhookType.INSPECTION_ANSWERED, WebhookType.REPORT_READY])
    case: Case = await ordered()
    await case.queue()
    await case.claim()
    answered = Answered(cabinet_ports, bpa, case, company.agents[0])
    await answered.amend()
    await sender.send_due()
    assert partner.types == ["inspection.answered", "report.ready"]
    answer, report = (one.told["data"] for one in partner.requests)
    assert answer["sequence"] < report["sequence"]
    assert report["report_version"] == 1
    [kept] = (await company.agents[0].get(f"{case.path}/reports")).json()
    assert report["report_id"] == kept["report_id"]
    NOTICES[WebhookType.REPORT_READY].model_validate(report)
