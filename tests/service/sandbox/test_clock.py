"""In a sandbox time is let pass for one inspection: its clock moves, and all follows that time brings."""

from datetime import datetime, timedelta

import pytest

from bpa_service.api_ports import ApiPorts as BpaPorts
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from cabinet_service.webhooks.sending import WebhookSender
from tests.service.inspections.conftest import Json
from tests.service.sandbox.conftest import Sandbox, number
from tests.support.partner_server import PartnerServer


def started(inspection: Json) -> datetime:
    return datetime.fromisoformat(inspection["clock"]["started_at"])


async def test_a_slow_one_breaks_its_promise_and_is_answered_once_time_has_passed(
    sandbox: Sandbox, partner: PartnerServer, sender: WebhookSender
) -> None:
    path = f"/companies/{sandbox.company_id}/webhooks"
    events = ["clock.changed", "inspection.answered"]
    await sandbox.boss.post(path, {"url": partner.url, "events": events})
    queued = await sandbox.after(number("LATER"))
    late = await sandbox.let_pass(queued, minutes=21)
    answered = await sandbox.let_pass(late, minutes=5)
    await sender.send_due()

    assert [one["state"] for one in (queued, late, answered)] == ["queued", "queued", "answered"]
    assert started(queued) - started(late) == timedelta(minutes=21)
    assert answered["decision"]["verdict"] == "clean"
    changes = [one.told["data"].get("change") for one in partner.requests]
    assert changes == ["breached", None]
    kinds = [one["kind"] for one in await timeline(sandbox, queued)]
    assert kinds.count("sla_at_risk") == 3
    assert kinds.index("sla_breached") < kinds.index("decision_issued")


async def test_only_the_clock_of_that_inspection_moves(sandbox: Sandbox) -> None:
    one, other = await sandbox.after(number("LATER", 1)), await sandbox.after(number("LATER", 2))
    await sandbox.let_pass(one, minutes=30)
    left = await sandbox.program.inspection(other["id"])

    assert (left["state"], started(left)) == ("queued", started(other))


async def test_a_client_who_stays_silent_for_too_long_gets_no_answer(sandbox: Sandbox) -> None:
    asked = await sandbox.after(number("ASKED"))
    ended = await sandbox.let_pass(asked, minutes=49 * 60)

    assert (asked["state"], ended["state"]) == ("waiting_client", "expired")


@pytest.mark.parametrize(("seconds", "status"), [(0, 422), (-60, 422), (604_801, 422), (604_800, 202)])
async def test_no_more_than_a_week_passes_at_once(sandbox: Sandbox, seconds: int, status: int) -> None:
    sent = await sandbox.after(number("LATER"))
    answer = await sandbox.program.post(f"/inspections/{sent['id']}/time-advances", {"seconds": seconds})

    assert answer.status_code == status


async def test_an_answered_one_has_no_clock_to_move(sandbox: Sandbox) -> None:
    answered = await sandbox.after(number("CLEAN"))
    refused = await sandbox.program.post(f"/inspections/{answered['id']}/time-advances", {"seconds": 60})

    assert (refused.status_code, refused.json()["code"]) == (409, "clock_stands")


async def test_of_what_is_no_test_no_time_passes_on_either_side(
    sandbox: Sandbox, cabinet_ports: CabinetPorts, bpa_ports: BpaPorts
) -> None:
    queued = await sandbox.after(number("LATER"))
    async with bpa_ports.backbone.database.writing() as session:
        await session.fetch("UPDATE cases SET is_test = false")
    unmoved = await sandbox.let_pass(queued, minutes=30)
    async with cabinet_ports.backbone.database.writing() as session:
        await session.fetch("UPDATE inspections SET is_test = false")
    refused = await sandbox.program.post(f"/inspections/{queued['id']}/time-advances", {"seconds": 60})

    assert (unmoved["state"], started(unmoved)) == ("queued", started(queued))
    assert (refused.status_code, refused.json()["code"]) == (409, "only_in_sandbox")


async def timeline(sandbox: Sandbox, inspection: Json) -> list[Json]:
    answer = await sandbox.program.get(f"/inspections/{inspection['id']}/timeline")
    items: list[Json] = answer.json()["items"]
    return items
