"""The job from end to end, through both running services and everything between them."""

from collections.abc import Callable

import httpx
import pytest

from deploy.demo.people import Client, Expert, Refused, wait_for
from tests.factories.photos import jpeg
from tests.flows.answering import answer, clock_of
from tests.flows.conftest import VIN, People

Send = Callable[[Client], str]


def kinds(client: Client, inspection_id: str) -> list[str]:
    return [
        entry["kind"] for entry in client.get(f"/inspections/{inspection_id}/timeline?limit=200")["items"]
    ]


def same_ledger(client: Client, expert: Expert, inspection_id: str) -> bool:
    """Whether both sides read the same facts, figures and lines off the clock, which has stopped."""
    theirs, ours = clock_of(client, inspection_id), expert.get(f"/cases/{inspection_id}/clock")
    return all(theirs[name] == ours[name] for name in ("clock", "lines", "used_seconds", "paused_seconds"))


def test_an_inspection_is_answered(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id = send(client)
    case = expert.wait_until(inspection_id, "queued")
    assert case["claim"]["identifier"] == VIN
    assert case["worry"] == "Are the digits genuine?"
    assert [photo["shot"] for photo in case["evidence"]] == ["vin_stamped", "front"]
    expert.claim(inspection_id)
    assert client.wait_until(inspection_id, "in_work")["expert"]["display_name"]
    answer(expert, inspection_id)
    answered = client.wait_until(inspection_id, "answered")
    decision = answered["decision"]
    assert decision["verdict"] == "forgery_signs"
    [finding] = decision["findings"]
    assert finding["places"][0]["evidence_id"] == answered["evidence"][0]["id"]
    assert finding["places"][0]["region"]["height"] == 0.4
    clock = clock_of(client, inspection_id)
    assert clock["clock"]["stopped_at"] == decision["decided_at"]
    assert same_ledger(client, expert, inspection_id)


def test_the_expert_reads_what_was_said_in_place_of_photos(
    people: People, photo: Callable[[], bytes]
) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id: str = client.start({"plate": "А123ВС77"})["id"]
    nowhere = {"shot": "vin_stamped", "answer": "not_found"}
    locked = {"shot": "engine_number", "answer": "not_allowed"}
    client.call("PATCH", f"/inspections/{inspection_id}", {"shot_answers": [nowhere, locked]})
    client.upload(inspection_id, "vin_stamped", photo())  # where the number should be
    client.submit(inspection_id)
    assert expert.wait_until(inspection_id, "queued")["shot_answers"] == [nowhere, locked]
    client.upload(inspection_id, "engine_number", photo())

    def one_left() -> bool | None:
        return True if expert.case(inspection_id)["shot_answers"] == [nowhere] else None

    wait_for(one_left, "the answer to be taken back")
    assert client.inspection(inspection_id)["shot_answers"] == [nowhere]


def test_the_expert_sees_the_photo_byte_for_byte(people: People, photo: Callable[[], bytes]) -> None:
    client, expert = people.client(), people.expert("anna")
    original = photo()
    inspection_id: str = client.start({"identifier": VIN})["id"]
    client.upload(inspection_id, "vin_plate", original)
    client.submit(inspection_id)
    case = expert.wait_until(inspection_id, "queued")
    evidence_id = case["evidence"][0]["evidence_id"]
    seen = expert.open_photo(inspection_id, evidence_id, "original")
    assert seen.content == original
    assert "attachment" in seen.headers["content-disposition"]
    preview = expert.open_photo(inspection_id, evidence_id, "preview")
    assert preview.headers["content-type"] == "image/jpeg"
    tampered = str(seen.url).replace("original", "preview", 1)
    assert httpx.get(tampered).status_code in (401, 403)


def test_the_expert_begins_with_a_copy_and_answers_by_the_original(
    people: People, photo: Callable[[], bytes]
) -> None:
    client, expert = people.client(), people.expert("anna")
    original, copy = photo(), photo()
    inspection_id: str = client.start({"identifier": VIN})["id"]
    client.upload_copy(inspection_id, "vin_plate", original, copy)
    client.submit(inspection_id)
    [seen] = expert.wait_until(inspection_id, "queued")["evidence"]
    assert seen["original"] == "awaited"
    photo_path = f"/cases/{inspection_id}/evidence/{seen['evidence_id']}?variant="
    early = expert.open_photo(inspection_id, seen["evidence_id"], "preview")
    assert early.headers["content-type"] == "image/jpeg"
    with pytest.raises(Refused) as refused:
        expert.get(f"{photo_path}original")
    assert refused.value.code == "original_awaited"
    expert.claim(inspection_id)
    with pytest.raises(Refused) as refused:
        answer(expert, inspection_id)
    assert refused.value.problem["params"] == {"missing": ["original_awaited"]}

    assert client.upload(inspection_id, "vin_plate", original)["id"] == seen["evidence_id"]

    def held() -> bool | None:
        [now] = expert.case(inspection_id)["evidence"]
        return True if now["original"] == "held" else None

    wait_for(held, "the desk to be told of the original")
    assert expert.open_photo(inspection_id, seen["evidence_id"], "original").content == original
    answer(expert, inspection_id)
    client.wait_until(inspection_id, "answered")


def test_a_question_stops_the_clock_until_the_photo_comes(
    people: People, send: Send, photo: Callable[[], bytes]
) -> None:
    contact = "asked@example.com"
    client, expert = people.client(contact), people.expert("anna")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    task = expert.ask(inspection_id, "The last four digits from 20 cm, please.", shot="vin_stamped")
    expert.wait_until(inspection_id, "waiting_client")
    waiting = client.wait_until(inspection_id, "waiting_client")
    assert [(t["question"], t["state"]) for t in waiting["info_tasks"]] == [
        ("The last four digits from 20 cm, please.", "open")
    ]
    assert any(inspection_id in mail["text"] for mail in client.mails_to(contact))
    paused = clock_of(client, inspection_id)
    assert paused["reckoning"]["due_at"] is None
    assert paused["clock"]["pauses"][0]["cause"] == "client_info"
    better = client.upload(inspection_id, "vin_stamped", photo(), info_task_id=task["task_id"])
    client.fulfil(inspection_id, task["task_id"], {"evidence_ids": [better["id"]]})
    case = expert.wait_until(inspection_id, "in_work")
    assert better["id"] in [photo["evidence_id"] for photo in case["evidence"]]
    client.wait_until(inspection_id, "in_work")
    answer(expert, inspection_id)
    client.wait_until(inspection_id, "answered")
    clock = clock_of(client, inspection_id)
    reckoning = clock["reckoning"]
    assert reckoning["paused_seconds"] > 0
    assert reckoning["used_seconds"] + reckoning["paused_seconds"] == pytest.approx(reckoning["wall_seconds"])
    assert same_ledger(client, expert, inspection_id)
    with pytest.raises(Refused) as again:
        client.fulfil(inspection_id, task["task_id"], {"evidence_ids": [better["id"]]})
    assert again.value.status == 409


def test_a_question_that_does_not_block_never_stops_the_clock(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    task = expert.ask(inspection_id, "Which year does the seller name?", blocking=False)
    wait_for(lambda: client.inspection(inspection_id)["info_tasks"] or None, "the question")
    client.fulfil(inspection_id, task["task_id"], {"answer": "2019 🚗 سنة"})

    def answered() -> str | None:
        return next(
            (t["answer"] for t in expert.case(inspection_id)["info_tasks"] if t["state"] == "fulfilled"), None
        )

    assert wait_for(answered, "the answer") == "2019 🚗 سنة"
    assert clock_of(client, inspection_id)["clock"]["pauses"] == []


def test_a_refused_task_resumes_the_clock_and_says_why(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    task = expert.ask(inspection_id, "The engine number, please.", shot="engine_number")
    client.wait_until(inspection_id, "waiting_client")
    client.refuse(
        inspection_id, task["task_id"], {"reason": "no_access", "note": "The seller won't open it."}
    )
    case = expert.wait_until(inspection_id, "in_work")
    [declined] = [t for t in case["info_tasks"] if t["task_id"] == task["task_id"]]
    assert declined["state"] == "declined"
    assert declined["decline_reason"] == "no_access"
    client.wait_until(inspection_id, "in_work")


def test_messages_go_both_ways(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    client.call("POST", f"/inspections/{inspection_id}/messages", {"text": "Is it urgent? \u200fمرحبا 👋"})

    def read(person: Client | Expert, path: str, count: int) -> list[str]:
        def texts() -> list[str] | None:
            found = person.get(path)
            messages = found["items"] if "items" in found else found["messages"]
            return [m["text"] for m in messages] if len(messages) == count else None

        return wait_for(texts, "the message")

    assert read(expert, f"/cases/{inspection_id}", 1) == ["Is it urgent? \u200fمرحبا 👋"]
    expert.call("POST", f"/cases/{inspection_id}/messages", {"text": "A few minutes."})
    assert "A few minutes." in read(client, f"/inspections/{inspection_id}/messages", 2)


def test_a_second_opinion_is_heard_before_the_answer(people: People, send: Send) -> None:
    client, expert, senior = people.client(), people.expert("anna"), people.expert("vera")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    expert.call("POST", f"/cases/{inspection_id}/second-opinion", {"question": "Genuine font?"})
    client.wait_until(inspection_id, "second_opinion")
    with pytest.raises(Refused) as refused:
        answer(expert, inspection_id)
    assert refused.value.status == 409
    senior.call(
        "POST",
        f"/cases/{inspection_id}/second-opinion/answer",
        {"verdict": "doubts", "text": "The 6 is not the plant's."},
    )
    client.wait_until(inspection_id, "in_work")
    answer(expert, inspection_id, "doubts")
    assert client.wait_until(inspection_id, "answered")["decision"]["verdict"] == "doubts"


def test_a_preliminary_word_comes_first_and_the_clock_runs_on(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    expert.decide(
        inspection_id,
        "doubts",
        "Do not pay a deposit yet.",
        preliminary=True,
        not_covered=["the history of the car"],
    )
    wait_for(lambda: client.inspection(inspection_id)["decision"], "the preliminary word")
    inspection = client.inspection(inspection_id)
    assert inspection["state"] == "in_work"
    assert inspection["decision"]["summary"] == "Do not pay a deposit yet."
    assert clock_of(client, inspection_id)["clock"]["stopped_at"] is None
    answer(expert, inspection_id)
    assert client.wait_until(inspection_id, "answered")["decision"]["verdict"] == "forgery_signs"
    assert [d["version"] for d in client.get(f"/inspections/{inspection_id}/decisions")] == [1, 2]


def test_what_cannot_be_worked_on_is_said_to_be(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    expert.call(
        "POST", f"/cases/{inspection_id}/unprocessable", {"reason": "not_a_vehicle", "note": "A boat."}
    )
    client.wait_until(inspection_id, "unprocessable")
    with pytest.raises(Refused) as refused:
        client.call("POST", f"/inspections/{inspection_id}/cancellation", {})
    assert refused.value.code == "inspection_is_over"


def test_an_answer_is_disputed_and_amended_by_somebody_else(people: People, send: Send) -> None:
    client, expert, senior = people.client(), people.expert("anna"), people.expert("vera")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    answer(expert, inspection_id)
    client.wait_until(inspection_id, "answered")
    [doubted] = client.inspection(inspection_id)["decision"]["findings"]
    papers = client.upload(inspection_id, "documents", jpeg(820, 600))["id"]
    said = {"finding_ids": [doubted["finding_id"]], "evidence_ids": [papers], "version": 1}
    body = {"reason": "It was re-marked with papers.", **said}
    client.call("POST", f"/inspections/{inspection_id}/disputes", body)
    case = senior.wait_until(inspection_id, "disputed")
    [opened] = case["disputes"]
    assert (opened["finding_ids"], opened["evidence_ids"]) == (said["finding_ids"], [papers])
    assert papers in {photo["evidence_id"] for photo in case["evidence"]}
    with pytest.raises(Refused) as own:
        expert.claim(inspection_id)
    assert own.value.code == "own_answer_disputed"
    senior.claim(inspection_id)
    version = senior.case(inspection_id)["version"]
    finding_ids = [finding["finding_id"] for finding in case["findings"]]
    senior.call(
        "POST",
        f"/cases/{inspection_id}/amendments",
        {
            "preliminary": False,
            "verdict": "doubts",
            "summary": "Legally re-marked; ask for the certificate.",
            "finding_ids": finding_ids,
            "not_covered": [],
            "reason": "The certificate was shown.",
        },
        if_match=f'"{version}"',
    )
    amended = client.wait_until(inspection_id, "answered")
    assert amended["decision"]["verdict"] == "doubts"
    assert amended["decision"]["reason"] == "The certificate was shown."
    assert "decision_amended" in " ".join(kinds(client, inspection_id)).replace(".", "_")
