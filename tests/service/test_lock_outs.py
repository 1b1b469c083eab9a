"""Nobody keeps others out by trying: not from elsewhere, and not on a device where they signed in before."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from typing import Any, Final
from uuid import UUID

import httpx
import pytest

from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.entrypoints.app import create_app as create_bpa
from bpa_service.experts import service as experts
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings as BpaSettings
from cabinet_service.accounts.domain import code_of
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from cabinet_service.entrypoints.app import create_app as create_cabinet
from cabinet_service.settings import Settings as CabinetSettings
from service_kit.db import database_now
from tests.support.api import BASE_URL, running

PASSWORD: Final = "correct horse battery"
HOME, OFFICE = "192.0.2.1", "192.0.2.2"
BEHIND_A_PROXY: Final[dict[str, Any]] = {"trusted_proxies": (ip_network("127.0.0.1"),)}


def at(address: str) -> dict[str, str]:
    """A request of our own page, which comes from there."""
    return {"X-Forwarded-For": address, "Origin": BASE_URL}


def strangers(count: int) -> list[str]:
    """Addresses in as many networks; every other one is of IPv6."""
    return [f"198.51.100.{number}" if number % 2 else f"2001:db8:{number:x}::1" for number in range(count)]


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


class TestDesk:
    LIMITS: Final = {
        "sign_ins_per_login_and_address": "3/hour",
        "sign_ins_per_login": "12/hour",
        "sign_ins_per_device": "4/hour",
        "sign_ins_per_address": "8/hour",
    }

    @pytest.fixture
    async def api(self, bpa_settings: BpaSettings, bpa_ports: BpaPorts) -> AsyncGenerator[httpx.AsyncClient]:
        for login in ("anna", "boris"):
            async with bpa_ports.backbone.database.writing() as session:
                await experts.add_person(
                    session,
                    login=login,
                    display_name=login,
                    role=Role.EXPERT,
                    password_hash=await bpa_ports.passwords.hash(PASSWORD),
                    by=None,
                    now=await database_now(session),
                )
        async with running(
            create_bpa(bpa_settings.model_copy(update=self.LIMITS | BEHIND_A_PROXY))
        ) as client:
            yield client

    async def sign_in(
        self, api: httpx.AsyncClient, where: str, *, password: str = PASSWORD, **fields: str
    ) -> httpx.Response:
        body = {"login": "anna", "password": password, "carrier": "bearer"} | fields
        return await api.post("/api/v1/auth/sessions", json=body, headers=at(where))

    async def guess(self, api: httpx.AsyncClient, where: str, **fields: str) -> int:
        answer = await self.sign_in(api, where, password="a wrong one", **fields)
        return answer.status_code

    async def test_wrong_passwords_from_elsewhere_keep_nobody_out(self, api: httpx.AsyncClient) -> None:
        tried = [await self.guess(api, "198.51.100.1") for _ in range(5)]
        assert tried == [401, 401, 401, 429, 429]
        assert (await self.sign_in(api, HOME)).status_code == 201

    async def test_a_network_of_ipv6_is_one_place(self, api: httpx.AsyncClient) -> None:
        tried = [await self.guess(api, f"2001:db8:1:2::{number}") for number in range(4)]
        assert tried == [401, 401, 401, 429]

    @pytest.mark.parametrize("carrier", ["cookie", "bearer"])
    async def test_where_one_signed_in_before_one_gets_in_whoever_tries_elsewhere(
        self, api: httpx.AsyncClient, carrier: str
    ) -> None:
        before = await self.sign_in(api, HOME, carrier=carrier)
        token = before.json()["device_token"]
        assert (token is None) == (carrier == "cookie")
        cookies = dict(api.cookies)
        api.cookies.clear()
        for where in strangers(40):
            await self.guess(api, where)
        assert refused(await self.sign_in(api, OFFICE)) == (429, "too_many_requests")

        api.cookies.update({name: value for name, value in cookies.items() if "_device_" in name})
        known = {} if token is None else {"device_token": token}
        assert (await self.sign_in(api, OFFICE, **known)).status_code == 201

    async def test_a_stranger_at_the_same_address_takes_nothing_from_it(self, api: httpx.AsyncClient) -> None:
        token = (await self.sign_in(api, HOME)).json()["device_token"]
        for number in range(10):
            await self.guess(api, HOME, login=f"nobody-{number}")
        assert (await self.sign_in(api, HOME)).status_code == 429
        assert (await self.sign_in(api, HOME, device_token=token)).status_code == 201

    async def test_a_device_has_no_more_tries_than_a_place(self, api: httpx.AsyncClient) -> None:
        token = (await self.sign_in(api, HOME)).json()["device_token"]
        tried = [await self.guess(api, HOME, device_token=token) for _ in range(5)]
        assert tried == [401, 401, 401, 401, 429]

    async def test_it_is_known_under_one_name_only(self, api: httpx.AsyncClient) -> None:
        token = (await self.sign_in(api, HOME)).json()["device_token"]
        tried = [await self.guess(api, HOME, login="boris", device_token=token) for _ in range(4)]
        assert tried == [401, 401, 401, 429]

    @pytest.mark.parametrize("made_up", ["", ".", "a.b", "x" * 128, "\u044f.\u044f", "device."])
    async def test_what_we_did_not_give_out_is_no_device(self, api: httpx.AsyncClient, made_up: str) -> None:
        tried = [await self.guess(api, HOME, device_token=made_up) for _ in range(4)]
        assert tried == [401, 401, 401, 429]

    async def test_a_computer_of_the_shift_knows_everybody(self, api: httpx.AsyncClient) -> None:
        for login in ("anna", "boris"):
            answer = await self.sign_in(api, HOME, login=login, carrier="cookie")
            [cookie] = [text for text in answer.headers.get_list("set-cookie") if "_device_" in text]
            assert login not in cookie
            assert {"httponly", "samesite=strict", "path=/api/v1/auth"} <= set(cookie.lower().split("; "))
        kept = [name for name in api.cookies if "_device_" in name]
        assert len(kept) == 2
        for where in strangers(40):
            await self.guess(api, where, device_token="not this one")
        assert (await self.sign_in(api, OFFICE)).status_code == 201

    async def test_the_problem_says_when_to_try_again(self, api: httpx.AsyncClient) -> None:
        for _ in range(3):
            await self.guess(api, HOME)
        answer = await self.sign_in(api, HOME)
        seconds = int(answer.headers["retry-after"])
        assert answer.json()["params"] == {"retry_after": seconds}
        assert answer.json()["detail"] == f"Too many attempts. Try again in {-(-seconds // 60)} min."


class TestClient:
    LIMITS: Final = {
        "codes_per_contact_and_address": "2/hour",
        "codes_per_contact": "6/hour",
        "codes_per_device": "3/day",
    }
    CONTACT: Final = "anna@example.com"

    @asynccontextmanager
    async def without_a_wait(
        self, settings: CabinetSettings, **limits: str
    ) -> AsyncGenerator[httpx.AsyncClient]:
        """The API without the wait between two codes, which would make these tests wait."""
        app = create_cabinet(settings.model_copy(update=self.LIMITS | BEHIND_A_PROXY | limits))
        async with running(app) as client:
            ports: CabinetPorts = app.state.ports
            counted = ports.limits._limits  # pyright: ignore[reportPrivateUsage] - a test looks inside
            counted["code_again"] = counted["numbers_per_address"]
            yield client

    @pytest.fixture
    async def api(self, cabinet_settings: CabinetSettings) -> AsyncGenerator[httpx.AsyncClient]:
        async with self.without_a_wait(cabinet_settings) as client:
            yield client

    async def ask(self, api: httpx.AsyncClient, where: str, **fields: str) -> httpx.Response:
        return await api.post(
            "/api/v1/auth/codes", json={"contact": self.CONTACT} | fields, headers=at(where)
        )

    async def sign_in(
        self,
        api: httpx.AsyncClient,
        ports: CabinetPorts,
        where: str,
        *,
        carrier: str = "bearer",
        **fields: str,
    ) -> httpx.Response:
        asked = await self.ask(api, where, **fields)
        assert asked.status_code == 202, asked.text
        challenge_id = asked.json()["challenge_id"]
        code = code_of(UUID(challenge_id), ports.secrets)
        body = {"challenge_id": challenge_id, "code": code, "carrier": carrier} | fields
        return await api.post("/api/v1/auth/sessions", json=body, headers=at(where))

    async def test_codes_asked_for_elsewhere_keep_nobody_out(
        self, api: httpx.AsyncClient, cabinet_ports: CabinetPorts
    ) -> None:
        asked = [(await self.ask(api, "198.51.100.1")).status_code for _ in range(4)]
        assert asked == [202, 202, 429, 429]
        assert (await self.sign_in(api, cabinet_ports, HOME)).status_code == 201

    @pytest.mark.parametrize("carrier", ["cookie", "bearer"])
    async def test_where_one_signed_in_before_one_gets_in_whoever_asks_elsewhere(
        self, api: httpx.AsyncClient, cabinet_ports: CabinetPorts, carrier: str
    ) -> None:
        before = await self.sign_in(api, cabinet_ports, HOME, carrier=carrier)
        token = before.json()["device_token"]
        cookies = dict(api.cookies)
        api.cookies.clear()
        for where in strangers(20):
            await self.ask(api, where)
        assert refused(await self.ask(api, OFFICE)) == (429, "too_many_requests")

        api.cookies.update({name: value for name, value in cookies.items() if "_device_" in name})
        known = {} if token is None else {"device_token": token}
        again = await self.sign_in(api, cabinet_ports, OFFICE, carrier=carrier, **known)
        assert again.status_code == 201
        asked = [(await self.ask(api, OFFICE, **known)).status_code for _ in range(4)]
        assert asked[-1] == 429  # its own are counted, too

    async def test_one_address_cannot_spend_what_all_have_in_a_day(
        self, cabinet_settings: CabinetSettings
    ) -> None:
        async with self.without_a_wait(cabinet_settings, codes_per_contact_and_address_a_day="1/day") as api:
            asked = [(await self.ask(api, "198.51.100.1")).status_code for _ in range(3)]
            assert asked == [202, 429, 429]
            assert (await self.ask(api, HOME)).status_code == 202

    async def test_a_stranger_at_the_same_address_takes_nothing_from_it(
        self, cabinet_settings: CabinetSettings, cabinet_ports: CabinetPorts
    ) -> None:
        limits = {"sign_ins_per_address": "2/hour", "codes_per_address": "2/hour"}
        async with self.without_a_wait(cabinet_settings, **limits) as api:
            known = (await self.sign_in(api, cabinet_ports, HOME)).json()["device_token"]
            wrong = {
                "challenge_id": "01a207e3-a59f-712e-962a-a0780d951677",
                "code": "0" * 6,
                "carrier": "bearer",
            }
            for _ in range(3):
                await self.ask(api, HOME, contact="other@example.com")
                await api.post("/api/v1/auth/sessions", json=wrong, headers=at(HOME))
            assert (await self.ask(api, HOME)).status_code == 429
            assert (await self.sign_in(api, cabinet_ports, HOME, device_token=known)).status_code == 201

    async def test_a_stranger_does_not_make_the_owner_wait_for_the_next_code(
        self, cabinet_settings: CabinetSettings
    ) -> None:
        settings = cabinet_settings.model_copy(update=BEHIND_A_PROXY)
        async with running(create_cabinet(settings)) as api:
            assert (await self.ask(api, "198.51.100.1")).status_code == 202
            assert (await self.ask(api, "198.51.100.1")).status_code == 429
            assert (await self.ask(api, HOME)).status_code == 202
