"""Answers what was said to a bot: in every chat in order, in all chats side by side, one process at a time."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, Protocol

import structlog
from sqlalchemy import func, select

from service_kit.chats.bot import Bot
from service_kit.chats.saying import Saying
from service_kit.chats.updates import ALBUM_GAP, Updates, Waiting
from service_kit.db import Database, Session, database_now, is_database_away, will_pass
from service_kit.listen import Listener
from service_kit.notifying.channels import ChannelAway, MessageUndeliverable

log = structlog.get_logger(__name__)

POLL_INTERVAL: Final = 10.0
RETRY_INTERVAL: Final = 1.0
LONGEST_RETRY: Final = 60.0
AT_ONCE: Final = 8
# After so many tries it is we who err, and the chat has to go on.
MOST_TRIES: Final = 5
GIVEN_UP_AFTER: Final = timedelta(hours=24)


class Answers(Protocol):
    """What a service makes of what was said."""

    async def answer(self, chat_id: int, bodies: Sequence[dict[str, Any]], update_ids: Sequence[int]) -> None:
        """Do what follows from an update, or from all those of an album, and `Updates.settle` it along with that.

        Raises ChannelAway where the messenger has to be asked for something and is away.
        """
        ...

    async def fail(self, chat_id: int, bodies: Sequence[dict[str, Any]], update_ids: Sequence[int]) -> None:
        """Settle it with an apology: it was tried often enough."""
        ...

    async def lost(self, session: Session, chat_id: int) -> None:
        """Nothing that is said arrives in the chat any more."""
        ...


class Answering:
    """The worker's part. Others stand by and take over when its connection ends."""

    def __init__(
        self, database: Database, listener: Listener, updates: Updates, answers: Answers, bot: Bot
    ) -> None:
        self._database = database
        self._updates = updates
        self._answers = answers
        self._bot = bot
        self._name = updates.messenger.name
        self._wakeup = listener.wakeup(updates.wakes)
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Answer until cancelled. Survives the database going away and coming back."""
        try:
            while True:
                try:
                    async with self._database.pool.guard() as guard:
                        await self._work_under_lock(guard)
                except Exception as error:
                    if not is_database_away(error):
                        raise
                    log.warning("database_away", error=repr(error))
                await asyncio.sleep(RETRY_INTERVAL)
        finally:
            await self._end()

    async def answer_all(self) -> None:
        """Answer what waits, without waiting for more."""
        try:
            while await self._begin() or self._busy:
                await asyncio.gather(*self._busy.values())
        finally:
            await self._end()

    async def _work_under_lock(self, guard: Session) -> None:
        lock = func.pg_try_advisory_lock(self._updates.messenger.answering_lock)
        while not await guard.scalar(select(lock)):  # noqa: ASYNC110 - no event
            await asyncio.sleep(RETRY_INTERVAL)
        while True:
            self._wakeup.clear()
            await self._begin()
            has_album = await self._has_more()
            rest = ALBUM_GAP.total_seconds() / 2 if has_album else POLL_INTERVAL
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wakeup.wait(), rest)
            await guard.scalar(select(1))  # the lock is only ours while this connection lives

    async def _has_more(self) -> bool:
        """Whether something waits in a chat where nothing is under way: an album that may not be whole yet."""
        async with self._database.writing() as session:
            later = await database_now(session) + 2 * ALBUM_GAP
            return bool(await self._updates.waiting(session, but=list(self._busy), now=later))

    async def _begin(self) -> int:
        async with self._database.writing() as session:
            now = await database_now(session)
            found = await self._updates.waiting(session, but=list(self._busy), now=now)
        for waiting in found:
            task = asyncio.create_task(self._answer(waiting))
            self._busy[waiting.chat_id] = task
            task.add_done_callback(lambda _, chat_id=waiting.chat_id: self._rest(chat_id))
        return len(found)

    def _rest(self, chat_id: int) -> None:
        del self._busy[chat_id]
        self._wakeup.set()

    async def _end(self) -> None:
        under_way = list(self._busy.values())
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _answer(self, waiting: Waiting) -> None:
        """One step in a chat. Whatever goes wrong, the chat has its turn again, later."""
        try:
            async with self._slots:
                await self._step(waiting)
        except ChannelAway as error:
            log.warning("messenger_away", messenger=self._name, error=str(error))
            await asyncio.sleep(error.retry_after or self._pause(waiting))
        except Exception as error:
            if not will_pass(error):
                log.exception("chat_update_failed", messenger=self._name, update_ids=list(waiting.update_ids))
            await asyncio.sleep(self._pause(waiting))
        else:
            return
        with contextlib.suppress(Exception):  # counted, or tried once more than we meant to
            async with self._database.writing() as session:
                await self._updates.tried(session, waiting.update_ids)

    def _pause(self, waiting: Waiting) -> float:
        return min(RETRY_INTERVAL * 2 ** min(waiting.tries, 10), LONGEST_RETRY)

    async def _step(self, waiting: Waiting) -> None:
        chat_id, update_ids = waiting.chat_id, waiting.update_ids
        if waiting.sayings is not None:
            await self._say_all(chat_id, update_ids[0], waiting.sayings)
        elif waiting.tries >= MOST_TRIES:
            await self._answers.fail(chat_id, waiting.bodies, update_ids)
        else:
            await self._answers.answer(chat_id, waiting.bodies, update_ids)

    async def _say_all(self, chat_id: int, update_id: int, sayings: Sequence[Saying]) -> None:
        for said, saying in enumerate(sayings):
            try:
                await self._bot.answer(chat_id, saying)
            except MessageUndeliverable as error:
                log.warning(
                    "chat_answer_undeliverable", messenger=self._name, update_id=update_id, error=str(error)
                )
                if error.is_dead:
                    async with self._database.writing() as session:
                        await self._answers.lost(session, chat_id)
                    break
            if said + 1 < len(sayings):
                async with self._database.writing() as session:
                    await self._updates.left_to_say(session, update_id, sayings[said + 1 :])
        async with self._database.writing() as session:
            await self._updates.answered(session, [update_id])
