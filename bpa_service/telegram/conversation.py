"""What the bot makes of what is said to it. Each step is a transaction, and what it says goes out after that."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from bpa_service.experts import service as people
from bpa_service.experts.domain import Expert
from bpa_service.notifications.notices import notices
from bpa_service.telegram import binding, overview, taking, working
from bpa_service.telegram.tables import updates
from bpa_service.telegram.talk import Means, Talk, begin
from service_kit.chats.heard import Heard, pressed
from service_kit.chats.saying import Saying, escape
from service_kit.db import Database, Session, database_now
from service_kit.http.problems import Problem
from service_kit.telegram.heard import understood
from service_kit.telegram.messenger import NAME

Command = Callable[[Talk, Expert, str], Awaitable[list[Saying]]]


class Conversation:
    """The `Answers` of bpa."""

    def __init__(self, database: Database, means: Means) -> None:
        self._database = database
        self._means = means

    async def answer(self, chat_id: int, bodies: Sequence[dict[str, Any]], update_ids: Sequence[int]) -> None:
        said = understood(bodies)
        try:
            async with self._database.writing() as session:
                sayings = await self._answer(session, chat_id, said) if said else []
                await updates.settle(session, update_ids, sayings)
        except Problem as problem:
            async with self._database.writing() as session:
                talk = await self._begin(session, chat_id, said)
                await updates.settle(session, update_ids, pressed(talk.heard, await _refusal(talk, problem)))

    async def fail(self, chat_id: int, bodies: Sequence[dict[str, Any]], update_ids: Sequence[int]) -> None:
        async with self._database.writing() as session:
            talk = await self._begin(session, chat_id, understood(bodies))
            await updates.settle(session, update_ids, pressed(talk.heard, talk.say("failed")))

    async def lost(self, session: Session, chat_id: int) -> None:
        await notices.bury(session, NAME, str(chat_id), now=await database_now(session))

    async def _begin(self, session: Session, chat_id: int, said: Heard | None) -> Talk:
        return await begin(session, await database_now(session), self._means, chat_id, said or Heard())

    async def _answer(self, session: Session, chat_id: int, said: Heard) -> list[Saying]:
        if said.has_left:
            await self.lost(session, chat_id)
            return []
        talk = await self._begin(session, chat_id, said)
        if not said.is_private:
            return _in_a_group(talk)
        return pressed(said, await _step(talk))


def _in_a_group(talk: Talk) -> list[Saying]:
    """Only when spoken to, and nothing that anybody there should not read."""
    command = talk.heard.command
    if command is None or command[0] not in {"start", "stop", *_COMMANDS}:
        return []
    return talk.say("group", link=talk.means.chat)


async def _step(talk: Talk) -> list[Saying]:
    """Raises AccountInactive for who was switched off: but for `/stop` nothing is theirs to do."""
    said = talk.heard
    command, rest = said.command or ("", "")
    if command == "stop":
        return await binding.stop(talk, rest)
    if talk.expert is not None:
        people.refuse_inactive(talk.expert)
    if command == "start":
        return await binding.start(talk, rest)
    if talk.expert is None:
        return binding.stranger(talk)
    if said.press is not None:
        do = _PRESSES.get(said.press.verb)
        return await do(talk, talk.expert, said.press.rest) if do else talk.say("old.button")
    do = _COMMANDS.get(command)
    return await do(talk, talk.expert, rest) if do else talk.say("other")


async def _refusal(talk: Talk, problem: Problem) -> list[Saying]:
    """Why not, in the words of the problem: nothing was changed."""
    press = talk.heard.press
    if press is not None and press.verb == taking.TAKE:
        return await taking.refused(talk, problem, press.rest)
    return [Saying(html=escape(problem.text(talk.language)))]


async def _help(talk: Talk, _expert: Expert, _rest: str) -> list[Saying]:
    return talk.say("help")


_COMMANDS: Final[Mapping[str, Command]] = {
    "queue": overview.tell_queue,
    "status": overview.tell_status,
    "shift": working.shift,
    "language": binding.ask_language,
    "help": _help,
}
_PRESSES: Final[Mapping[str, Command]] = {
    taking.TAKE: taking.take,
    "shift": working.shift,
    "language": binding.choose_language,
}
