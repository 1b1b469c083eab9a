"""What the bot makes of what is said to it. Each step is a transaction, and what it says goes out after that."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from cabinet_service.accounts import quotas
from cabinet_service.accounts.domain import Client
from cabinet_service.notifications.notices import notices
from cabinet_service.telegram import attaching, binding, checking, overview, placing, questions
from cabinet_service.telegram.fetching import Fetcher
from cabinet_service.telegram.models import Awaited
from cabinet_service.telegram.placing import Placement
from cabinet_service.telegram.tables import updates
from cabinet_service.telegram.talk import Means, Talk, begin
from service_kit.chats.heard import Heard, pressed
from service_kit.chats.saying import Button, Saying, escape
from service_kit.db import Database, Session, database_now
from service_kit.http.problems import Problem, TooManyRequests
from service_kit.telegram.heard import understood
from service_kit.telegram.messenger import NAME

Step = Placement | list[Saying]
Command = Callable[[Talk, str], Awaitable[Step]]


class Conversation:
    """The `Answers` of cabinet."""

    def __init__(self, database: Database, means: Means, fetcher: Fetcher) -> None:
        self._database = database
        self._means = means
        self._fetcher = fetcher

    async def answer(self, chat_id: int, bodies: Sequence[dict[str, Any]], update_ids: Sequence[int]) -> None:
        said = understood(bodies)
        try:
            async with self._database.writing() as session:
                step = await self._answer(session, chat_id, said) if said else []
                if isinstance(step, list):
                    await updates.settle(session, update_ids, step)
            if said and isinstance(step, Placement):
                await self._place(chat_id, said, step, update_ids)
        except Problem as problem:
            await self._refuse(chat_id, said, problem, update_ids)

    async def fail(self, chat_id: int, bodies: Sequence[dict[str, Any]], update_ids: Sequence[int]) -> None:
        said = understood(bodies) or Heard()
        async with self._database.writing() as session:
            talk = await begin(session, await database_now(session), self._means, chat_id, said)
            await updates.settle(session, update_ids, pressed(talk.heard, talk.say("failed")))

    async def lost(self, session: Session, chat_id: int) -> None:
        await notices.bury(session, NAME, str(chat_id), now=await database_now(session))

    async def _place(
        self, chat_id: int, said: Heard, placement: Placement, update_ids: Sequence[int]
    ) -> None:
        """Fetch the photos, and put them where they belong. A step that is done again finds them there."""
        async with self._database.writing() as session:
            talk = await begin(session, await database_now(session), self._means, chat_id, said)
            language, client = talk.language, talk.client
        shot = placement.target.number_place
        if shot is not None and client is not None:
            try:
                await quotas.count(self._means.limits, "readings", client)
            except TooManyRequests:  # then they type the number
                shot = None
        fetched = await self._fetcher.fetch(placement.photos, language=language, shot=shot)
        try:
            async with self._database.writing() as session:
                talk = await begin(session, await database_now(session), self._means, chat_id, said)
                sayings, spare = await attaching.attach(talk, placement, fetched)
                await updates.settle(session, update_ids, pressed(talk.heard, sayings))
        except Problem:
            # Refused, so surely no row mentions the files. After any other error one may: the sweep will tell.
            await self._fetcher.drop(fetched.taken)
            raise
        await self._fetcher.drop(spare)

    async def _answer(self, session: Session, chat_id: int, said: Heard) -> Step:
        if said.has_left:
            await self.lost(session, chat_id)
            return []
        talk = await begin(session, await database_now(session), self._means, chat_id, said)
        if not said.is_private:
            return _in_a_group(talk)
        step = await _step(talk)
        return pressed(talk.heard, step) if isinstance(step, list) else step

    async def _refuse(
        self, chat_id: int, said: Heard | None, problem: Problem, update_ids: Sequence[int]
    ) -> None:
        """Say why not, in the words of the problem: nothing was changed."""
        async with self._database.writing() as session:
            now = await database_now(session)
            talk = await begin(session, now, self._means, chat_id, said or Heard())
            why = [Saying(html=escape(problem.text(talk.language)))]
            await updates.settle(session, update_ids, pressed(talk.heard, why))


def _in_a_group(talk: Talk) -> list[Saying]:
    """Only when spoken to, and nothing that anybody there should not read."""
    command = talk.heard.command
    if command is None or command[0] not in _COMMANDS:
        return []
    return talk.say("group", link=talk.place.chat)


async def _step(talk: Talk) -> Step:
    said = talk.heard
    if said.press is not None:
        do = _PRESSES.get(said.press.verb)
        return await do(talk, said.press.rest) if do else talk.say("old.button")
    if (command := said.command) is not None and not said.photos:
        do = _COMMANDS.get(command[0])
        return await do(talk, command[1]) if do else talk.say("help")
    if talk.client is None:
        return await binding.start(talk, "")
    return await _take(talk, talk.client)


async def _take(talk: Talk, client: Client) -> Step:
    """What is no command: a photo, a number, an answer."""
    said = talk.heard
    if said.photos:
        return await placing.place(talk, client)
    if said.other:
        return talk.say(f"other.{said.other}")
    if talk.chat.awaited is Awaited.NUMBER and talk.chat.draft_id is not None:
        return await checking.take_number(talk, client)
    return await questions.take_words(talk, client) or talk.say("other.text")


async def _help(talk: Talk, _rest: str) -> list[Saying]:
    return talk.say("help")


async def _stop(talk: Talk, _rest: str) -> list[Saying]:
    return await binding.stop(talk)


async def _ask_language(talk: Talk, _rest: str) -> list[Saying]:
    buttons = [[Button("Русский", data="language:ru"), Button("English", data="language:en")]]
    return talk.say("language.ask", buttons)


async def _agree(talk: Talk, rest: str) -> list[Saying]:
    return await binding.agree(talk, rest) or await checking.go_on(talk)


_COMMANDS: Final[Mapping[str, Command]] = {
    "start": binding.start,
    "new": checking.new,
    "help": _help,
    "status": overview.status,
    "signin": binding.sign_in,
    "language": _ask_language,
    "stop": _stop,
}
_PRESSES: Final[Mapping[str, Command]] = {
    "language": binding.choose_language,
    binding.AGREE: _agree,
    "new": checking.new,
    "shot": checking.shoot,
    "number": checking.number,
    "send": checking.send,
    "to": placing.choose,
    "yes": questions.yes,
    "no": questions.no,
    "words": questions.write,
    "photo": questions.photograph,
    "cannot": questions.cannot,
    "why": questions.decline,
}
