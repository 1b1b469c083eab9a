"""Each number of the sandbox leads to its outcome, through both services and the verbs that experts use."""

import json

import pytest

from cabinet_service.webhooks.sending import WebhookSender
from shared_schemas.identifiers import read_identifier
from shared_schemas.vin import makers
from shared_schemas.words import IdentifierKind
from tests.service.sandbox.conftest import Sandbox, number
from tests.support.partner_server import PartnerServer

SOMEBODYS = "SAL1A2A40SA606662"


@pytest.mark.parametrize(
    ("vehicle", "verdict"),
    [
        (number("CLEAN"), "clean"),
        (number("MAYBE"), "doubts"),
        (number("FAKED"), "forgery_signs"),
        (number("VAGUE"), "insufficient_data"),
        (SOMEBODYS, "insufficient_data"),
    ],
)
async def test_a_number_has_its_verdict_and_no_real_car_has_one(
    sandbox: Sandbox, vehicle: str, verdict: str
) -> None:
    answered = await sandbox.after(vehicle)

    assert (answered["state"], answered["decision"]["verdict"]) == ("answered", verdict)
    assert answered["is_test"] is True
    assert answered["expert"]["display_name"] == "Sandbox expert"
    assert bool(answered["decision"]["not_covered"]) is (verdict == "insufficient_data")
    assert all(finding["places"] for finding in answered["decision"]["findings"])


@pytest.mark.parametrize("word", ["CLEAN", "MAYBE", "FAKED", "VAGUE", "LATER", "ASKED", "BREAK", "ARGUE"])
def test_a_number_is_a_vin_of_no_maker_and_nothing_is_wrong_with_it(word: str) -> None:
    reading = read_identifier(number(word), None, this_year=2026)

    assert (reading.kind, reading.value, reading.ok, reading.issues) == (
        IdentifierKind.VIN,
        number(word),
        True,
        (),
    )
    assert not makers.is_given(reading.value[:3])


async def test_serial_numbers_make_cars_of_their_own(sandbox: Sandbox) -> None:
    first = await sandbox.order(number("CLEAN", 1))
    second = await sandbox.order(number("CLEAN", 2))
    again = await sandbox.program.post("/inspections", {"claim": {"identifier": number("CLEAN", 1)}})

    assert first["id"] != second["id"]
    assert (again.status_code, again.json()["id"]) == (200, first["id"])


async def test_the_company_is_told_of_a_test_as_of_anything_and_that_it_is_one(
    sandbox: Sandbox, partner: PartnerServer, sender: WebhookSender
) -> None:
    events = ["inspection.submitted", "inspection.queued", "inspection.answered"]
    path = f"/companies/{sandbox.company_id}/webhooks"
    webhook = (await sandbox.boss.post(path, {"url": partner.url, "events": events})).json()
    await sandbox.after(number("FAKED"))
    await sender.send_due()

    assert partner.types == events
    for one in partner.requests:
        assert one.verified(webhook["secret"])["data"]["is_test"] is True


async def test_a_report_says_on_every_page_that_it_is_about_no_car(sandbox: Sandbox) -> None:
    answered = await sandbox.after(number("CLEAN"))
    told = await sandbox.report(answered["id"])

    assert told["masthead"]["title"] == "Test report from the sandbox: it is about no car"
    assert told["fine_print"].startswith(f"Test {answered['number']}")
    assert "Consultative opinion" not in json.dumps(told)
    assert "A person gave this opinion" not in json.dumps(told)


async def test_a_question_is_asked_and_the_answer_comes_once_it_is_done(sandbox: Sandbox) -> None:
    asked = await sandbox.after(number("ASKED"))
    assert (asked["state"], asked["info_tasks"][0]["state"]) == ("waiting_client", "open")

    photo = await sandbox.program.send_file(asked["id"], sandbox.photo())
    answered = await sandbox.answer_task(asked, "fulfilment", {"evidence_ids": [photo.json()["id"]]})

    assert (answered["state"], answered["decision"]["verdict"]) == ("answered", "clean")


async def test_a_question_that_is_declined_leaves_nothing_to_answer_by(sandbox: Sandbox) -> None:
    asked = await sandbox.after(number("ASKED"))
    answered = await sandbox.answer_task(asked, "refusal", {"reason": "car_gone"})

    assert (answered["state"], answered["decision"]["verdict"]) == ("answered", "insufficient_data")


async def test_a_source_is_down_and_the_report_says_so(sandbox: Sandbox) -> None:
    answered = await sandbox.after(number("BREAK"))
    told = json.dumps(await sandbox.report(answered["id"]))

    assert answered["decision"]["verdict"] == "clean"
    assert answered["decision"]["not_covered"]
    assert "RDW Open Data" in told
    assert "did not answer" in told


async def test_a_dispute_changes_the_answer_of_the_number_that_is_for_it_once(sandbox: Sandbox) -> None:
    answered = await sandbox.after(number("ARGUE"))
    amended = await sandbox.dispute(answered)
    again = await sandbox.dispute(amended)

    versions = [
        (one["decision"]["version"], one["decision"]["verdict"]) for one in (answered, amended, again)
    ]
    assert versions == [(1, "doubts"), (2, "clean"), (3, "clean")]
    assert again["state"] == "answered"


async def test_a_dispute_of_any_other_answer_leaves_it_as_it_was(sandbox: Sandbox) -> None:
    disputed = await sandbox.dispute(await sandbox.after(number("FAKED")))

    assert (disputed["decision"]["version"], disputed["decision"]["verdict"]) == (2, "forgery_signs")


async def test_a_slow_one_waits_while_the_others_are_answered(sandbox: Sandbox) -> None:
    slow, quick = await sandbox.order(number("LATER")), await sandbox.order(number("CLEAN"))
    await sandbox.settle()

    assert (await sandbox.program.inspection(slow["id"]))["state"] == "queued"
    assert (await sandbox.program.inspection(quick["id"]))["state"] == "answered"


async def test_a_test_that_is_cancelled_is_left_alone(sandbox: Sandbox) -> None:
    sent = await sandbox.order(number("CLEAN"))
    assert (await sandbox.program.post(f"/inspections/{sent['id']}/cancellation", {})).status_code == 201
    await sandbox.settle()

    assert (await sandbox.program.inspection(sent["id"]))["state"] == "cancelled"
