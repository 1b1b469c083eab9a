"""What carries a session, and how long it lasts."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import func, select, update

from cabinet_service.accounts import service
from cabinet_service.accounts.models import SignInSession
from cabinet_service.entrypoints.api import create_app
from cabinet_service.ports import Ports
from cabinet_service.settings import COOKIE, Settings
from service_kit.db import database_now
from tests.service.accounts.conftest import Ask
from tests.support.api import BASE_URL, running
from tests.support.clients import sign_in

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
NEW_NAME = {"display_name": "Anna"}


async def sign_in_with_cookie(api: httpx.AsyncClient, ask: Ask) -> httpx.Response:
    challenge_id, code = await ask()
    return await api.post(
        "/api/v1/auth/sessions",
        json={"challenge_id": challenge_id, "code": code, "carrier": "cookie"},
        headers=OWN_PAGE,
    )


async def test_a_browser_gets_a_cookie_that_scripts_cannot_read(
    cabinet_api: httpx.AsyncClient, ask: Ask
) -> None:
    answer = await sign_in_with_cookie(cabinet_api, ask)
    assert answer.status_code == 201
    assert answer.json()["token"] is None
    attributes = answer.headers["set-cookie"].lower().split("; ")
    assert {"httponly", "samesite=lax", "path=/"} <= set(attributes)
    assert "secure" not in attributes  # this one is plain http
    assert (await cabinet_api.get("/api/v1/me")).status_code == 200


async def test_over_https_the_cookie_is_for_https_only(cabinet_settings: Settings, ask: Ask) -> None:
    settings = cabinet_settings.model_copy(update={"public_url": "https://cabinet.example.com"})
    async with running(create_app(settings)) as api:
        answer = await sign_in_with_cookie(api, ask)
    assert "secure" in answer.headers["set-cookie"].lower().split("; ")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": BASE_URL},
    ],
)
async def test_our_own_page_acts_with_the_cookie(
    cabinet_api: httpx.AsyncClient, ask: Ask, headers: dict[str, str]
) -> None:
    await sign_in_with_cookie(cabinet_api, ask)
    answer = await cabinet_api.patch("/api/v1/me", json=NEW_NAME, headers=headers)
    assert (answer.status_code, answer.json()["account"]["display_name"]) == (200, "Anna")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": BASE_URL},
        {"Origin": "https://elsewhere.example"},
        {"Origin": f"{BASE_URL}.elsewhere.example"},
        {"Origin": "null"},
    ],
)
async def test_no_other_page_acts_with_the_cookie(
    cabinet_api: httpx.AsyncClient, ask: Ask, headers: dict[str, str]
) -> None:
    await sign_in_with_cookie(cabinet_api, ask)
    answer = await cabinet_api.patch("/api/v1/me", json=NEW_NAME, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_request")
    signed_out = await cabinet_api.delete("/api/v1/auth/sessions/current", headers=headers)
    assert signed_out.status_code == 403
    assert (await cabinet_api.get("/api/v1/me")).json()["account"]["display_name"] is None


async def test_no_other_page_signs_a_browser_in(cabinet_api: httpx.AsyncClient, ask: Ask) -> None:
    challenge_id, code = await ask()
    answer = await cabinet_api.post(
        "/api/v1/auth/sessions",
        json={"challenge_id": challenge_id, "code": code, "carrier": "cookie"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_request")
    assert "set-cookie" not in answer.headers


async def test_a_bearer_token_needs_no_page(cabinet_api: httpx.AsyncClient, cabinet_ports: Ports) -> None:
    client = await sign_in(cabinet_ports)
    headers = client.headers | {"Sec-Fetch-Site": "cross-site"}
    assert (await cabinet_api.patch("/api/v1/me", json=NEW_NAME, headers=headers)).status_code == 200


async def test_signing_out_takes_the_cookie_back(cabinet_api: httpx.AsyncClient, ask: Ask) -> None:
    await sign_in_with_cookie(cabinet_api, ask)
    token = cabinet_api.cookies[COOKIE]
    answer = await cabinet_api.delete("/api/v1/auth/sessions/current", headers=OWN_PAGE)
    assert answer.status_code == 204
    assert COOKIE not in cabinet_api.cookies
    kept = await cabinet_api.get("/api/v1/me", headers={"Cookie": f"{COOKIE}={token}"})
    assert kept.status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer nonsense"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic YTpi"},
        {"Cookie": f"{COOKIE}=nonsense"},
    ],
)
async def test_without_a_session_there_is_no_me(
    cabinet_api: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await cabinet_api.get("/api/v1/me", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_session_ends_at_its_time(cabinet_api: httpx.AsyncClient, cabinet_ports: Ports) -> None:
    client = await sign_in(cabinet_ports)
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(update(SignInSession).values(expires_at=func.now()))
    assert (await cabinet_api.get("/api/v1/me", headers=client.headers)).status_code == 401


async def test_use_is_noted_once_a_minute(cabinet_ports: Ports) -> None:
    client = await sign_in(cabinet_ports)
    async with cabinet_ports.backbone.database.writing() as session:
        began = await session.scalar(select(SignInSession.last_seen_at))
        assert began is not None
        for seconds, seen_after in ((30, 0), (61, 61), (90, 61), (122, 122)):
            await service.note_seen(session, client.token, now=began + timedelta(seconds=seconds))
            assert await session.scalar(select(SignInSession.last_seen_at)) == began + timedelta(
                seconds=seen_after
            )


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_every_request_that_comes_late_enough_is_noted(
    cabinet_api: httpx.AsyncClient, cabinet_ports: Ports, method: str
) -> None:
    client = await sign_in(cabinet_ports)
    database = cabinet_ports.backbone.database
    async with database.writing() as session:
        before = await database_now(session) - timedelta(minutes=2)
        await session.execute(update(SignInSession).values(last_seen_at=before))
    answer = await cabinet_api.request(method, "/api/v1/me", headers=client.headers, json={})
    assert answer.status_code == 200
    async with database.reading() as session:
        seen = await session.scalar(select(SignInSession.last_seen_at))
    assert seen is not None
    assert seen > before


async def test_what_has_expired_is_forgotten(cabinet_ports: Ports, ask: Ask) -> None:
    client = await sign_in(cabinet_ports)
    await ask()
    async with cabinet_ports.backbone.database.writing() as session:
        now = await database_now(session)
        await service.forget_expired(session, now)
        assert await session.scalar(select(func.count()).select_from(SignInSession)) == 1
        await service.forget_expired(session, now + timedelta(days=365))
        assert await session.scalar(select(func.count()).select_from(SignInSession)) == 0
        assert await session.scalar(select(func.count()).select_from(service.SignInChallenge)) == 0
    assert client.account_id
