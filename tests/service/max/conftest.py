"""Cabinet with a bot in MAX, against a Bot API that refuses what its documents say the real one does."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.api_wiring import open_api_ports
from cabinet_service.entrypoints.app import create_app
from cabinet_service.max.running import Max
from cabinet_service.max.tables import updates
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from cabinet_service.settings import Settings
from cabinet_service.wiring import sender, work_handlers
from service_kit.db import database_now
from service_kit.ids import new_id
from service_kit.notifying.channels import Manners
from tests.support.api import running
from tests.support.clients import SignedInClient, sign_in
from tests.support.delivery import do_work
from tests.support.max.fake import BOT_NAME, TOKEN, FakeMax
from tests.support.max.people import Person


@pytest.fixture(scope="module")
def server() -> Iterator[FakeMax]:
    with FakeMax().running() as fake:
        yield fake


@dataclass
class World:
    """Cabinet, its API, its bot, and a client with an account and MAX."""

    ports: ApiPorts
    api: httpx.AsyncClient
    max: Max
    server: FakeMax
    client: SignedInClient
    anna: Person
    marker: int | None = None

    async def keep(self, *bodies: object) -> list[bool]:
        """Take in what the bot is told, as the webhook does; whether it was new."""
        async with self.ports.backbone.database.writing() as session:
            now = await database_now(session)
            return [
                await updates.keep(session, body, now=now)  # pyright: ignore[reportArgumentType] - anything may come
                for body in bodies
            ]

    async def settle(self) -> None:
        """Take in what was said, answer it, do the work that follows, and tell what is to be told."""
        came, self.marker = await self.max.bot.updates(self.marker, seconds=0)
        await self.keep(*came)
        async with asyncio.timeout(30):
            await self.max.answering().answer_all()
        await do_work(self.ports.backbone, work_handlers(self.ports))
        channels = {**self.ports.channels, "max": (self.max.channel(), Manners())}
        await sender(replace(self.ports, channels=channels)).send_due()

    def person(self, **about: object) -> Person:
        return Person(self.server, self.server.number(), **about)  # pyright: ignore[reportArgumentType] - each test says what it is about

    async def link(self, client: SignedInClient | None = None) -> str:
        """The token of a new link."""
        answer = await self.api.post("/api/v1/me/max", headers=(client or self.client).headers)
        assert answer.status_code == 201, answer.text
        link: str = answer.json()["link"]
        assert link.startswith(f"https://max.ru/{BOT_NAME}?start=")
        token = link.partition("start=")[2]
        assert len(token) <= 128
        return token

    async def bind(self, person: Person | None = None, client: SignedInClient | None = None) -> None:
        (person or self.anna).opens(await self.link(client))
        await self.settle()

    async def chats(self, client: SignedInClient | None = None) -> list[dict[str, str]]:
        answer = await self.api.get("/api/v1/me/max", headers=(client or self.client).headers)
        found: list[dict[str, str]] = answer.json()["chats"]
        return found

    async def tell(self, kind: NotificationKind, inspection_id: UUID | None = None) -> None:
        async with self.ports.backbone.database.writing() as session:
            await notices.tell(
                session,
                event_id=new_id(),
                person_id=self.client.account_id,
                kind=kind,
                subject_id=inspection_id or new_id(),
                number="A-1000001",
                now=await database_now(session),
            )


@pytest.fixture
def max_settings(cabinet_settings: Settings, server: FakeMax) -> Settings:
    return cabinet_settings.model_copy(
        update={
            "max_token": TOKEN,
            "max_bot": BOT_NAME,
            "max_api_url": server.url,
            "public_url": "https://cars.example",
        }
    )


@pytest.fixture
async def world(max_settings: Settings, server: FakeMax) -> AsyncGenerator[World]:
    server.begin_anew()
    async with open_api_ports(max_settings) as ports, running(create_app(max_settings)) as api:
        in_max = Max(ports)
        try:
            client = await sign_in(ports, "anna@example.com")
            yield World(ports, api, in_max, server, client, Person(server, server.number()))
        finally:
            await in_max.bot.close()
