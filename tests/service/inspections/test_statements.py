"""How many statements the requests take that everybody waits for. Each is a round trip, so none comes unnoticed.

BEGIN and COMMIT count, too. A number that grows is no failure by itself: change it here, and say why.
"""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, Pool, event

from bpa_service.experts.domain import Role
from bpa_service.ports import Ports as BpaPorts
from tests.service.inspections.conftest import Person
from tests.support import experts


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Every statement that is sent from here on, by SQLAlchemy or past it."""
    sent: list[str] = []

    def note_direct(logged: Any) -> None:
        sent.append(logged.query)

    def watch(connection: Any, *_: object) -> None:
        connection.driver_connection.add_query_logger(note_direct)

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(Pool, "connect", watch)
    event.listen(Engine, "before_cursor_execute", note)
    yield sent
    event.remove(Pool, "connect", watch)
    event.remove(Engine, "before_cursor_execute", note)


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
    assert taken == {"draft": 10, "change": 8, "photo": 15, "submit": 13, "look": 6, "list": 8}


async def test_the_desks_requests(
    statements: list[str], bpa_api: httpx.AsyncClient, bpa_ports: BpaPorts
) -> None:
    anna = await experts.sign_in(bpa_ports, Role.EXPERT)
    for _ in range(2):
        statements.clear()
        assert (await bpa_api.get("/api/v1/queue", headers=anna.headers)).status_code == 200
    assert len(statements) == 7
