"""Bad input gets a clear problem, and nothing is lost or half done."""

import asyncio
import json
from typing import Any

import pytest

from tests.service.inspections.conftest import Bpa, Person, Submitted

JSON = {"Content-Type": "application/json", "Idempotency-Key": "a-key-of-its-own"}


async def test_a_message_of_a_megabyte_is_refused_and_8000_characters_are_not(
    client: Person, submitted: Submitted
) -> None:
    path = f"/inspections/{(await submitted())['id']}/messages"
    huge = await client.post(path, {"text": "a" * 1_000_000})
    assert (huge.status_code, huge.json()["code"]) == (413, "body_too_large")
    long = await client.post(path, {"text": "я" * 8001})
    assert (long.status_code, long.json()["code"]) == (422, "malformed_request")
    assert long.json()["errors"][0]["pointer"] == "/text"
    assert (await client.post(path, {"text": "🚗" * 8000})).status_code == 201
    assert len((await client.get(path)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("content", "headers", "status", "code"),
    [
        (b'{"text": "hello"', {}, 400, "invalid_json"),
        (b'{"text": NaN}', {}, 400, "invalid_json"),
        (b'{"text": "a\\u0000b"}', {}, 422, "forbidden_character"),
        (b'{"text": "a\\ud800b"}', {}, 422, "forbidden_character"),
        (b'{"text": "a", "te\\u0000xt": 1}', {}, 422, "forbidden_character"),
        (b'{"text": "hello", "txt": "?"}', {}, 422, "malformed_request"),
        (b'{"text": "   "}', {}, 422, "malformed_request"),
        (b'{"text": 7}', {}, 422, "malformed_request"),
        (b"[]", {}, 422, "malformed_request"),
        (b"", {}, 422, "malformed_request"),
        (b'{"text": "hello"}', {"Content-Type": "text/plain"}, 415, "unsupported_media_type"),
        (b'{"text": "hello"}', {"Idempotency-Key": ""}, 400, "idempotency_key_missing"),
        (b'{"text": "hello"}', {"Idempotency-Key": "short"}, 400, "idempotency_key_missing"),
    ],
)
async def test_a_malformed_message_is_refused(
    client: Person,
    submitted: Submitted,
    bpa: Bpa,
    content: bytes,
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    sent = await submitted()
    path = f"/inspections/{sent['id']}/messages"
    answer = await client.send("POST", path, content=content, headers=JSON | headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert await bpa.was_told(sent["id"]) == ["inspection.submitted"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"claim": {"year": 1700}}, "/claim/year"),
        ({"claim": {"mileage_km": -1}}, "/claim/mileage_km"),
        ({"claim": {"mileage_km": 10**30}}, "/claim/mileage_km"),
        ({"claim": {"advert_url": "javascript:alert(1)//://"}}, "/claim/advert_url"),
        ({"claim": {"advert_url": "http://"}}, "/claim/advert_url"),
        ({"claim": {"identifier": "X" * 201}}, "/claim/identifier"),
        ({"claim": {"identifier_kind": "engine"}}, "/claim/identifier_kind"),
        ({"claim": {"color": "red"}}, "/claim/color"),
        ({"worry": "x" * 8001}, "/worry"),
        ({"company_id": "1"}, "/company_id"),
        ({"state": "answered"}, "/state"),
    ],
)
async def test_a_wrong_field_of_a_draft_is_named(client: Person, body: dict[str, Any], pointer: str) -> None:
    answer = await client.post("/inspections", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert (await client.get("/inspections")).json()["items"] == []


@pytest.mark.parametrize(
    "params",
    [
        {"state": "lost"},
        {"limit": 0},
        {"limit": 201},
        {"updated_since": "yesterday"},
        {"updated_since": "0001-01-01T00:00:00+14:00"},
        {"company_id": "x"},
        {"q": "x" * 65},
        {"cursor": "not base64!"},
        {"cursor": "WyIyMDI1LTAxLTAxVDAwOjAwOjAwIiwieCJd"},
    ],
)
async def test_a_wrong_question_is_refused(client: Person, params: dict[str, Any]) -> None:
    answer = await client.get("/inspections", **params)
    assert answer.status_code in {400, 422}
    assert answer.json()["code"] in {"malformed_request", "bad_cursor"}


async def test_one_key_for_two_different_messages_is_refused(client: Person, submitted: Submitted) -> None:
    path = f"/inspections/{(await submitted())['id']}/messages"
    first = await client.post(path, {"text": "one"}, key="same-key")
    other = await client.post(path, {"text": "two"}, key="same-key")
    again = await client.post(path, {"text": "one"}, key="same-key")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (again.json(), again.headers["idempotency-replayed"]) == (first.json(), "true")
    assert [m["text"] for m in (await client.get(path)).json()["items"]] == ["one"]


async def test_two_drafts_opened_at_once_with_one_key_are_one(client: Person) -> None:
    answers = await asyncio.gather(*(client.post("/inspections", {}, key="one-draft") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({json.dumps(answer.json(), sort_keys=True) for answer in answers}) == 1
    assert len((await client.get("/inspections")).json()["items"]) == 1


async def test_a_client_who_is_not_signed_in_sees_nothing(client: Person) -> None:
    draft = await client.start()
    client.forget()
    path = f"/inspections/{draft['id']}"
    answers = [
        await client.get("/inspections"),
        await client.get(path),
        await client.get("/stream"),
        await client.post("/inspections", {}),
        await client.post(f"{path}/submit"),
        await client.patch(path, {}),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "not_signed_in")}
