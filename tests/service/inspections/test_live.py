"""Hints for the client's screens, as they come over a real socket."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import httpx
import pytest

from cabinet_service.entrypoints.app import create_app
from cabinet_service.settings import Settings
from tests.service.inspections.conftest import Company, Person
from tests.support.serving import served


class Heard(NamedTuple):
    """One hint."""

    id: str
    kind: str
    subject_id: str


async def heard(lines: AsyncIterator[str], count: int) -> list[Heard]:
    """The next `count` hints."""
    found: list[Heard] = []
    event: dict[str, str] = {}
    async with asyncio.timeout(20):
        async for line in lines:
            name, _, value = line.partition(": ")
            event[name] = value
            if not line:
                if event.get("event") == "hint":
                    found.append(Heard(event["id"], **json.loads(event["data"])))
                event = {}
            if len(found) == count:
                break
    return found


Listen = Callable[..., Any]


@pytest.fixture
async def address(cabinet_settings: Settings) -> AsyncGenerator[str]:
    async with served(create_app(cabinet_settings)) as url:
        yield url


@pytest.fixture
def listen(address: str) -> Listen:
    """The lines of a person's stream, once it is open."""

    @asynccontextmanager
    async def listen_as(
        person: Person, *, last_id: str = "", **params: str
    ) -> AsyncGenerator[AsyncIterator[str]]:
        headers = person.headers | ({"Last-Event-ID": last_id} if last_id else {})
        async with (
            httpx.AsyncClient(base_url=address) as client,
            client.stream("GET", "/api/v1/stream", headers=headers, params=params) as response,
        ):
            assert response.headers["content-type"].startswith("text/event-stream")
            assert response.headers["x-accel-buffering"] == "no"
            lines = response.aiter_lines()
            assert await anext(lines) == ": open"
            yield lines

    return listen_as


async def test_a_screen_that_is_cut_off_before_the_first_event_catches_up(
    client: Person, listen: Listen
) -> None:
    async with listen(client) as lines:
        last_id = (await anext(lines)).removeprefix("id: ")
    draft = await client.start()
    async with listen(client, last_id=last_id) as lines:
        [missed] = await heard(lines, 1)
    assert missed.subject_id == draft["id"]


async def test_a_client_hears_of_each_change_and_catches_up_after_a_break(
    client: Person, stranger: Person, listen: Listen, photo: Callable[[], bytes]
) -> None:
    async with listen(client) as lines:
        await stranger.start()
        draft = await client.start()
        await client.send_file(draft["id"], photo())
        created, added = await heard(lines, 2)
    assert [(hint.kind, hint.subject_id) for hint in (created, added)] == [
        ("created", draft["id"]),
        ("photo_added", draft["id"]),
    ]
    await client.post(f"/inspections/{draft['id']}/submit")
    async with listen(client, last_id=added.id) as lines:
        [submitted] = await heard(lines, 1)
    assert (submitted.kind, submitted.subject_id) == ("submitted", draft["id"])


async def test_a_company_hears_of_what_its_people_order(company: Company, listen: Listen) -> None:
    north = company.agents[0]
    async with listen(company.admin, company_id=str(company.id)) as of_company, listen(north) as own:
        ordered = await north.start(company_id=str(company.id))
        for lines in (of_company, own):
            [hint] = await heard(lines, 1)
            assert (hint.kind, hint.subject_id) == ("created", ordered["id"])


async def test_who_erases_their_account_hears_no_more(client: Person, listen: Listen) -> None:
    async with listen(client) as lines:
        assert (await client.post("/me/erasure")).status_code == 202
        [hint] = await heard(lines, 1)
        assert hint.kind == "account.erased"
        assert [line async for line in lines if line] == []  # the stream ends


async def test_nobody_listens_to_a_company_of_others(company: Company, stranger: Person) -> None:
    answer = await stranger.get("/stream", company_id=str(company.id))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
