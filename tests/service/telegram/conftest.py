"""Cabinet with a bot, against a Bot API that refuses what the real one refuses."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.api_wiring import open_api_ports
from cabinet_service.entrypoints.app import create_app
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from cabinet_service.settings import Settings
from cabinet_service.telegram.running import Telegram
from cabinet_service.telegram.tables import updates
from cabinet_service.wiring import sender, work_handlers
from service_kit.db import database_now
from service_kit.ids import new_id
from service_kit.notifying.channels import Manners
from tests.support.api import running
from tests.support.clients import SignedInClient, sign_in
from tests.support.delivery import do_work
from tests.support.telegram.fake import BOT_NAME, TOKEN, FakeTelegram
from tests.support.telegram.people import Person


@pytest.fixture(scope="module")
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram().running() as telegram:
        yield telegram


@dataclass
class World:
    """Cabinet, its API, its bot, and a client with an account and Telegram."""

    ports: ApiPorts
    api: httpx.AsyncClient
    telegram: Telegram
    server: FakeTelegram
    client: SignedInClient
    anna: Person
    after: int | None = None

    async def settle(self) -> None:
        """Take in what was said, answer it, do the work that follows, and tell what is to be told."""
        database = self.ports.backbone.database
        # Of an album the bot waits for more: here all of it has come.
        came, self.after = await self.telegram.bot.updates(self.after, seconds=0)
        async with database.writing() as session:
            now = await database_now(session)
            for body in came:
                await updates.keep(session, body, now=now)
        async with asyncio.timeout(30):
            await self.telegram.answering().answer_all()
        await do_work(self.ports.backbone, work_handlers(self.ports))
        channels = {**self.ports.channels, "telegram": (self.telegram.channel(), Manners())}
        await sender(replace(self.ports, channels=channels)).send_due()
        await self.telegram.statuses.refresh()

    def person(self, **about: object) -> Person:
        return Person(self.server, self.server.number(), **about)  # pyright: ignore[reportArgumentType] - each test says what it is about

    async def link(self, client: SignedInClient | None = None) -> str:
        """The token of a new link."""
        headers = (client or self.client).headers
        answer = await self.api.post("/api/v1/me/telegram", headers=headers)
        assert answer.status_code == 201, answer.text
        link: str = answer.json()["link"]
        assert link.startswith(f"https://t.me/{BOT_NAME}?start=")
        return link.partition("start=")[2]

    async def bind(self, person: Person | None = None, client: SignedInClient | None = None) -> None:
        (person or self.anna).writes(f"/start {await self.link(client)}")
        await self.settle()

    async def chats(self, client: SignedInClient | None = None) -> list[dict[str, str]]:
        answer = await self.api.get("/api/v1/me/telegram", headers=(client or self.client).headers)
        found: list[dict[str, str]] = answer.json()["chats"]
        return found

    async def tell(
        self, kind: NotificationKind, inspection_id: UUID | None = None, *, task_id: UUID | None = None
    ) -> None:
        async with self.ports.backbone.database.writing() as session:
            await notices.tell(
                session,
                event_id=new_id(),
                person_id=self.client.account_id,
                kind=kind,
                subject_id=inspection_id or new_id(),
                number="A-1000001",
                task_id=task_id,
                now=await database_now(session),
            )


@pytest.fixture
def telegram_settings(cabinet_settings: Settings, server: FakeTelegram) -> Settings:
    return cabinet_settings.model_copy(
        update={
            "telegram_token": TOKEN,
            "telegram_bot": BOT_NAME,
            "telegram_api_url": server.url,
            "public_url": "https://cars.example",
        }
    )


@pytest.fixture
async def world(telegram_settings: Settings, server: FakeTelegram) -> AsyncGenerator[World]:
    server.begin_anew()
    async with (
        open_api_ports(telegram_settings) as ports,
        running(create_app(telegram_settings)) as api,
    ):
        telegram = Telegram(ports)
        try:
            client = await sign_in(ports, "anna@example.com")
            yield World(ports, api, telegram, server, client, Person(server, server.number()))
        finally:
            await telegram.bot.close()
