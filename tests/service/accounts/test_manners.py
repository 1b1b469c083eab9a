"""Rate limits, languages and bad input, as every route has them, shown on the accounts' own."""

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from cabinet_service.accounts.models import SignInChallenge
from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.settings import Settings
from tests.support.api import running
from tests.support.clients import sign_in

CODES = "/api/v1/auth/codes"


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


async def ask(api: httpx.AsyncClient, contact: str) -> httpx.Response:
    return await api.post(CODES, json={"contact": contact})


async def test_a_new_code_has_to_be_waited_for(cabinet_api: httpx.AsyncClient) -> None:
    first = await ask(cabinet_api, "anna@example.com")
    assert first.json()["resend_after"] < first.json()["expires_at"]
    again = await ask(cabinet_api, "ANNA@example.com")
    assert refused(again) == (429, "too_many_requests")
    assert 1 <= int(again.headers["retry-after"]) <= 30
    assert again.json()["params"]["retry_after"] == int(again.headers["retry-after"])
    assert (await ask(cabinet_api, "other@example.com")).status_code == 202


@pytest.mark.parametrize(
    "limit",
    [
        "codes_per_contact",
        "codes_per_contact_a_day",
        "codes_per_contact_and_address",
        "codes_per_contact_and_address_a_day",
        "codes_per_address",
    ],
)
async def test_codes_are_limited(cabinet_settings: Settings, limit: str) -> None:
    settings = cabinet_settings.model_copy(update={limit: "1/hour", "code_again_seconds": 1})
    again = "anna@example.com" if "contact" in limit else "boris@example.com"
    async with running(create_app(settings)) as api:
        first = await ask(api, "anna@example.com")
        await asyncio.sleep(1.1)  # or it would be the wait for the next code that refuses
        second = await ask(api, again)
    assert [first.status_code, second.status_code] == [202, 429]
    assert int(second.headers["retry-after"]) > 60


async def test_sign_ins_are_limited(cabinet_settings: Settings) -> None:
    settings = cabinet_settings.model_copy(update={"sign_ins_per_address": "2/hour"})
    body = {"challenge_id": "01a207e3-a59f-712e-962a-a0780d951677", "code": "000000", "carrier": "bearer"}
    async with running(create_app(settings)) as api:
        answers = [await api.post("/api/v1/auth/sessions", json=body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 429]
    assert int(answers[2].headers["retry-after"]) > 60


async def test_without_the_cache_nobody_signs_in(cabinet_settings: Settings, cabinet_ports: ApiPorts) -> None:
    settings = cabinet_settings.model_copy(update={"cache_url": "redis://127.0.0.1:1/0"})
    async with running(create_app(settings)) as api:
        answer = await ask(api, "anna@example.com")
        ready = await api.get("/readyz")
    assert refused(answer) == (503, "temporarily_unavailable")
    assert answer.headers["retry-after"]
    assert ready.status_code == 503
    assert [name for name, state in ready.json()["engines"].items() if state != "ok"] == ["cache"]
    async with cabinet_ports.backbone.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(SignInChallenge)) == 0


@pytest.mark.parametrize("contact", ["anna@example.com", "+7 921 123-45-67"])
async def test_in_production_a_channel_that_is_not_configured_is_refused(
    cabinet_settings: Settings, contact: str
) -> None:
    settings = cabinet_settings.model_copy(update={"environment": "production"})
    async with running(create_app(settings)) as api:
        assert refused(await ask(api, contact)) == (400, "channel_not_offered")
        assert refused(await api.get("/dev/outbox")) == (404, "not_found")
        assert refused(await api.get("/dev/outbox.json")) == (404, "not_found")


@pytest.mark.parametrize(
    ("accepted", "russian"),
    [
        ("ru", True),
        ("ru-RU,ru;q=0.9,en;q=0.8", True),
        ("en-US,en;q=0.9,ru;q=0.8", False),
        ("de", False),
        ("", False),
        ("ru;q=nonsense", False),
    ],
)
async def test_problems_speak_the_readers_language(
    cabinet_api: httpx.AsyncClient, accepted: str, russian: bool
) -> None:
    answer = await cabinet_api.get("/api/v1/me", headers={"Accept-Language": accepted})
    assert answer.json()["detail"] == ("Войдите, пожалуйста." if russian else "Please sign in.")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"contact": "anna@example.com\\u0000"}', (422, "forbidden_character")),
        (b'{"contact\\u0000": "anna@example.com"}', (422, "forbidden_character")),
        (b'{"contact": "\\ud800"}', (422, "forbidden_character")),
        (b'{"contact": "anna@example.com", "conntact": "x"}', (422, "malformed_request")),
        (b'{"contact": 5}', (422, "malformed_request")),
        (b'{"contact": null}', (422, "malformed_request")),
        (b'{"contact": ""}', (422, "malformed_request")),
        (b"{}", (422, "malformed_request")),
        (b"[]", (422, "malformed_request")),
        (b'{"contact": "' + b"a" * 300 + b'"}', (422, "malformed_request")),
        (b'{"contact": ', (400, "invalid_json")),
        (b'{"contact": NaN}', (400, "invalid_json")),
        (b"\xff\xfe", (400, "invalid_json")),
        (b"[" * 5000, (400, "invalid_json")),
        (b'{"contact": "' + b"a" * 1_000_000 + b'"}', (413, "body_too_large")),
    ],
)
async def test_bad_bodies_get_a_clear_error(
    cabinet_api: httpx.AsyncClient, body: bytes, expected: tuple[int, str]
) -> None:
    answer = await cabinet_api.post(CODES, content=body, headers={"Content-Type": "application/json"})
    assert refused(answer) == expected


async def test_an_error_points_at_the_field(cabinet_api: httpx.AsyncClient) -> None:
    answer = await cabinet_api.post(CODES, json={"contact": "a@example.com", "extra": 1})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/extra"]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "application/xml"]
)
async def test_a_body_that_is_not_declared_as_json_is_refused(
    cabinet_api: httpx.AsyncClient, content_type: str
) -> None:
    answer = await cabinet_api.post(
        CODES, content=b'{"contact": "anna@example.com"}', headers={"Content-Type": content_type}
    )
    assert refused(answer) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    "code", ["12345", "1234567", "12345a", "١٢٣٤٥٦", "１２３４５６", "-12345", "12 456", 123456, None]
)
async def test_what_cannot_be_a_code_does_not_count_as_a_try(
    cabinet_api: httpx.AsyncClient, code: Any
) -> None:
    challenge_id = (await ask(cabinet_api, "anna@example.com")).json()["challenge_id"]
    body = {"challenge_id": challenge_id, "code": code, "carrier": "bearer"}
    assert refused(await cabinet_api.post("/api/v1/auth/sessions", json=body)) == (422, "malformed_request")


@pytest.mark.parametrize("path", ["/api/v1/me%00", "/api/v1/me?x=%00", "/api/v1/me?x=%ff", "/%ed%a0%80"])
async def test_bad_addresses_get_a_clear_error(cabinet_api: httpx.AsyncClient, path: str) -> None:
    assert refused(await cabinet_api.get(path)) == (422, "forbidden_character")


async def test_a_wrong_method_gets_a_clear_error(cabinet_api: httpx.AsyncClient) -> None:
    assert refused(await cabinet_api.put("/api/v1/me", json={})) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"display_name": "  Анна 🚗  "}, "Анна 🚗"),
        ({"display_name": "\u202eאנה"}, "\u202eאנה"),
        ({"display_name": None}, None),
        ({"language": "en"}, "before"),
        ({"language": None}, "before"),
        ({}, "before"),
    ],
)
async def test_only_what_is_sent_is_changed(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, change: dict[str, Any], shown: str | None
) -> None:
    client = await sign_in(cabinet_ports)
    await cabinet_api.patch("/api/v1/me", json={"display_name": "before"}, headers=client.headers)
    answer = await cabinet_api.patch("/api/v1/me", json=change, headers=client.headers)
    account = answer.json()["account"]
    assert (answer.status_code, account["display_name"]) == (200, shown)
    assert account["language"] == (change.get("language") or "ru")
    assert (await cabinet_api.get("/api/v1/me", headers=client.headers)).json() == answer.json()


@pytest.mark.parametrize("change", [{"display_name": ""}, {"display_name": "x" * 201}, {"language": "de"}])
async def test_what_cannot_be_is_not_changed(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, change: dict[str, Any]
) -> None:
    client = await sign_in(cabinet_ports)
    answer = await cabinet_api.patch("/api/v1/me", json=change, headers=client.headers)
    assert refused(answer) == (422, "malformed_request")
