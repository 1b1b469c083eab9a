"""A car that is to be photographed, links to it, and people in the yard who have one."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.service.inspections.conftest import (
    Bpa,
    Case,
    Company,
    Json,
    Person,
    Submitted,
    bpa,
    case,
    client,
    company,
    photo,
    sign_up,
    stranger,
    submitted,
    work,
)

__all__ = ["Bpa", "Case", "Company", "Submitted", "bpa", "case", "client", "company", "photo"]
__all__ += ["sign_up", "stranger", "submitted", "work"]

NOTE, MAKE = "zqnote of the client", "zqmake"


class Yard(Person):
    """Whoever has a link: a person whose bearer token is that of the link."""

    def __init__(self, api: httpx.AsyncClient, url: str) -> None:
        self._api = api
        self.token = url.partition("#")[2]
        self.headers = {"Authorization": f"Bearer yard_{self.token}", "Accept-Language": "en"}

    async def look(self) -> httpx.Response:
        return await self.get("/yard")

    async def car(self) -> Json:
        answer = await self.look()
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def say(self, shot: str, answer: str | None) -> httpx.Response:
        return await self.send("PUT", f"/yard/shots/{shot}/answer", json={"answer": answer})

    async def done(self) -> httpx.Response:
        return await self.send("PUT", "/yard/done")


Give = Callable[..., Awaitable[Json]]


@pytest.fixture
async def draft(client: Person) -> Json:
    """One that is known by its VIN and its plate, and has no photo yet."""
    claim = {"identifier": "SAL1A2A40SA606662", "plate": "A123BC77", "make": MAKE, "year": 2015}
    claim |= {"mileage_km": 123456, "advert_url": "https://adverts.example/zqadvert"}
    return await client.start(claim, worry=NOTE)


@pytest.fixture
def give(client: Person) -> Give:
    """A link to the car of an inspection."""

    async def give_one(inspection_id: object, by: Person = client, **wish: Any) -> Json:
        answer = await by.post(f"/inspections/{inspection_id}/yard-links", wish)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return give_one


@pytest.fixture
def at_car(cabinet_api: httpx.AsyncClient) -> Callable[[Json], Yard]:
    return lambda link: Yard(cabinet_api, link["url"])


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
