"""What the bot in MAX makes of what is said to it: chats are tied and untied; for all else there is the site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts import service as account_service
from cabinet_service.accounts.domain import Client, Language
from cabinet_service.max import texts
from cabinet_service.max.tables import updates
from cabinet_service.notifications import chats
from cabinet_service.notifications.notices import notices
from service_kit.chats.heard import Heard, pressed
from service_kit.chats.saying import Button, Saying, with_link
from service_kit.chats.updates import NotFollowed
from service_kit.db import Database, Session, database_now
from service_kit.max.heard import hear
from service_kit.max.messenger import MAX

_LANGUAGE: Final = "language"
# MAX has no menu of commands that everybody finds: whoever writes the word alone means the command.
_COMMANDS: Final = {
    "start": "start",
    "help": "help",
    "stop": "stop",
    _LANGUAGE: _LANGUAGE,
    "старт": "start",
    "начать": "start",
    "помощь": "help",
    "стоп": "stop",
    "язык": _LANGUAGE,
}


@dataclass(slots=True, kw_only=True)
class _Talk:
    """A step: in which chat, with whom (`client` is None where it is nobody's yet), and what they said."""

    session: Session
    now: datetime
    chat_id: int
    heard: Heard
    client: Client | None

    @property
    def language(self) -> Language:
        return self.client.language if self.client else self.heard.language

    def say(self, key: str, *, link: str = "") -> list[Saying]:
        """The words, with a button that opens the link."""
        html = texts.html(self.language, key)
        return [with_link(html, texts.words(self.language, "open"), link)]


class Conversation:
    """The `Answers` of the bot in MAX. Each step is a transaction; what it says goes out after that."""

    def __init__(self, database: Database, *, public_url: str, bot: str) -> None:
        self._database = database
        self._profile = f"{public_url}/profile"
        self._app = f"{public_url}/"
        self._bot = bot

    async def answer(self, chat_id: int, bodies: Sequence[dict[str, Any]], update_ids: Sequence[int]) -> None:
        said = hear(bodies[0])
        async with self._database.writing() as session:
            sayings = await self._answer(session, chat_id, said, update_ids[0])
            await updates.settle(session, update_ids, pressed(said, sayings))

    async def fail(self, chat_id: int, bodies: Sequence[dict[str, Any]], update_ids: Sequence[int]) -> None:
        said = hear(bodies[0])
        async with self._database.writing() as session:
            talk = await self._begin(session, chat_id, said)
            await updates.settle(session, update_ids, pressed(said, talk.say("failed")))

    async def lost(self, session: Session, chat_id: int) -> None:
        await notices.bury(session, MAX.name, str(chat_id), now=await database_now(session))

    async def _begin(self, session: Session, chat_id: int, said: Heard) -> _Talk:
        account_id = await notices.person_at(session, MAX.name, str(chat_id)) if said.is_private else None
        client = await accounts.client(session, account_id) if account_id else None
        now = await database_now(session)
        return _Talk(session=session, now=now, chat_id=chat_id, heard=said, client=client)

    async def _answer(self, session: Session, chat_id: int, said: Heard, update_id: int) -> list[Saying]:
        is_latest = not await updates.has_later(session, chat_id, update_id)
        if said.has_left:
            if is_latest:  # else they are back already
                await self.lost(session, chat_id)
            return []
        talk = await self._begin(session, chat_id, said)
        if not said.is_private:
            return talk.say("group", link=MAX.chat(self._bot)) if said.command else []
        if is_latest and talk.client is not None:
            await notices.revive(session, MAX.name, str(chat_id))
        return await self._step(talk)

    async def _step(self, talk: _Talk) -> list[Saying]:
        said = talk.heard
        if said.press is not None:
            is_language = said.press.verb == _LANGUAGE
            return (
                await self._choose_language(talk, said.press.rest) if is_language else talk.say("old.button")
            )
        command, rest = said.command or (said.text.lower(), "")
        match _COMMANDS.get(command):
            case "start":
                return await self._start(talk, rest)
            case "stop":
                return await self._stop(talk)
            case "help":
                return self._help(talk)
            case "language" if talk.client is not None:
                buttons = ((Button("Русский", data="language:ru"), Button("English", data="language:en")),)
                return [Saying(html=texts.html(talk.language, "language.ask"), buttons=buttons)]
            case _:
                return self._other(talk)

    async def _start(self, talk: _Talk, token: str) -> list[Saying]:
        """A link to the bot was opened, or the bot was started without one."""
        if not token:
            return self._help(talk)
        client = await chats.follow(
            talk.session,
            updates,
            token,
            chat_id=talk.chat_id,
            device=talk.heard.device,
            held_by=talk.client,
            now=talk.now,
        )
        if isinstance(client, NotFollowed):
            return talk.say(f"link.{client}", link="" if client is NotFollowed.OTHER else self._profile)
        talk.client = client
        return talk.say("hello.bound", link=self._app)

    async def _stop(self, talk: _Talk) -> list[Saying]:
        if talk.client is not None:
            await chats.untie(talk.session, updates, talk.client, talk.chat_id)
        return talk.say("stop", link=self._profile)

    async def _choose_language(self, talk: _Talk, chosen: str) -> list[Saying]:
        """Write in this language from now on, here and everywhere."""
        if talk.client is None:
            return self._help(talk)
        language = accounts.language(chosen)
        await account_service.change_account(talk.session, talk.client.account_id, {"language": language})
        return [Saying(html=texts.html(language, "language.set"))]

    def _help(self, talk: _Talk) -> list[Saying]:
        if talk.client is None:
            return talk.say("hello.stranger", link=self._profile)
        return talk.say("help", link=self._app)

    def _other(self, talk: _Talk) -> list[Saying]:
        """Kindly: what was sent is not lost on anybody, it only has to be sent in the app."""
        if talk.client is None:
            return talk.say("hello.stranger", link=self._profile)
        return talk.say(f"other.{talk.heard.other or 'text'}", link=self._app)
