"""Bpa with a bot, against a Bot API that refuses what the real one refuses."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.api_wiring import open_api_ports
from bpa_service.cases.core.policy import Policy
from bpa_service.entrypoints.app import create_app
from bpa_service.experts.domain import Expert, Role
from bpa_service.settings import Settings
from bpa_service.shifts import service as shifts
from bpa_service.telegram.running import Telegram
from bpa_service.telegram.tables import updates
from bpa_service.wiring import sender
from service_kit.db import database_now
from service_kit.notifying.channels import Manners
from tests.service.cases.conftest import Desk
from tests.support.api import running
from tests.support.experts import SignedInExpert, sign_in
from tests.support.telegram.fake import BOT_NAME, TOKEN, FakeTelegram
from tests.support.telegram.people import Person


@pytest.fixture(scope="module")
def server() -> Iterator[FakeTelegram]:
    with FakeTelegram().running() as telegram:
        yield telegram


@dataclass
class World:
    """Bpa, its API, its bot, Anna with her phone, and others who work here."""

    ports: ApiPorts
    api: httpx.AsyncClient
    telegram: Telegram
    server: FakeTelegram
    desk: Desk
    signed_in: SignedInExpert
    anna: Person
    after: int | None = None

    async def now(self) -> datetime:
        async with self.ports.backbone.database.writing() as session:
            return await database_now(session)

    async def settle(self) -> None:
        """Take in what was said, answer it, and tell what is to be told."""
        database = self.ports.backbone.database
        came, self.after = await self.telegram.bot.updates(self.after, seconds=0)
        async with database.writing() as session:
            now = await database_now(session)
            for body in came:
                await updates.keep(session, body, now=now)
        async with asyncio.timeout(30):
            await self.telegram.answering().answer_all()
        channels = {"telegram": (self.telegram.channel(), Manners())}
        await sender(replace(self.ports, channels=channels)).send_due()

    def person(self, **about: object) -> Person:
        return Person(self.server, self.server.number(), **about)  # pyright: ignore[reportArgumentType] - each test says what it is about

    async def link(self, of: SignedInExpert | None = None) -> str:
        """The token of a new link."""
        answer = await self.api.post("/api/v1/me/telegram", headers=(of or self.signed_in).headers)
        assert answer.status_code == 201, answer.text
        link: str = answer.json()["link"]
        assert link.startswith(f"https://t.me/{BOT_NAME}?start=")
        assert answer.json()["qr"].startswith("data:image/svg+xml")
        return link.partition("start=")[2]

    async def bind(self, person: Person | None = None, of: SignedInExpert | None = None) -> None:
        (person or self.anna).writes(f"/start {await self.link(of)}")
        await self.settle()

    async def bound(self, role: Role, login: str, **about: object) -> Person:
        """Somebody else's phone, bound to their account."""
        person = self.person(username=login, **about)
        await self.bind(person, await sign_in(self.ports, role, login))
        return person

    async def chats(self, of: SignedInExpert | None = None) -> list[dict[str, str]]:
        answer = await self.api.get("/api/v1/me/telegram", headers=(of or self.signed_in).headers)
        found: list[dict[str, str]] = answer.json()["chats"]
        return found

    async def on_shift(self, *who: Expert) -> None:
        async with self.ports.backbone.database.writing() as session:
            for one in who:
                await shifts.start(session, by=one, now=await database_now(session))

    async def opened(self, number: str = "A-1000001", *, ago: timedelta = timedelta()) -> UUID:
        """A case that was sent so long ago."""
        now = await self.now()
        return await self.desk.opened(number, at=now - ago, now=now)


@pytest.fixture
def telegram_settings(bpa_settings: Settings, server: FakeTelegram) -> Settings:
    return bpa_settings.model_copy(
        update={
            "telegram_token": TOKEN,
            "telegram_bot": BOT_NAME,
            "telegram_api_url": server.url,
            "public_url": "https://desk.example",
        }
    )


@pytest.fixture
async def world(telegram_settings: Settings, server: FakeTelegram) -> AsyncGenerator[World]:
    server.begin_anew()
    async with (
        open_api_ports(telegram_settings) as ports,
        running(create_app(telegram_settings)) as api,
    ):
        people = {
            login: await sign_in(ports, role, login)
            for login, role in (
                ("anna", Role.EXPERT),
                ("boris", Role.EXPERT),
                ("vera", Role.SENIOR),
                ("lena", Role.SHIFT_LEAD),
            )
        }
        anna, boris, vera, lead = (one.expert for one in people.values())
        desk = Desk(
            ports=ports,
            policy=Policy.of(telegram_settings),
            anna=anna,
            boris=boris,
            vera=vera,
            lead=lead,
            now=datetime.now().astimezone(),
        )
        telegram = Telegram(ports)
        try:
            person = Person(server, server.number())
            yield World(ports, api, telegram, server, desk, people["anna"], person)
        finally:
            await telegram.bot.close()
