"""Signing in and out over the API."""

from collections.abc import AsyncGenerator
from typing import Any

import argon2
import httpx
import pytest

from bpa_service.adapters.argon2 import NOBODY, Argon2Passwords
from bpa_service.api_ports import ApiPorts
from bpa_service.audit import queries as audit
from bpa_service.entrypoints.app import create_app
from bpa_service.experts import queries, service
from bpa_service.experts.domain import Expert, Role
from bpa_service.experts.errors import WrongCredentials
from bpa_service.experts.service import PersonChange
from bpa_service.settings import Settings
from service_kit.db import database_now
from service_kit.paging import Page
from tests.support import experts
from tests.support.api import BASE_URL, running

PASSWORD = "correct horse battery"
OWN_PAGE = {"Origin": BASE_URL}


@pytest.fixture
async def anna(bpa_ports: ApiPorts) -> Expert:
    async with bpa_ports.backbone.database.writing() as session:
        return await service.add_person(
            session,
            login="anna",
            display_name="Anna",
            role=Role.EXPERT,
            password_hash=await bpa_ports.passwords.hash(PASSWORD),
            by=None,
            now=await database_now(session),
        )


async def change(ports: ApiPorts, expert: Expert, to: PersonChange) -> None:
    async with ports.backbone.database.writing() as session:
        await service.change_person(session, expert.id, to, by=None, now=await database_now(session))


async def sign_in(api: httpx.AsyncClient, **fields: str) -> httpx.Response:
    body = {"login": "anna", "password": PASSWORD, "carrier": "bearer"} | fields
    return await api.post("/api/v1/auth/sessions", json=body, headers=OWN_PAGE)


async def acts(ports: ApiPorts) -> list[str]:
    async with ports.backbone.database.reading() as session:
        return [entry.act for entry in await audit.entries(session, audit.AuditFilter(), Page(None, 50))]


async def stored_hash(ports: ApiPorts) -> str:
    async with ports.backbone.database.reading() as session:
        known = await queries.credential(session, "anna")
    assert known is not None
    return known.password_hash


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_the_right_password_gives_a_token_that_works(bpa_api: httpx.AsyncClient, anna: Expert) -> None:
    signed_in = await sign_in(bpa_api)
    me = await bpa_api.get("/api/v1/me", headers=bearer(signed_in.json()["token"]))

    assert signed_in.status_code == 201
    assert me.json() == signed_in.json()["expert"]
    assert me.json() == {
        "id": str(anna.id),
        "login": "anna",
        "display_name": "Anna",
        "role": "expert",
        "active": True,
    }


@pytest.mark.usefixtures("anna")
async def test_a_login_is_read_as_people_type_it(bpa_api: httpx.AsyncClient) -> None:
    assert (await sign_in(bpa_api, login=" Anna ")).status_code == 201


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("fields", [{"password": "wrong horse battery"}, {"login": "nobody"}])
async def test_a_wrong_password_and_an_unknown_login_are_answered_alike(
    bpa_api: httpx.AsyncClient, fields: dict[str, str]
) -> None:
    answer = await sign_in(bpa_api, **fields)

    assert (answer.status_code, answer.json()["code"]) == (401, "wrong_credentials")


async def test_who_was_switched_off_is_not_let_in(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, anna: Expert
) -> None:
    await change(bpa_ports, anna, PersonChange(active=False))

    answer = await sign_in(bpa_api)
    guess = await sign_in(bpa_api, password="wrong horse battery")

    assert (answer.status_code, answer.json()["code"]) == (403, "account_inactive")
    assert guess.json()["code"] == "wrong_credentials"


@pytest.mark.parametrize("to", [PersonChange(active=False), PersonChange(password_hash=NOBODY)])
async def test_sessions_end_with_the_access_they_were_given_for(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, anna: Expert, to: PersonChange
) -> None:
    token = (await sign_in(bpa_api)).json()["token"]

    await change(bpa_ports, anna, to)

    assert (await bpa_api.get("/api/v1/me", headers=bearer(token))).status_code == 401


@pytest.mark.usefixtures("anna")
async def test_sign_ins_and_refusals_are_on_the_audit_log(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts
) -> None:
    token = (await sign_in(bpa_api)).json()["token"]
    await sign_in(bpa_api, password="wrong horse battery")
    await bpa_api.delete("/api/v1/auth/sessions/current", headers=bearer(token))

    assert await acts(bpa_ports) == ["signed_out", "sign_in_refused", "signed_in", "person_added"]


async def test_a_hash_made_with_less_effort_is_made_anew(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, anna: Expert
) -> None:
    cheap = argon2.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    await change(bpa_ports, anna, PersonChange(password_hash=cheap))

    await sign_in(bpa_api, password="wrong horse battery")
    assert await stored_hash(bpa_ports) == cheap
    await sign_in(bpa_api)
    assert not bpa_ports.passwords.is_outdated(await stored_hash(bpa_ports))
    assert (await sign_in(bpa_api)).status_code == 201


@pytest.mark.usefixtures("anna")
async def test_a_signed_out_token_is_worth_nothing(bpa_api: httpx.AsyncClient) -> None:
    token = (await sign_in(bpa_api)).json()["token"]

    answer = await bpa_api.delete("/api/v1/auth/sessions/current", headers=bearer(token))

    assert answer.status_code == 204
    assert (await bpa_api.get("/api/v1/me", headers=bearer(token))).status_code == 401


@pytest.mark.usefixtures("anna")
async def test_a_copied_token_is_on_the_audit_log(bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts) -> None:
    tokens = (await sign_in(bpa_api)).json()
    used = {"refresh_token": tokens["refresh_token"]}
    newer = (await bpa_api.post("/api/v1/auth/tokens", json=used)).json()
    await bpa_api.post("/api/v1/auth/tokens", json={"refresh_token": newer["refresh_token"]})

    answer = await bpa_api.post("/api/v1/auth/tokens", json=used)

    assert (answer.status_code, answer.json()["code"]) == (401, "refresh_token_reused")
    assert (await acts(bpa_ports))[0] == "refresh_token_reused"


async def test_a_new_role_counts_from_the_next_request_on(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts, anna: Expert
) -> None:
    token = (await experts.sign_in(bpa_ports, Role.EXPERT, "anna")).token
    before = await bpa_api.get("/api/v1/people", headers=bearer(token))

    await change(bpa_ports, anna, PersonChange(role=Role.SHIFT_LEAD))

    after = await bpa_api.get("/api/v1/people", headers=bearer(token))
    assert [before.status_code, after.status_code] == [403, 200]


@pytest.mark.parametrize("headers", [{}, bearer("made-up"), {"Authorization": "Basic YTpi"}])
async def test_without_a_valid_token_nobody_is_signed_in(
    bpa_api: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    answer = await bpa_api.get("/api/v1/me", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.usefixtures("anna")
class TestCookies:
    async def test_a_browser_gets_a_cookie_that_scripts_cannot_read(self, bpa_api: httpx.AsyncClient) -> None:
        answer = await sign_in(bpa_api, carrier="cookie")

        access, refresh, device = answer.headers.get_list("set-cookie")
        assert {"httponly", "samesite=lax", "path=/"} <= set(access.lower().split("; "))
        for narrow in (refresh, device):
            assert {"httponly", "samesite=strict", "path=/api/v1/auth"} <= set(narrow.lower().split("; "))
        assert answer.json()["token"] is None
        assert (await bpa_api.get("/api/v1/me")).status_code == 200

    async def test_over_https_it_travels_by_https_only(self, bpa_settings: Settings) -> None:
        settings = bpa_settings.model_copy(update={"public_url": "https://desk.example"})
        async with running(create_app(settings)) as api:
            body = {"login": "anna", "password": PASSWORD, "carrier": "cookie"}
            answer = await api.post(
                "/api/v1/auth/sessions", json=body, headers={"Origin": "https://desk.example"}
            )

        assert all("; secure" in cookie.lower() for cookie in answer.headers.get_list("set-cookie"))

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Origin": "https://elsewhere.example"},
            {"Origin": BASE_URL, "Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
    )
    async def test_another_site_cannot_act_with_it(
        self, bpa_api: httpx.AsyncClient, headers: dict[str, str]
    ) -> None:
        await sign_in(bpa_api, carrier="cookie")

        answer = await bpa_api.delete("/api/v1/auth/sessions/current", headers=headers)

        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site_request")
        assert (await bpa_api.get("/api/v1/me")).status_code == 200

    @pytest.mark.parametrize("headers", [OWN_PAGE, {"Sec-Fetch-Site": "same-origin"}])
    async def test_our_own_page_can(self, bpa_api: httpx.AsyncClient, headers: dict[str, str]) -> None:
        await sign_in(bpa_api, carrier="cookie")

        answer = await bpa_api.delete("/api/v1/auth/sessions/current", headers=headers)

        assert answer.status_code == 204
        assert [
            name for name in bpa_api.cookies if "_device_" not in name
        ] == []  # a known device stays known

    async def test_another_site_cannot_sign_a_browser_in(self, bpa_api: httpx.AsyncClient) -> None:
        body = {"login": "anna", "password": PASSWORD, "carrier": "cookie"}
        answer = await bpa_api.post(
            "/api/v1/auth/sessions", json=body, headers={"Sec-Fetch-Site": "cross-site"}
        )

        assert answer.status_code == 403


class TestLimits:
    @pytest.fixture
    async def api(self, bpa_settings: Settings) -> AsyncGenerator[httpx.AsyncClient]:
        limits = {"sign_ins_per_address": "4/hour", "sign_ins_per_login_and_address": "2/hour"}
        async with running(create_app(bpa_settings.model_copy(update=limits))) as client:
            yield client

    async def refusal(self, api: httpx.AsyncClient, login: str) -> Any:
        answer = await sign_in(api, login=login)
        return answer.status_code, answer.json()["code"]

    async def test_one_login_is_tried_a_few_times_only(self, api: httpx.AsyncClient) -> None:
        assert await self.refusal(api, "anna") == (401, "wrong_credentials")
        assert await self.refusal(api, "Anna") == (401, "wrong_credentials")

        limited = await sign_in(api, login="anna")

        assert (limited.status_code, limited.json()["code"]) == (429, "too_many_requests")
        assert int(limited.headers["retry-after"]) > 0
        assert await self.refusal(api, "boris") == (401, "wrong_credentials")

    async def test_one_address_tries_a_few_logins_only(self, api: httpx.AsyncClient) -> None:
        for login in ("a1", "a2", "a3", "a4"):
            assert await self.refusal(api, login) == (401, "wrong_credentials")

        assert await self.refusal(api, "a5") == (429, "too_many_requests")

    @pytest.mark.usefixtures("anna")
    async def test_where_nobody_counts_nobody_gets_in(self, bpa_settings: Settings) -> None:
        settings = bpa_settings.model_copy(update={"cache_url": "redis://127.0.0.1:1"})
        async with running(create_app(settings)) as api:
            answer = await sign_in(api)

        assert (answer.status_code, answer.json()["code"]) == (503, "temporarily_unavailable")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"login": "anna", "carrier": "bearer"}, 422),
        ({"login": "anna", "password": "x", "carrier": "pigeon"}, 422),
        ({"login": "anna", "password": "x", "carrier": "bearer", "role": "bpa_admin"}, 422),
        ({"login": "an\0na", "password": "x", "carrier": "bearer"}, 422),
        ({"login": "a" * 65, "password": "x", "carrier": "bearer"}, 422),
        ({"login": "anna", "password": "x" * 129, "carrier": "bearer"}, 422),
        ({"login": "\u202eanna\U0001f697", "password": "пароль\U0001f511", "carrier": "bearer"}, 401),
        ({"login": "", "password": "", "carrier": "bearer"}, 401),
    ],
)
async def test_whatever_is_sent_is_answered_clearly(
    bpa_api: httpx.AsyncClient, body: dict[str, str], status: int
) -> None:
    assert (await bpa_api.post("/api/v1/auth/sessions", json=body)).status_code == status


async def test_a_password_that_was_replaced_while_it_was_verified_lets_nobody_in(
    bpa_ports: ApiPorts, anna: Expert, monkeypatch: pytest.MonkeyPatch
) -> None:
    verify = Argon2Passwords.verify

    async def verify_slowly(passwords: Argon2Passwords, password: str, hashed: str | None) -> bool:
        fits = await verify(passwords, password, hashed)
        change = PersonChange(password_hash=await passwords.hash("another horse battery"))
        async with bpa_ports.backbone.database.writing() as session:
            await service.change_person(session, anna.id, change, by=None, now=await database_now(session))
        return fits

    monkeypatch.setattr(Argon2Passwords, "verify", verify_slowly)
    with pytest.raises(WrongCredentials):
        await service.sign_in(
            bpa_ports.backbone.database,
            bpa_ports.passwords,
            bpa_ports.seal,
            login="anna",
            password=PASSWORD,
            code=None,
            device=experts.DESK,
            length=experts.SESSION_LENGTH,
        )
