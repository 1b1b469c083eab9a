"""Bad input through the running services: each gets its clear problem, and nothing of what was there is lost."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from deploy.demo.people import Client, Expert, Json, Refused, wait_for
from deploy.embedded.stack import Stack
from tests.factories.photos import bomb_png, jpeg, truncated_jpeg
from tests.flows.conftest import VIN, VIN_CLAIM, People, in_database

pytestmark = pytest.mark.busless
Send = Callable[[Client], str]
MEGABYTE: Final = 1024 * 1024


@pytest.fixture(scope="module")
def client(stack: Stack) -> Iterator[Client]:
    with ExitStack() as open_clients:
        client = open_clients.enter_context(Client(stack.cabinet.url))
        client.sign_in("careless@example.com")
        yield client


def refusal(act: Callable[[], Any]) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.problem["detail"]
    return refused.value.status, refused.value.code


def raw(client: Client, method: str, path: str, **options: Any) -> httpx.Response:
    """A request as a broken program would send it."""
    headers = {
        "Authorization": client.headers["Authorization"],
        "Idempotency-Key": uuid4().hex,
        **options.pop("headers", {}),
    }
    return httpx.request(method, f"{client.base_url}{path}", headers=headers, timeout=60, **options)


@pytest.mark.parametrize(
    ("typed", "issue"),
    [
        ("SAL1A2A4OSA606662", "vin_bad_character"),
        ("SAL1A2A40SA60666I", "vin_bad_character"),
        ("SAL1A2A40SA60666Q", "vin_bad_character"),
        ("SAL1A2A40SA60666", "vin_too_short"),
        ("SAL1A2A40SA6066621", "vin_too_long"),
        (" - * ", "identifier_empty"),
        ("🚗" * 17, "vin_bad_character"),
        ("A" * 100, "identifier_too_long"),
    ],
)
def test_a_wrong_number_is_kept_as_typed_and_named_at_submit(
    client: Client, photo: Callable[[], bytes], typed: str, issue: str
) -> None:
    draft = client.start({"identifier": typed, "identifier_kind": "vin"})
    assert issue in [found["code"] for found in draft["claim"]["identifier_reading"]["issues"]]
    client.upload(draft["id"], "vin_stamped", photo())
    with pytest.raises(Refused) as refused:
        client.submit(draft["id"])
    assert (refused.value.status, refused.value.code) == (409, "inspection_incomplete")
    client.call("PATCH", f"/inspections/{draft['id']}", {"claim": {"identifier": VIN}})
    assert client.submit(draft["id"])["state"] == "submitted"


def test_cyrillic_letters_are_read_as_what_they_look_like_and_shown(client: Client) -> None:
    draft = client.start({"identifier": "ХТА21099043576192"})
    identifier = draft["claim"]["identifier_reading"]
    assert identifier["value"] == "XTA21099043576192"
    assert {(change["typed"], change["became"]) for change in identifier["changes"]} >= {
        ("Х", "X"),
        ("Т", "T"),
    }
    assert identifier["issues"] == []


def test_a_frame_number_is_no_wrong_vin(client: Client, photo: Callable[[], bytes]) -> None:
    draft = client.start({"identifier": "sv30-0169266"})
    assert draft["claim"]["identifier_reading"]["kind"] == "frame"
    client.upload(draft["id"], "vin_plate", photo())
    assert client.submit(draft["id"])["claim"]["identifier_reading"]["value"] == "SV30-0169266"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.jpg", b"", "photo_empty"),
        ("words.jpg", b"I am a text and no photo.\n" * 100, "photo_type_unknown"),
        ("bomb.png", bomb_png(), "photo_too_many_pixels"),
        ("half.jpg", truncated_jpeg(), "photo_truncated"),
        ("page.jpg", jpeg() + b"<html><script>alert(1)</script>", "photo_polyglot"),
    ],
)
def test_what_is_no_photo_is_refused_by_name(client: Client, name: str, content: bytes, code: str) -> None:
    draft = client.start(VIN_CLAIM)
    status, found = refusal(lambda: client.upload(draft["id"], "vin_stamped", content, name=name))
    assert (found, 400 <= status < 500) == (code, True)
    assert client.inspection(draft["id"])["evidence"] == []


def test_a_photo_of_60_megabytes_is_refused_with_a_word(client: Client) -> None:
    draft = client.start(VIN_CLAIM)
    status, code = refusal(lambda: client.upload(draft["id"], "vin_stamped", jpeg() + bytes(60 * MEGABYTE)))
    assert (status, code) in ((413, "body_too_large"), (413, "photo_too_large"))
    assert client.inspection(draft["id"])["evidence"] == []


def test_a_photo_that_changed_on_the_way_is_refused(client: Client) -> None:
    draft = client.start(VIN_CLAIM)
    answer = raw(
        client,
        "POST",
        f"/inspections/{draft['id']}/evidence",
        data={"shot": "vin_stamped", "sha256": "0" * 64},
        files={"file": ("photo.jpg", jpeg(), "image/jpeg")},
    )
    assert answer.json()["code"] == "sha256_mismatch"
    assert client.inspection(draft["id"])["evidence"] == []


def test_of_200_photos_the_first_60_stay(client: Client) -> None:
    draft = client.start(VIN_CLAIM)

    def upload(number: int) -> str:
        try:
            return client.upload(draft["id"], "other", jpeg(200 + number, 100))["id"]
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(upload, range(200)))
    assert outcomes.count("too_many_photos") == 140
    kept = client.inspection(draft["id"])["evidence"]
    assert sorted(photo["id"] for photo in kept) == sorted(o for o in outcomes if o != "too_many_photos")


def test_the_same_photo_twice_is_one(client: Client) -> None:
    draft, picture = client.start(VIN_CLAIM), jpeg(333, 222)
    first = client.upload(draft["id"], "front", picture)
    assert client.upload(draft["id"], "front", picture)["id"] == first["id"]
    assert len(client.inspection(draft["id"])["evidence"]) == 1


def test_a_submit_of_nothing_names_all_that_is_missing(client: Client) -> None:
    draft = client.start()
    with pytest.raises(Refused) as refused:
        client.submit(draft["id"])
    assert refused.value.code == "inspection_incomplete"
    assert set(refused.value.problem["params"]["missing"]) == {"identifier", "vin_place_photo"}


def test_two_submits_with_one_key_are_one(people: People, photo: Callable[[], bytes]) -> None:
    client = people.client()
    inspection_id: str = client.start(VIN_CLAIM)["id"]
    client.upload(inspection_id, "vin_stamped", photo())
    key = uuid4().hex
    barrier = threading.Barrier(2)

    def submit(_number: int) -> Json:
        barrier.wait()
        return client.submit(inspection_id, key=key)

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(submit, range(2))
    assert first == second
    page = client.get(f"/inspections/{inspection_id}/timeline?limit=200")
    assert [entry["kind"] for entry in page["items"]].count("submitted") == 1


def test_a_second_submit_with_another_key_is_refused(client: Client, send: Send) -> None:
    inspection_id = send(client)
    status, _ = refusal(lambda: client.submit(inspection_id))
    assert status == 409


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (json.dumps({"text": "x" * MEGABYTE}).encode(), "application/json", "body_too_large"),
        (b'{"text": "unfinished', "application/json", "invalid_json"),
        (b'{"text": "a\\u0000b"}', "application/json", "forbidden_character"),
        (b'{"text": "\\ud83d"}', "application/json", "forbidden_character"),
        (b'{"text": "hello"}', "text/plain", "unsupported_media_type"),
        (b"text=hello", "application/x-www-form-urlencoded", "unsupported_media_type"),
        (b'{"text": "hello", "urgent": true}', "application/json", "malformed_request"),
        (b'{"text": ["hello"]}', "application/json", "malformed_request"),
        (b'{"text": "   "}', "application/json", "malformed_request"),
        (json.dumps({"text": "x" * 8001}).encode(), "application/json", "malformed_request"),
    ],
)
def test_a_bad_message_is_refused_and_not_posted(
    client: Client, send: Send, body: bytes, content_type: str, code: str
) -> None:
    inspection_id = send(client)
    path = f"/inspections/{inspection_id}/messages"
    answer = raw(client, "POST", path, content=body, headers={"Content-Type": content_type})
    assert (answer.status_code < 500, answer.json()["code"]) == (True, code)
    assert client.get(path)["items"] == []


def test_emoji_and_right_to_left_text_arrive_as_they_were_written(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id = send(client)
    text = "\u202bهل الرقم أصلي؟\u202c 👨‍👩‍👧 e\u0301 Ёж"
    client.call("POST", f"/inspections/{inspection_id}/messages", {"text": text})

    def seen() -> str | None:
        try:
            messages = expert.case(inspection_id)["messages"]
        except Refused:
            return None
        return messages[0]["text"] if messages else None

    assert wait_for(seen, "the message") == text


def test_a_code_works_once(stack: Stack) -> None:
    with Client(stack.cabinet.url) as client:
        challenge = client.call("POST", "/auth/codes", {"contact": "once@example.com"})
        body = {"challenge_id": challenge["challenge_id"], "carrier": "bearer"}
        code = wait_for(
            lambda: next((mail["code"] for mail in client.mails_to("once@example.com")), None), "the code", 15
        )
        client.call("POST", "/auth/sessions", {**body, "code": code})
        again = refusal(lambda: client.call("POST", "/auth/sessions", {**body, "code": code}))
        assert again == (403, "code_used")


def test_a_code_expires(stack: Stack) -> None:
    with Client(stack.cabinet.url) as client:
        challenge = client.call("POST", "/auth/codes", {"contact": "late@example.com"})
        body = {"challenge_id": challenge["challenge_id"], "carrier": "bearer"}
        code = wait_for(
            lambda: next((mail["code"] for mail in client.mails_to("late@example.com")), None), "the code", 15
        )
        expire = "UPDATE sign_in_challenges SET expires_at = now() WHERE id = $1"
        in_database(stack, stack.cabinet, expire, challenge["challenge_id"])
        late = refusal(lambda: client.call("POST", "/auth/sessions", {**body, "code": code}))
        assert late == (403, "code_expired")


def test_only_who_holds_the_case_decides(people: People, send: Send) -> None:
    client, anna, boris = people.client(), people.expert("anna"), people.expert("boris")
    inspection_id = send(client)
    anna.wait_until(inspection_id, "queued")
    status, code = refusal(lambda: boris.decide(inspection_id, "clean", "Looks fine."))
    assert (status, code) == (409, "case_not_held")
    anna.claim(inspection_id)
    with pytest.raises(Refused) as refused:
        boris.decide(inspection_id, "clean", "Looks fine.")
    assert (refused.value.status, refused.value.code) == (409, "case_held_by_other")
    assert refused.value.problem["params"]["holder"]
    assert anna.case(inspection_id)["decisions"] == []


def test_a_stale_decision_is_refused_with_the_present_version(people: People, send: Send) -> None:
    client, expert = people.client(), people.expert("anna")
    inspection_id = send(client)
    expert.wait_until(inspection_id, "queued")
    expert.claim(inspection_id)
    stale = expert.case(inspection_id)["version"]
    client.call("POST", f"/inspections/{inspection_id}/messages", {"text": "Wait, there is more!"})
    wait_for(lambda: expert.case(inspection_id)["messages"] or None, "the message")
    body: Json = {
        "preliminary": False,
        "verdict": "insufficient_data",
        "summary": "Cannot be read.",
        "finding_ids": [],
        "not_covered": ["the number"],
    }
    path = f"/cases/{inspection_id}/decision"
    assert refusal(lambda: expert.call("POST", path, body, if_match=f'"{stale}"')) == (
        412,
        "version_conflict",
    )
    assert refusal(lambda: expert.call("POST", path, body)) == (428, "precondition_required")


def test_what_is_somebody_elses_does_not_exist(people: People, send: Send) -> None:
    mine, other = people.client(), people.client()
    inspection_id = send(mine)
    for path in ("", "/messages", "/clock", "/timeline", "/info-tasks", "/decisions"):
        assert refusal(lambda p=path: other.get(f"/inspections/{inspection_id}{p}")) == (404, "not_found")
    cancel = f"/inspections/{inspection_id}/cancellation"
    assert refusal(lambda: other.call("POST", cancel, {})) == (404, "not_found")


def test_a_client_is_no_expert(people: People, stack: Stack) -> None:
    client = people.client()
    with Expert(stack.bpa.url) as intruder:
        intruder.use_token(client.headers["Authorization"].removeprefix("Bearer "))
        assert refusal(lambda: intruder.get("/queue?view=all"))[0] == 401
