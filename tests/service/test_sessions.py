"""Sessions on both sides: refreshed, copied, listed, ended. Cookies and audit logs are tested by the sides."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import update

from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.entrypoints.app import create_app as create_bpa
from bpa_service.experts.domain import Role
from bpa_service.experts.models import ExpertSession
from bpa_service.settings import Settings as BpaSettings
from cabinet_service.accounts.models import SignInSession
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from cabinet_service.entrypoints.app import create_app as create_cabinet
from cabinet_service.settings import Settings as CabinetSettings
from service_kit import sse
from service_kit.sessions import ANSWERED_AGAIN_FOR, SessionColumns
from service_kit.tokens import ACCESS_LENGTH, LEEWAY
from tests.support import clients, experts
from tests.support.api import running
from tests.support.serving import served

SignedIn = clients.SignedInClient | experts.SignedInExpert
Answer = tuple[int, str]

TOO_LATE = ANSWERED_AGAIN_FOR + timedelta(seconds=1)


@dataclass(frozen=True)
class Side:
    """One of the two services. `sign_in` signs the person of that name in on one more device."""

    api: httpx.AsyncClient
    ports: CabinetPorts | BpaPorts
    table: type[SessionColumns]
    sign_in: Callable[[str], Awaitable[SignedIn]]
    app: Callable[..., FastAPI]

    async def refresh(self, token: str, **more: Any) -> httpx.Response:
        return await self.api.post("/api/v1/auth/tokens", json={"refresh_token": token}, **more)

    async def refusal(self, token: str) -> Answer:
        return refused(await self.refresh(token))

    async def me(self, token: str) -> int:
        return (await self.api.get("/api/v1/me", headers=bearer(token))).status_code

    async def sessions(self, who: SignedIn) -> list[Any]:
        answer = await self.api.get("/api/v1/auth/sessions", headers=who.headers)
        assert answer.status_code == 200
        return answer.json()

    async def wait(self, pause: timedelta) -> None:
        """As if everything so far had happened that much earlier."""
        async with self.ports.backbone.database.writing() as session:
            await session.execute(
                update(self.table).values(
                    rotated_at=self.table.rotated_at - pause, expires_at=self.table.expires_at - pause
                )
            )


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refused(answer: httpx.Response) -> Answer:
    return answer.status_code, answer.json()["code"]


async def next_event(lines: AsyncIterator[str]) -> str:
    async with asyncio.timeout(10):
        return await anext(line.removeprefix("event: ") async for line in lines if line.startswith("event: "))


class SessionTests:
    """What both sides promise."""

    async def test_a_refresh_gives_tokens_that_work(self, side: Side) -> None:
        anna = await side.sign_in("anna")

        answer = await side.refresh(anna.refresh_token)

        tokens = answer.json()
        assert answer.status_code == 200
        assert await side.me(tokens["token"]) == 200
        assert tokens["expires_at"] < tokens["refresh_expires_at"]
        again = await side.refresh(tokens["refresh_token"])
        assert again.json()["refresh_token"] != tokens["refresh_token"]

    async def test_an_expired_access_token_is_refreshed(self, side: Side) -> None:
        anna = await side.sign_in("anna")
        await side.wait(ACCESS_LENGTH + LEEWAY)
        # The tokens of a session that began so much earlier.
        async with side.ports.backbone.database.reading() as session:
            token = side.ports.tokens.read_access(anna.token)
            row = await session.get(side.table, token.session_id)
            assert row is not None
            expired = row.tokens(side.ports.tokens)

        answer = await side.api.get("/api/v1/me", headers=bearer(expired.access))

        assert refused(answer) == (401, "not_signed_in")
        assert answer.headers["www-authenticate"] == "Bearer"
        fresh = (await side.refresh(expired.refresh)).json()
        assert await side.me(fresh["token"]) == 200

    async def test_two_tabs_that_refresh_at_once_get_the_same(self, side: Side) -> None:
        anna = await side.sign_in("anna")

        answers = await asyncio.gather(*(side.refresh(anna.refresh_token) for _ in range(6)))

        assert {answer.status_code for answer in answers} == {200}
        assert len({answer.text for answer in answers}) == 1
        assert (await side.refresh(answers[0].json()["refresh_token"])).status_code == 200

    async def test_after_a_lost_answer_it_is_given_again(self, side: Side) -> None:
        anna = await side.sign_in("anna")
        lost = await side.refresh(anna.refresh_token)
        await side.wait(ANSWERED_AGAIN_FOR - timedelta(seconds=10))

        answer = await side.refresh(anna.refresh_token)

        assert answer.status_code == 200
        async with side.ports.backbone.database.reading() as session:
            token = side.ports.tokens.read_refresh(answer.json()["refresh_token"])
            assert token == side.ports.tokens.read_refresh(lost.json()["refresh_token"])
            row = await session.get(side.table, token.session_id)
            assert row is not None
            assert row.generation == 1

    async def test_a_copied_token_ends_the_session_for_everyone_who_has_it(self, side: Side) -> None:
        anna, elsewhere, boris = [await side.sign_in(name) for name in ("anna", "anna", "boris")]
        stolen = (await side.refresh(anna.refresh_token)).json()
        await side.wait(TOO_LATE)

        assert await side.refusal(anna.refresh_token) == (401, "refresh_token_reused")

        for token in (anna.token, stolen["token"]):
            assert await side.me(token) == 401
        for token in (anna.refresh_token, stolen["refresh_token"]):
            assert await side.refusal(token) == (401, "session_ended")
        for unharmed in (elsewhere, boris):
            assert await side.me(unharmed.token) == 200
            assert (await side.refresh(unharmed.refresh_token)).status_code == 200

    async def test_a_token_that_is_two_refreshes_old_is_a_copy_at_once(self, side: Side) -> None:
        anna = await side.sign_in("anna")
        first = (await side.refresh(anna.refresh_token)).json()
        await side.refresh(first["refresh_token"])

        assert await side.refusal(anna.refresh_token) == (401, "refresh_token_reused")

    async def test_a_session_ends_at_its_time(self, side: Side) -> None:
        anna = await side.sign_in("anna")
        await side.wait(clients.SESSION_LENGTH)

        assert await side.me(anna.token) == 401
        assert await side.refusal(anna.refresh_token) == (401, "session_ended")

    async def test_neither_token_is_taken_for_the_other(self, side: Side) -> None:
        anna = await side.sign_in("anna")

        assert await side.me(anna.refresh_token) == 401
        assert await side.refusal(anna.token) == (401, "session_ended")

    @pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "é", "x" * 1024])
    async def test_what_is_no_token_is_refused(self, side: Side, token: str) -> None:
        assert await side.refusal(token) == (401, "session_ended")

    async def test_without_a_token_there_is_nothing_to_refresh(self, side: Side) -> None:
        assert refused(await side.api.post("/api/v1/auth/tokens")) == (401, "not_signed_in")

    async def test_one_sees_where_one_is_signed_in(self, side: Side) -> None:
        anna, elsewhere = await side.sign_in("anna"), await side.sign_in("anna")
        await side.sign_in("boris")
        await side.wait(TOO_LATE)
        await side.refresh(anna.refresh_token)

        seen = await side.sessions(elsewhere)

        assert [session["current"] for session in seen] == [False, True]
        assert [session["current"] for session in await side.sessions(anna)] == [True, False]
        assert seen[0]["last_seen_at"] > seen[1]["last_seen_at"]
        assert seen[0].keys() == {
            "id",
            "device",
            "network",
            "created_at",
            "last_seen_at",
            "expires_at",
            "current",
        }

    async def test_another_device_is_signed_out(self, side: Side) -> None:
        anna, elsewhere = await side.sign_in("anna"), await side.sign_in("anna")
        [other] = [session for session in await side.sessions(anna) if not session["current"]]
        path = f"/api/v1/auth/sessions/{other['id']}"

        assert (await side.api.delete(path, headers=anna.headers)).status_code == 204

        assert await side.me(elsewhere.token) == 401
        assert await side.refusal(elsewhere.refresh_token) == (401, "session_ended")
        assert await side.me(anna.token) == 200
        assert refused(await side.api.delete(path, headers=anna.headers)) == (404, "not_found")

    async def test_all_other_devices_are_signed_out_at_once(self, side: Side) -> None:
        anna, *elsewhere = [await side.sign_in("anna") for _ in range(3)]
        boris = await side.sign_in("boris")

        assert (await side.api.delete("/api/v1/auth/sessions", headers=anna.headers)).status_code == 204

        assert [await side.me(other.token) for other in elsewhere] == [401, 401]
        assert [await side.me(one.token) for one in (anna, boris)] == [200, 200]

    async def test_nobody_ends_the_session_of_somebody_else(self, side: Side) -> None:
        anna, boris = await side.sign_in("anna"), await side.sign_in("boris")
        [session] = await side.sessions(boris)

        for session_id in (session["id"], uuid4()):
            answer = await side.api.delete(f"/api/v1/auth/sessions/{session_id}", headers=anna.headers)
            assert refused(answer) == (404, "not_found")
        assert await side.me(boris.token) == 200

    async def test_who_signed_out_cannot_refresh(self, side: Side) -> None:
        anna = await side.sign_in("anna")

        answer = await side.api.delete("/api/v1/auth/sessions/current", headers=anna.headers)

        assert answer.status_code == 204
        assert await side.me(anna.token) == 401
        assert await side.refusal(anna.refresh_token) == (401, "session_ended")

    async def test_refreshes_are_limited_per_person_and_per_address(self, side: Side) -> None:
        anna, boris = await side.sign_in("anna"), await side.sign_in("boris")
        limits = {"refreshes_per_account": "2/hour", "refreshes_per_address": "4/hour"}
        async with running(side.app(**limits)) as api:
            answers = [
                await api.post("/api/v1/auth/tokens", json={"refresh_token": one.refresh_token})
                for one in (anna, anna, anna, boris, boris)
            ]

        assert [answer.status_code for answer in answers] == [200, 200, 429, 200, 429]
        assert int(answers[-1].headers["retry-after"]) > 60

    async def test_where_nobody_counts_refreshes_go_on(self, side: Side) -> None:
        anna = await side.sign_in("anna")
        async with running(side.app(cache_url="redis://127.0.0.1:1/0")) as api:
            answer = await api.post("/api/v1/auth/tokens", json={"refresh_token": anna.refresh_token})

        assert answer.status_code == 200

    async def test_a_screen_closes_soon_after_its_session_ended(
        self, side: Side, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sse, "ASKED_AGAIN_AFTER", 0.1)
        monkeypatch.setattr(sse, "HEARTBEAT_EVERY", 0.1)
        anna, elsewhere = await side.sign_in("anna"), await side.sign_in("anna")
        async with (
            served(side.app()) as url,
            httpx.AsyncClient(base_url=url, timeout=20) as api,
            api.stream("GET", "/api/v1/stream", headers=anna.headers) as stream,
        ):
            lines = stream.aiter_lines()
            assert await anext(lines) == ": open"
            for _ in range(5):  # it has been asked a few times whether it may go on
                assert await next_event(lines) == "heartbeat"
            await api.delete("/api/v1/auth/sessions", headers=elsewhere.headers)
            async with asyncio.timeout(10):
                assert {line async for line in lines if line.startswith("event")} <= {"event: heartbeat"}


class TestCabinet(SessionTests):
    @pytest.fixture
    def side(
        self, cabinet_api: httpx.AsyncClient, cabinet_ports: CabinetPorts, cabinet_settings: CabinetSettings
    ) -> Side:
        async def sign_in(name: str) -> SignedIn:
            return await clients.sign_in(cabinet_ports, f"{name}@example.com")

        def app(**changes: str) -> FastAPI:
            return create_cabinet(cabinet_settings.model_copy(update=changes))

        return Side(cabinet_api, cabinet_ports, SignInSession, sign_in, app)


class TestBpa(SessionTests):
    @pytest.fixture
    def side(self, bpa_api: httpx.AsyncClient, bpa_ports: BpaPorts, bpa_settings: BpaSettings) -> Side:
        async def sign_in(name: str) -> SignedIn:
            return await experts.sign_in(bpa_ports, Role.EXPERT, name)

        def app(**changes: str) -> FastAPI:
            return create_bpa(bpa_settings.model_copy(update=changes))

        return Side(bpa_api, bpa_ports, ExpertSession, sign_in, app)
