"""What is ordered to try reaches nobody who works, and nobody who waits is answered by a script."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.cases.core.policy import Policy
from bpa_service.sandbox import playing
from bpa_service.settings import Settings as BpaSettings
from bpa_service.wiring import event_handlers
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from cabinet_service.settings import Settings as CabinetSettings
from service_kit.bus import GiveUp
from service_kit.db import database_now
from service_kit.ids import new_id
from shared_schemas.envelope import Envelope
from shared_schemas.events.cabinet_v1 import HistoryOrderedV1, InspectionSubmittedV1
from tests.service.sandbox.conftest import Sandbox, number
from tests.support.delivery import announced


async def delivered_to(
    bpa: BpaPorts, fact: InspectionSubmittedV1 | HistoryOrderedV1, envelope: Envelope
) -> None:
    envelope = envelope.model_copy(
        update={
            "event_id": new_id(),
            "type": fact.TYPE,
            "aggregate_id": fact.job_id,
            "aggregate_seq": 1,
            "data": fact.model_dump(mode="json"),
        }
    )
    inbox = bpa.backbone.inbox(event_handlers(bpa))
    await inbox.receive_in_transaction(bpa.backbone.database, envelope)


@pytest.mark.parametrize("is_sandbox", [True, False])
async def test_what_comes_from_the_other_kind_of_installation_is_taken_for_nothing(
    cabinet_ports: CabinetPorts, bpa_ports: BpaPorts, sandbox: Sandbox, is_sandbox: bool
) -> None:
    sent = await sandbox.order(number("CLEAN"))
    [envelope] = await announced(cabinet_ports.backbone)
    assert envelope.data["is_test"] is True
    order = InspectionSubmittedV1.model_validate(envelope.data)
    history = HistoryOrderedV1(
        history_id=new_id(), number="H-1", claim=order.claim, ordered_at=order.submitted_at
    )
    bpa_ports.backbone.database.pool.sandbox = is_sandbox
    settings = bpa_ports.settings.model_copy(update={"sandbox": is_sandbox})
    bpa = replace(bpa_ports, settings=settings)

    for fact in (order, history):
        foreign = fact.model_copy(update={"is_test": not is_sandbox})
        with pytest.raises(GiveUp, match="SANDBOX"):
            await delivered_to(bpa, foreign, envelope)
    async with bpa_ports.backbone.database.reading() as session:
        cases = await session.fetch("SELECT FROM cases")
        histories = await session.fetch("SELECT FROM history_orders")
    assert (cases, histories) == ([], [])
    assert (await sandbox.program.inspection(sent["id"]))["state"] == "submitted"


async def test_the_script_touches_nothing_that_is_no_test_whatever_the_settings_say(
    sandbox: Sandbox, bpa_ports: BpaPorts
) -> None:
    sent = await sandbox.order(number("CLEAN"))
    await sandbox.services.settle()
    async with bpa_ports.backbone.database.writing() as session:
        await session.fetch("UPDATE cases SET is_test = false")
    async with bpa_ports.backbone.database.writing() as session:
        now = await database_now(session)
        assert await playing.play(session, now, policy=Policy.of(bpa_ports.settings)) is False

    assert (await sandbox.program.inspection(sent["id"]))["state"] == "queued"


async def test_a_key_says_test_and_one_that_says_live_opens_nothing(sandbox: Sandbox) -> None:
    assert sandbox.key.text.startswith("adk_test_")
    sandbox.program.headers["Authorization"] = f"Bearer {sandbox.key.text.replace('adk_test', 'adk_live')}"

    refused = await sandbox.program.get("/inspections")

    assert (refused.status_code, refused.json()["code"]) == (401, "key_of_another_kind")


async def test_who_signs_in_is_told_that_it_is_a_sandbox(sandbox: Sandbox) -> None:
    assert (await sandbox.boss.get("/me")).json()["sandbox"] is True


async def test_a_list_of_cars_and_an_ordered_history_are_tests_as_well(sandbox: Sandbox) -> None:
    rows = [{"identifier": number("CLEAN", serial)} for serial in (1, 2)]
    job = await sandbox.program.post("/bulk-jobs", {"company_id": str(sandbox.company_id), "rows": rows})
    assert job.status_code == 202, job.text
    history = await sandbox.boss.post("/histories", {"text": number("BREAK")})
    assert history.status_code == 202, history.text
    await sandbox.settle()
    listed = (await sandbox.program.get("/inspections")).json()["items"]

    assert [one["is_test"] for one in listed] == [True, True]
    ready = (await sandbox.boss.get(f"/histories/{history.json()['id']}")).json()
    assert (ready["is_test"], ready["made_at"] is not None) == (True, True)


def test_a_sandbox_asks_no_source(bpa_settings: BpaSettings) -> None:
    with pytest.raises(ValidationError, match="SOURCES"):
        BpaSettings.model_validate(bpa_settings.model_dump() | {"sources": ("rdw",), "sandbox": True})


def test_both_services_are_live_unless_they_are_told(
    cabinet_settings: CabinetSettings, bpa_settings: BpaSettings
) -> None:
    for settings in (cabinet_settings, bpa_settings):
        assert type(settings).model_fields["sandbox"].default is False
