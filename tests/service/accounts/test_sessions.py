"""How browsers carry a session."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import delete, func, select

from cabinet_service.accounts import service
from cabinet_service.accounts.models import SignInSession
from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.settings import COOKIE, Settings
from service_kit.db import database_now
from tests.service.accounts.conftest import Ask
from tests.support.api import BASE_URL, running
from tests.support.clients import sign_in

REFRESH_COOKIE = f"{COOKIE}_refresh"
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
NEW_NAME = {"display_name": "Anna"}


async def sign_in_with_cookie(api: httpx.AsyncClient, ask: Ask) -> httpx.Response:
    challenge_id, code = await ask()
    return await api.post(
        "/api/v1/auth/sessions",
        json={"challenge_id": challenge_id, "code": code, "carrier": "cookie"},
        headers=OWN_PAGE,
    )


def cookies_of(answer: httpx.Response) -> list[set[str]]:
    """The attributes of the cookies: of access, of refresh, and by which the device is known again."""
    return [set(text.lower().split("; ")[1:]) for text in answer.headers.get_list("set-cookie")]


async def test_a_browser_gets_cookies_that_scripts_cannot_read(
    cabinet_api: httpx.AsyncClient, ask: Ask
) -> None:
    answer = await sign_in_with_cookie(cabinet_api, ask)
    assert answer.status_code == 201
    assert answer.json()["token"] is None
    assert answer.json()["refresh_token"] is None
    access, refresh, device = cookies_of(answer)
    assert access == {
        "httponly",
        "samesite=lax",
        "path=/",
        "max-age=600",
    }  # not secure: this one is plain http
    assert refresh == {"httponly", "samesite=strict", "path=/api/v1/auth", f"max-age={90 * 24 * 3600}"}
    assert device == {"httponly", "samesite=strict", "path=/api/v1/auth", f"max-age={400 * 24 * 3600}"}
    assert (await cabinet_api.get("/api/v1/me")).status_code == 200


async def test_over_https_the_cookie_is_for_https_only(cabinet_settings: Settings, ask: Ask) -> None:
    settings = cabinet_settings.model_copy(update={"public_url": "https://cabinet.example.com"})
    async with running(create_app(settings)) as api:
        answer = await sign_in_with_cookie(api, ask)
    assert all("secure" in attributes for attributes in cookies_of(answer))


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


async def test_a_bearer_token_needs_no_page(cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts) -> None:
    client = await sign_in(cabinet_ports)
    headers = client.headers | {"Sec-Fetch-Site": "cross-site"}
    assert (await cabinet_api.patch("/api/v1/me", json=NEW_NAME, headers=headers)).status_code == 200


async def test_our_own_page_refreshes_with_the_cookie(cabinet_api: httpx.AsyncClient, ask: Ask) -> None:
    await sign_in_with_cookie(cabinet_api, ask)
    used = cabinet_api.cookies[REFRESH_COOKIE]
    answer = await cabinet_api.post("/api/v1/auth/tokens", headers=OWN_PAGE)
    assert (answer.status_code, answer.json()["token"], answer.json()["refresh_token"]) == (200, None, None)
    assert cabinet_api.cookies[REFRESH_COOKIE] != used
    assert (await cabinet_api.get("/api/v1/me")).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}]
)
async def test_no_other_page_refreshes_with_the_cookie(
    cabinet_api: httpx.AsyncClient, ask: Ask, headers: dict[str, str]
) -> None:
    await sign_in_with_cookie(cabinet_api, ask)
    answer = await cabinet_api.post("/api/v1/auth/tokens", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_request")
    assert "set-cookie" not in answer.headers


async def test_a_browser_whose_session_ended_gives_its_cookies_back(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, ask: Ask
) -> None:
    await sign_in_with_cookie(cabinet_api, ask)
    async with cabinet_ports.backbone.database.writing() as session:
        await session.execute(delete(SignInSession))
    answer = await cabinet_api.post("/api/v1/auth/tokens", headers=OWN_PAGE)
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")
    assert [
        name for name in cabinet_api.cookies if "_device_" not in name
    ] == []  # a known device stays known


async def test_signing_out_takes_the_cookies_back(cabinet_api: httpx.AsyncClient, ask: Ask) -> None:
    await sign_in_with_cookie(cabinet_api, ask)
    token = cabinet_api.cookies[COOKIE]
    answer = await cabinet_api.delete("/api/v1/auth/sessions/current", headers=OWN_PAGE)
    assert answer.status_code == 204
    assert [
        name for name in cabinet_api.cookies if "_device_" not in name
    ] == []  # a known device stays known
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


async def test_what_has_expired_is_forgotten(cabinet_ports: ApiPorts, ask: Ask) -> None:
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
