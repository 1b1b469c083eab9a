"""Somebody with a password, an authenticator app, and a clock that codes go by."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import update

from bpa_service.api_ports import ApiPorts
from bpa_service.experts import service
from bpa_service.experts.domain import Expert, Role
from bpa_service.experts.factors import domain
from bpa_service.experts.factors.models import SecondFactor
from service_kit.db import database_now

PASSWORD: Final = "correct horse battery"

Headers = dict[str, str]


@dataclass
class Newcomer:
    """An expert as a person at a browser: `secret` is what their authenticator app holds."""

    api: httpx.AsyncClient
    ports: ApiPorts
    expert: Expert
    secret: str = ""

    async def code(self) -> str:
        """What the app shows now; as if the last sign-in were long ago, so that tests need not wait for it."""
        async with self.ports.backbone.database.writing() as session:
            await session.execute(
                update(SecondFactor).where(SecondFactor.expert_id == self.expert.id).values(last_step=None)
            )
            return domain.code_at(domain.step_at(await database_now(session)), self.secret)

    async def wrong_code(self) -> str:
        """Six digits that the app shows neither now nor a little earlier or later."""
        async with self.ports.backbone.database.reading() as session:
            present = domain.step_at(await database_now(session))
        shown = {domain.code_at(present + drift, self.secret) for drift in range(-3, 4)}
        return next(code for code in map(str, range(100_000, 1_000_000)) if code not in shown)

    async def wait(self) -> None:
        """As if the time for which nobody may try were over."""
        async with self.ports.backbone.database.writing() as session:
            past = await database_now(session) - timedelta(seconds=1)
            await session.execute(update(SecondFactor).values(waits_until=past))

    async def sign_in(self, code: str | None = None, password: str = PASSWORD) -> httpx.Response:
        body: dict[str, Any] = {"login": self.expert.login, "password": password, "carrier": "bearer"}
        return await self.api.post("/api/v1/auth/sessions", json=body | ({"code": code} if code else {}))

    async def signed_in(self, code: str | None = None) -> Headers:
        answer = await self.sign_in(code)
        assert answer.status_code == 201, answer.text
        return {"Authorization": f"Bearer {answer.json()['token']}"}

    async def post(self, path: str, headers: Headers, body: dict[str, Any] | None = None) -> httpx.Response:
        return await self.api.post(f"/api/v1{path}", headers=headers, json=body)

    async def enrol(self, headers: Headers) -> list[str]:
        """Set the app up; returns the recovery codes."""
        self.secret = (await self.post("/me/totp", headers)).json()["secret"]
        confirmed = await self.post("/me/totp/confirmation", headers, {"code": await self.code()})
        assert confirmed.status_code == 200, confirmed.text
        return confirmed.json()["recovery_codes"]


async def let_work(ports: ApiPorts, login: str, role: Role) -> Expert:
    async with ports.backbone.database.writing() as session:
        return await service.add_person(
            session,
            login=login,
            display_name=login.title(),
            role=role,
            password_hash=await ports.passwords.hash(PASSWORD),
            by=None,
            now=await database_now(session),
        )


@pytest.fixture
async def nora(bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts) -> Newcomer:
    """An expert who has not signed in yet."""
    return Newcomer(bpa_api, bpa_ports, await let_work(bpa_ports, "nora", Role.EXPERT))
