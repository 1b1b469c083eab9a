"""A step of a conversation: in which transaction, in which chat, with whom, and what they said."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts import scopes
from cabinet_service.accounts.domain import Client, Language
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.domain import vin_places_of
from cabinet_service.notifications.notices import notices
from cabinet_service.ports import FileStore
from cabinet_service.telegram import texts
from cabinet_service.telegram.models import TelegramChat
from service_kit.chats.heard import Heard
from service_kit.chats.saying import Button, Saying
from service_kit.db import SYSTEM, Session, enter
from service_kit.http.problems import Problem
from service_kit.limiting import RateLimits
from service_kit.telegram.messenger import NAME, TELEGRAM
from shared_schemas.words import IdentifierKind, Shot

Rows = Sequence[Sequence[Button]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the site and the bot are, for links."""

    public_url: str
    bot: str

    @property
    def profile(self) -> str:
        return f"{self.public_url}/profile"

    @property
    def chat(self) -> str:
        return TELEGRAM.chat(self.bot)

    def inspection(self, inspection_id: UUID) -> str:
        return f"{self.public_url}/inspections/{inspection_id}"

    def question(self, inspection_id: UUID, task_id: UUID) -> str:
        return f"{self.inspection(inspection_id)}/questions/{task_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a conversation works with."""

    place: Place
    files: FileStore
    limits: RateLimits
    zone: ZoneInfo


@dataclass(slots=True, kw_only=True)
class Talk:
    """`client` is whose chat it is; None where it is nobody's yet."""

    session: Session
    now: datetime
    means: Means
    chat: TelegramChat
    heard: Heard
    client: Client | None

    @property
    def place(self) -> Place:
        return self.means.place

    @property
    def language(self) -> Language:
        return self.client.language if self.client else accounts.language(self.chat.language)

    def say(self, key: str, buttons: Rows = (), **values: object) -> list[Saying]:
        return [Saying(html=texts.html(self.language, key, **values), buttons=buttons)]

    def label(self, key: str, **values: object) -> str:
        return texts.words(self.language, key, **values)

    @asynccontextmanager
    async def acting(self, client: Client) -> AsyncGenerator[ClientActing]:
        """An act of the client's: walls hold for it as for a request of theirs."""
        await self.session.flush()  # what was changed so far is not the client's to write
        await enter(self.session, scopes.of(client))
        try:
            yield ClientActing(session=self.session, now=self.now, client=client)
            await self.session.flush()
        except Problem:  # the step may go on with another answer, and has to be noted in any case
            await enter(self.session, SYSTEM)
            raise
        await enter(self.session, SYSTEM)

    def begin_anew(self) -> None:
        """Whatever the chat was about is over."""
        chat = self.chat
        chat.draft_id = chat.task_id = chat.shot = chat.awaited = chat.number = None


async def begin(session: Session, now: datetime, means: Means, chat_id: int, heard: Heard) -> Talk:
    """The step at its beginning. Whoever writes again after having blocked the bot is reached again."""
    chat = await session.get(TelegramChat, chat_id, lock=True)
    if chat is None:
        chat = TelegramChat(chat_id=chat_id, language=heard.language, changed_at=now)
        session.add(chat)
    chat.changed_at = now
    client = None
    account_id = await notices.person_at(session, NAME, str(chat_id))
    if account_id is not None and heard.is_private:
        client = await accounts.client(session, account_id)
        if not heard.has_left:
            await notices.revive(session, NAME, str(chat_id))
    return Talk(session=session, now=now, means=means, chat=chat, heard=heard, client=client)


def id_of(text: str) -> UUID | None:
    """The id in a button's data; None if it is none."""
    try:
        return UUID(hex=text)
    except ValueError:
        return None


def shots(talk: Talk) -> Rows:
    """Buttons of the places where a number stands, the most telling first, and of everything else."""
    places = [*vin_places_of(IdentifierKind.VIN), Shot.OTHER]
    return [[Button(talk.label(f"shot.{shot}"), data=f"shot:{shot}")] for shot in places]
