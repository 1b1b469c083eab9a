"""What the experts ask the client for: photos and answers, given, declined and withdrawn."""

from collections.abc import Callable
from uuid import uuid4

from cabinet_service.api_ports import ApiPorts
from shared_schemas.events import bpa_v1 as said
from shared_schemas.words import Shot
from tests.service.inspections.conftest import Bpa, Case, Person, told

Photo = Callable[[], bytes]


async def test_a_task_is_fulfilled_with_a_photo(
    client: Person, case: Case, bpa: Bpa, photo: Photo, cabinet_ports: ApiPorts
) -> None:
    task_id = await case.ask(shot=Shot.VIN_STAMPED)
    await case.pause(task_id)
    waiting = (await client.get(case.path)).json()
    assert (waiting["state"], waiting["due_at"]) == ("waiting_client", None)
    [task] = waiting["info_tasks"]
    assert (task["id"], task["state"], task["blocking"]) == (str(task_id), "open", True)
    assert task["place"]["region"] == {"x": 0.1, "y": 0.2, "width": 0.3, "height": 0.4}
    assert (await client.get("/inspections")).json()["items"][0]["open_tasks"] == 1
    assert await told(cabinet_ports, case) == ["info_task"]

    path = f"{case.path}/info-tasks/{task_id}/fulfilment"
    without = await client.post(path, {"answer": "it is rusty there"})
    assert (without.status_code, without.json()["code"]) == (422, "info_task_needs_photo")
    foreign = await client.post(path, {"evidence_ids": [str(uuid4())]})
    assert (foreign.status_code, foreign.json()["code"]) == (422, "unknown_evidence")
    again = (await client.send_file(str(case.id), photo(), info_task_id=str(task_id))).json()
    done = await client.post(path, {"evidence_ids": [again["id"]], "answer": "got it 🚗"})
    assert (done.status_code, done.json()["state"]) == (201, "fulfilled")
    assert done.json()["evidence_ids"] == [again["id"]]
    names = await bpa.was_told(str(case.id))
    assert names == ["inspection.submitted", "inspection.evidence_added", "info_task.fulfilled"]
    assert (await bpa.envelopes(str(case.id)))[-1].data["answer"] == "got it 🚗"
    repeated = await client.post(path, {"evidence_ids": [again["id"]]})
    assert (repeated.status_code, repeated.json()["code"]) == (409, "info_task_already_fulfilled")
    refused = await client.post(f"{case.path}/info-tasks/{task_id}/refusal", {"reason": "other"})
    assert refused.json()["code"] == "info_task_already_fulfilled"
    assert await bpa.was_told(str(case.id)) == names
    await case.resume()
    assert (await client.get(case.path)).json()["state"] == "in_work"


async def test_photos_uploaded_for_a_task_need_not_be_named_again(
    client: Person, case: Case, photo: Photo
) -> None:
    task_id = await case.ask(shot=Shot.ODOMETER)
    sent = (await client.send_file(str(case.id), photo(), info_task_id=str(task_id))).json()
    done = await client.post(f"{case.path}/info-tasks/{task_id}/fulfilment", {})
    assert done.json()["evidence_ids"] == [sent["id"]]


async def test_a_question_wants_an_answer(client: Person, case: Case) -> None:
    task_id = await case.ask(blocking=False)
    path = f"{case.path}/info-tasks/{task_id}/fulfilment"
    for nothing in ({}, {"answer": "  "}):
        answer = await client.post(path, nothing)
        assert (answer.status_code, answer.json()["code"]) == (422, "info_task_needs_answer")
    assert (await client.post(path, {"answer": "2019 \u200f سنة"})).json()["answer"] == "2019 \u200f سنة"


async def test_a_task_is_declined_with_a_reason(client: Person, case: Case, bpa: Bpa) -> None:
    task_id = await case.ask(shot=Shot.ENGINE_NUMBER)
    path = f"{case.path}/info-tasks/{task_id}/refusal"
    assert (await client.post(path, {"reason": "no time"})).status_code == 422
    done = await client.post(path, {"reason": "no_access", "note": "The hood is locked."})
    assert (done.status_code, done.json()["state"]) == (201, "declined")
    event = (await bpa.envelopes(str(case.id)))[-1]
    assert (event.type, event.data["reason"]) == ("info_task.declined", "no_access")
    assert (await client.post(path, {"reason": "other"})).json()["code"] == "info_task_already_declined"
    unknown = await client.post(f"{case.path}/info-tasks/{uuid4()}/refusal", {"reason": "other"})
    assert unknown.status_code == 404


async def test_what_is_newer_than_the_promised_reasons_is_told_beside_one(
    client: Person, case: Case, bpa: Bpa
) -> None:
    """Whoever knows the promised reasons alone reads `other`."""
    task_id = await case.ask(shot=Shot.ENGINE_NUMBER)
    done = await client.post(f"{case.path}/info-tasks/{task_id}/refusal", {"reason": "unreadable"})
    assert done.status_code == 201
    answer = done.json()
    assert (answer["decline_reason"], answer["decline_detail"]) == ("other", "unreadable")
    event = (await bpa.envelopes(str(case.id)))[-1]
    assert (event.data["reason"], event.data["detail"]) == ("other", "unreadable")


async def test_a_withdrawn_task_is_no_longer_asked(client: Person, case: Case, bpa: Bpa) -> None:
    task_id, done_id = await case.ask(), await case.ask()
    path = f"{case.path}/info-tasks"
    await client.post(f"{path}/{done_id}/fulfilment", {"answer": "yes"})
    for one in (task_id, done_id):
        await case.say(said.InfoTaskWithdrawnV1, task_id=one, withdrawn_at=await bpa.now())
    states = {task["id"]: task["state"] for task in (await client.get(path)).json()}
    assert states == {str(task_id): "withdrawn", str(done_id): "fulfilled"}
    late = await client.post(f"{path}/{task_id}/fulfilment", {"answer": "yes"})
    assert (late.status_code, late.json()["code"]) == (409, "info_task_withdrawn")
