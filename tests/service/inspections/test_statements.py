"""How many statements the requests take that everybody waits for. Each is a round trip, so none comes unnoticed.

BEGIN, which brings the scope along, and COMMIT count, too. A number that grows is no failure by itself: change it
here, and say why.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.experts.domain import Role
from service_kit import pool
from tests.service.inspections.conftest import Person
from tests.support import experts


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that is sent from here on."""
    sent: list[str] = []
    set_up: Callable[[Any], Awaitable[None]] = getattr(pool, "_set_up")  # noqa: B009 - it is not for others

    def note(logged: Any) -> None:
        sent.append(logged.query)

    async def watched(connection: Any) -> None:
        await set_up(connection)
        connection.add_query_logger(note)

    monkeypatch.setattr(pool, "_set_up", watched)
    return sent


async def test_a_clients_requests(statements: list[str], client: Person, photo: Callable[[], bytes]) -> None:
    taken: dict[str, int] = {}

    async def count(name: str, answer: httpx.Response) -> httpx.Response:
        assert answer.status_code < 300, answer.text
        taken[name] = len(statements)
        statements.clear()
        return answer

    for _ in range(2):  # connections are new at first, and ask for more
        statements.clear()
        draft = (await count("draft", await client.post("/inspections", {}))).json()
        path = f"/inspections/{draft['id']}"
        await count("change", await client.patch(path, {"claim": {"identifier": "SAL1A2A40SA606662"}}))
        await count("photo", await client.send_file(draft["id"], photo()))
        await count("submit", await client.post(f"{path}/submit"))
        await count("look", await client.get(path))
        await count("list", await client.get("/inspections"))
    assert taken == {"draft": 6, "change": 7, "photo": 11, "submit": 8, "look": 5, "list": 7}


async def test_the_desks_requests(
    statements: list[str], bpa_api: httpx.AsyncClient, bpa_ports: BpaPorts
) -> None:
    anna = await experts.sign_in(bpa_ports, Role.EXPERT)
    for _ in range(2):
        statements.clear()
        assert (await bpa_api.get("/api/v1/queue", headers=anna.headers)).status_code == 200
    assert len(statements) == 6  # one of them saves planning the page, which takes as long as to run it
