"""What the bot makes of what is said to it. Each step is a transaction, and what it says goes out after that."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import structlog

from cabinet_service.notifications.notices import notices
from cabinet_service.telegram import binding, heard, overview, texts
from cabinet_service.telegram.heard import Heard
from cabinet_service.telegram.tables import updates
from cabinet_service.telegram.talk import Place, Talk, begin
from service_kit.db import Database, Session, database_now
from service_kit.http.problems import Problem
from service_kit.telegram.saying import NAME, Button, Saying, escape

log = structlog.get_logger(__name__)

Command = Callable[[Talk, str], Awaitable[list[Saying]]]


class Conversation:
    """The `Answers` of cabinet."""

    def __init__(self, database: Database, place: Place) -> None:
        self._database = database
        self._place = place

    async def answer(self, chat_id: int, bodies: Sequence[dict[str, Any]], update_ids: Sequence[int]) -> None:
        said = _heard(bodies)
        try:
            async with self._database.writing() as session:
                sayings = await self._answer(session, chat_id, said) if said else []
                await updates.settle(session, update_ids, sayings)
        except Problem as problem:
            await self._refuse(chat_id, said, problem, update_ids)

    async def fail(self, chat_id: int, bodies: Sequence[dict[str, Any]], update_ids: Sequence[int]) -> None:
        said = _heard(bodies) or Heard()
        async with self._database.writing() as session:
            talk = await begin(session, await database_now(session), self._place, chat_id, said)
            await updates.settle(session, update_ids, pressed(talk, talk.say("failed")))

    async def lost(self, session: Session, chat_id: int) -> None:
        await notices.bury(session, NAME, str(chat_id), now=await database_now(session))

    async def _answer(self, session: Session, chat_id: int, said: Heard) -> list[Saying]:
        if said.has_left:
            await self.lost(session, chat_id)
            return []
        talk = await begin(session, await database_now(session), self._place, chat_id, said)
        if not said.is_private:
            return _in_a_group(talk)
        return pressed(talk, await _step(talk))

    async def _refuse(
        self, chat_id: int, said: Heard | None, problem: Problem, update_ids: Sequence[int]
    ) -> None:
        """Say why not, in the words of the problem: nothing was changed."""
        async with self._database.writing() as session:
            now = await database_now(session)
            talk = await begin(session, now, self._place, chat_id, said or Heard())
            why = [Saying(html=escape(problem.text(talk.language)))]
            await updates.settle(session, update_ids, pressed(talk, why))


def _heard(bodies: Sequence[dict[str, Any]]) -> Heard | None:
    try:
        return heard.hear(bodies)
    except (KeyError, TypeError, ValueError, AttributeError):
        log.exception("telegram_update_not_understood")
        return None


def _in_a_group(talk: Talk) -> list[Saying]:
    """Only when spoken to, and nothing that anybody there should not read."""
    command = talk.heard.command
    if command is None or command[0] not in _COMMANDS:
        return []
    return talk.say("group", link=talk.place.chat)


def pressed(talk: Talk, sayings: list[Saying]) -> list[Saying]:
    """With the press of a button it has to be told that the press has arrived."""
    press = talk.heard.press
    if press is None:
        return sayings
    if not sayings:
        return [Saying(answers=press.query_id)]
    return [replace(sayings[0], answers=press.query_id), *sayings[1:]]


async def _step(talk: Talk) -> list[Saying]:
    said = talk.heard
    if said.press is not None:
        do = _PRESSES.get(said.press.verb)
        return await do(talk, said.press.rest) if do else talk.say("old.button")
    if (command := said.command) is not None and not said.photos:
        do = _COMMANDS.get(command[0])
        return await do(talk, command[1]) if do else talk.say("help")
    if talk.client is None:
        return await binding.start(talk, "")
    if said.other:
        return talk.say(f"other.{said.other}")
    return talk.say("other.text")


async def _help(talk: Talk, _rest: str) -> list[Saying]:
    return talk.say("help")


async def _stop(talk: Talk, _rest: str) -> list[Saying]:
    return await binding.stop(talk)


async def _ask_language(talk: Talk, _rest: str) -> list[Saying]:
    buttons = [[Button("Русский", data="language:ru"), Button("English", data="language:en")]]
    return talk.say("language.ask", buttons)


async def _agree(talk: Talk, rest: str) -> list[Saying]:
    return await binding.agree(talk, rest)


_COMMANDS: Final[Mapping[str, Command]] = {
    "start": binding.start,
    "help": _help,
    "status": overview.status,
    "language": _ask_language,
    "stop": _stop,
}
_PRESSES: Final[Mapping[str, Command]] = {
    "language": binding.choose_language,
    binding.AGREE: _agree,
}
assert set(texts.COMMANDS) >= {*_COMMANDS} - {"start"}  # noqa: S101 - what the menu offers is there
