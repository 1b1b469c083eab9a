"""The desk hears of every act, over a real socket: a stream never ends, so it cannot be read without one."""

import asyncio
from collections.abc import AsyncIterator

import httpx

from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from tests.service.cases.conftest import Desk, at
from tests.support.experts import sign_in
from tests.support.serving import served


async def hints(lines: AsyncIterator[str], count: int) -> list[tuple[str, str]]:
    """The next `count` hints: (id, data)."""
    found: list[tuple[str, str]] = []
    data, number, event = "", "", ""
    async with asyncio.timeout(20):
        async for line in lines:
            if line.startswith("data: "):
                data = line.removeprefix("data: ")
            elif line.startswith("id: "):
                number = line.removeprefix("id: ")
            elif line.startswith("event: "):
                event = line.removeprefix("event: ")
            elif not line and data:
                if event == "hint":
                    found.append((number, data))
                data = ""
            if len(found) == count:
                break
    return found


async def test_the_desk_hears_of_acts_and_catches_up_after_a_break(
    desk: Desk, bpa_settings: Settings
) -> None:
    headers = (await sign_in(desk.ports, Role.EXPERT, "anna")).headers
    async with served(create_app(bpa_settings)) as url, httpx.AsyncClient(base_url=url) as client:
        async with client.stream("GET", "/api/v1/stream", headers=headers) as response:
            lines = response.aiter_lines()
            assert await anext(lines) == ": open"
            case_id = await desk.opened()
            await desk.claim(case_id, desk.anna)
            first, second = await hints(lines, 2)
        await desk.tick(at(10))
        again = headers | {"Last-Event-ID": second[0]}
        async with client.stream("GET", "/api/v1/stream", headers=again) as response:
            missed = await hints(response.aiter_lines(), 2)

    def hint(kind: str) -> str:
        return f'{{"kind":"{kind}","subject_id":"{case_id}"}}'

    assert [data for _, data in (first, second)] == [hint("case.opened"), hint("case.claimed")]
    assert [data for _, data in missed] == [hint("case.lease_lost"), hint("sla.at_risk_50")]
