"""A flood of sign-ins fills its own queue and not the API."""

import asyncio
import threading
from typing import Final

import httpx
import pytest

from bpa_service.adapters import argon2
from bpa_service.api_ports import ApiPorts
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from tests.support.api import running
from tests.support.experts import sign_in

FLOOD: Final = 1000
# One is worked at, the others wait.
ADMITTED: Final = 1 + argon2.MAX_WAITING
PLENTY: Final = "1000000/minute"


async def test_of_a_thousand_wrong_sign_ins_few_wait_and_everybody_else_is_served(
    bpa_settings: Settings, bpa_ports: ApiPorts, monkeypatch: pytest.MonkeyPatch
) -> None:
    going_on = threading.Event()

    def stuck(_password: str, _stored: str) -> bool:
        going_on.wait()
        return False

    monkeypatch.setattr(argon2, "_fits", stuck)
    names = ("login", "login_and_address", "address")
    limits = {f"sign_ins_per_{name}": PLENTY for name in names}
    anna = await sign_in(bpa_ports, Role.EXPERT)
    async with running(create_app(bpa_settings.model_copy(update=limits))) as api:

        async def wrong(number: int) -> httpx.Response:
            body = {"login": f"login-{number % 7}", "password": "a wrong one", "carrier": "bearer"}
            return await api.post("/api/v1/auth/sessions", json=body)

        flood = {asyncio.create_task(wrong(number)) for number in range(FLOOD)}
        try:
            turned_away: list[httpx.Response] = []
            waiting = flood
            while len(waiting) > ADMITTED:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                turned_away += [task.result() for task in done]
            served = [await api.get(f"/api/v1/{what}", headers=anna.headers) for what in ("me", "queue")]
            assert [answer.status_code for answer in served] == [200, 200]
            assert not any(task.done() for task in waiting)
        finally:
            going_on.set()
        judged = await asyncio.gather(*waiting)
        assert {answer.status_code for answer in judged} == {401}
        assert {answer.json()["code"] for answer in turned_away} == {"temporarily_unavailable"}
        assert {answer.status_code for answer in turned_away} == {503}
        assert all(answer.headers["retry-after"] for answer in turned_away)
        assert (len(judged), len(turned_away)) == (ADMITTED, FLOOD - ADMITTED)
