"""The sender: hands what people are to be told to their channels, again and again until it is taken.

A message is marked as sent after its channel took it. Killed in between, the sender sends it again: who is told
twice was told. Nothing is locked in the database while a channel is waited for.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import func, select

from service_kit import failpoints
from service_kit.db import Database, Session, will_pass
from service_kit.listen import Listener
from service_kit.notifying import planning, settling
from service_kit.notifying.channels import (
    AnswerLost,
    Channel,
    ChannelAway,
    Manners,
    Message,
    MessageDeferred,
    MessageUndeliverable,
    Pace,
)
from service_kit.notifying.notices import CHANNEL, Notices
from service_kit.notifying.people import People
from service_kit.notifying.planning import Lane, Ready
from service_kit.notifying.setting_aside import each_that_can, is_of_a_row, set_aside_delivery, set_aside_plan
from service_kit.notifying.settling import Outcome, Verdict
from service_kit.notifying.trying import TEST

log = structlog.get_logger(__name__)

IN_FLIGHT: Final = 500
POLL_INTERVAL: Final = 10.0
RETRY_INTERVAL: Final = 1.0
MIN_BACKOFF: Final = 1.0
MAX_BACKOFF: Final = 30.0
LOCK_KEY: Final = 7_215_002


@dataclass(slots=True)
class _Line:
    """A channel in use. Until `away_until`, by the clock of the event loop, nothing is handed to it."""

    channel: Channel
    manners: Manners
    slots: asyncio.Semaphore
    pace: Pace
    away_until: float = 0.0
    backoff: float = MIN_BACKOFF

    @property
    def is_away(self) -> bool:
        return self.away_until > asyncio.get_running_loop().time()

    def note_away(self, retry_after: float | None) -> None:
        wait = self.backoff if retry_after is None else retry_after
        self.away_until = asyncio.get_running_loop().time() + wait
        self.backoff = min(self.backoff * 2, MAX_BACKOFF)

    def note_back(self) -> None:
        self.backoff = MIN_BACKOFF


@dataclass(slots=True)
class _Tried:
    """What became of the addresses of one delivery, one after the other."""

    is_taken: bool = False
    is_away: bool = False
    is_deferred: bool = False
    is_set_aside: bool = False
    has_lost_answer: bool = False
    reference: str | None = None
    retry_after: float | None = None
    reason: str | None = None
    dead: list[str] = field(default_factory=list[str])

    def outcome(self, ready: Ready) -> Outcome:
        verdict = Verdict.FAILED
        if self.is_taken:
            verdict = Verdict.TAKEN
        elif self.is_away or self.is_deferred:
            verdict = Verdict.LATER
        return Outcome(
            ready=ready,
            verdict=verdict,
            reference=self.reference,
            reason=self.reason,
            retry_after=self.retry_after,
            is_channel_away=self.is_away,
            has_lost_answer=self.has_lost_answer,
            is_set_aside=self.is_set_aside,
            dead=self.dead,
        )


class Sender:
    """Runs in any number of processes of a service; an advisory lock lets one of them work at a time.

    One at a time, because channels limit how much comes from all of us, and because a person's messages go out
    in order.
    """

    def __init__(
        self,
        database: Database,
        listener: Listener,
        notices: Notices,
        people: People,
        channels: Mapping[str, tuple[Channel, Manners]],
    ) -> None:
        self._database = database
        self._notices = notices
        self._people = people
        self._wakeup = listener.wakeup(CHANNEL)
        self._lines = {
            name: _Line(channel, manners, asyncio.Semaphore(manners.at_once), Pace(manners.a_second))
            for name, (channel, manners) in channels.items()
        }
        self._lanes: dict[Lane, deque[Ready]] = {}
        self._stopped: set[Lane] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._outcomes: list[tuple[Outcome, asyncio.Future[None]]] = []
        self._has_outcomes = asyncio.Event()

    async def run(self) -> None:
        """Send until cancelled. Survives the database going away and coming back."""
        async with self._settling():
            while True:
                try:
                    async with self._database.pool.guard() as guard:
                        await self._work_under_lock(guard)
                except Exception as error:
                    if not will_pass(error):
                        raise
                    log.warning("sender_interrupted", error=repr(error))
                await asyncio.sleep(RETRY_INTERVAL)

    async def send_due(self) -> None:
        """Send what is due now, without waiting for anything that is due later."""
        async with self._settling():
            while await self._begin():
                await asyncio.gather(*self._tasks)

    async def _work_under_lock(self, guard: Session) -> None:
        while not await guard.scalar(select(func.pg_try_advisory_lock(LOCK_KEY))):  # noqa: ASYNC110 - no event
            await asyncio.sleep(RETRY_INTERVAL)
        while True:
            self._wakeup.clear()
            while await self._begin():
                pass
            rest = await self._rest()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wakeup.wait(), rest)
            await guard.scalar(select(1))  # the lock is only ours while this connection lives

    async def _begin(self) -> int:
        """Plan and take up what is due; returns how much of it there was."""
        room = IN_FLIGHT - sum(map(len, self._lanes.values()))
        if room <= 0:
            return 0
        open_lines = [name for name, line in self._lines.items() if not line.is_away]
        under_way = self._under_way()
        self._stopped.clear()
        try:
            async with self._database.writing() as session:
                turn = await planning.turn(session, self._notices)
                await self._plan(session, turn)
                waiting = await planning.waiting(
                    session, self._notices, channels=open_lines, but=under_way, limit=room
                )
                due = await self._ready(session, waiting)
        except Exception as error:
            if not is_of_a_row(error):
                raise
            return await self._sift(open_lines, under_way, room)
        # Of a lane that stopped meanwhile this comes after the message that has to wait: it is too early for it.
        taken_up = [ready for ready in due if ready.lane not in self._stopped]
        for ready in taken_up:
            self._take_up(ready)
        return len(turn) + len(due)

    async def _plan(self, session: Session, ids: Sequence[UUID]) -> None:
        to_all = [name for name, line in self._lines.items() if line.manners.to_all]
        await planning.plan(session, self._notices, self._people, self._lines, ids, to_all=to_all)

    async def _ready(self, session: Session, ids: Sequence[UUID]) -> list[Ready]:
        return await planning.ready(session, self._notices, self._people, ids)

    async def _sift(self, open_lines: Sequence[str], under_way: Collection[UUID], room: int) -> int:
        """Set aside what cannot be planned or got ready, so that the rest can; returns how much was looked at."""
        async with self._database.writing() as session:
            turn = await planning.turn(session, self._notices)
        await each_that_can(self._database, self._notices, turn, self._plan, set_aside_plan)
        async with self._database.writing() as session:
            waiting = await planning.waiting(
                session, self._notices, channels=open_lines, but=under_way, limit=room
            )
        await each_that_can(self._database, self._notices, waiting, self._ready, set_aside_delivery)
        return len(turn) + len(waiting)

    async def _rest(self) -> float:
        """For how many seconds to rest unless something new comes, or a lane becomes free."""
        now = asyncio.get_running_loop().time()
        away = {name: line.away_until - now for name, line in self._lines.items() if line.is_away}
        async with self._database.writing() as session:
            due_in = await planning.next_due_in(
                session,
                self._notices,
                channels=[name for name in self._lines if name not in away],
                but=self._under_way(),
            )
        # What is due and was not taken up is held up by what came before it, or there is no room for it.
        rest = due_in if due_in > 0 else RETRY_INTERVAL
        return max(0.0, min(POLL_INTERVAL, rest, *away.values()))

    def _under_way(self) -> list[UUID]:
        taken_up = (ready for lane in self._lanes.values() for ready in lane)
        return [each.delivery_id for ready in taken_up for each in (ready, *ready.along)]

    def _take_up(self, ready: Ready) -> None:
        if ready.lane in self._lanes:
            self._lanes[ready.lane].append(ready)
            return
        self._lanes[ready.lane] = deque([ready])
        task = asyncio.create_task(self._drive(ready.lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drive(self, lane: Lane) -> None:
        """Send what is in the lane, one after the other. What follows a failure is taken up again after it."""
        waiting = self._lanes[lane]
        try:
            while waiting:
                outcome = await self._hand_over(waiting[0])
                if outcome.verdict is not Verdict.NOT_TRIED:
                    await self._settle(outcome)
                waiting.popleft()
                has_to_wait = outcome.verdict in (Verdict.LATER, Verdict.NOT_TRIED)
                if has_to_wait and not outcome.is_set_aside:
                    self._stopped.add(lane)
                    return
        finally:
            del self._lanes[lane]
            self._wakeup.set()

    async def _hand_over(self, ready: Ready) -> Outcome:
        if ready.was_shown:
            return Outcome(ready=ready, verdict=Verdict.TAKEN)
        line, tried = self._lines[ready.channel], _Tried(reason="there is no address")
        for address in ready.addresses:
            async with line.slots:
                await line.pace.turn()
                if line.is_away:
                    return Outcome(ready=ready, verdict=Verdict.NOT_TRIED)
                await self._try(line, ready, address, tried)
            if tried.is_away or tried.is_taken:
                break
        return tried.outcome(ready)

    async def _try(self, line: _Line, ready: Ready, address: str, tried: _Tried) -> None:
        message = Message(ready.delivery_id, address, ready.wording)
        if ready.kind != TEST:
            message = replace(message, kind=ready.kind, subject_id=ready.subject_id, task_id=ready.task_id)
        try:
            failpoints.reach(failpoints.Point.SENDING)
            reference = await line.channel.send(message)
            failpoints.reach(failpoints.Point.SENT)
        except MessageUndeliverable as error:
            tried.reason = str(error)
            if error.is_dead:
                tried.dead.append(address)
        except MessageDeferred as error:
            tried.is_deferred, tried.reason, tried.retry_after = True, str(error), error.retry_after
        except ChannelAway as error:
            line.note_away(error.retry_after)
            tried.is_away, tried.reason = True, str(error)
            tried.has_lost_answer |= isinstance(error, AnswerLost)
        except failpoints.Injected:
            raise
        except Exception as error:  # whatever one channel does not expect must not silence the others
            log.exception("channel_failed", channel=ready.channel, message_id=str(ready.delivery_id))
            tried.is_deferred = tried.is_set_aside = True
            tried.reason = repr(error)
        else:
            line.note_back()
            tried.reference = reference
            tried.is_taken = True
        if not tried.is_taken:
            log.warning(
                "message_not_taken",
                channel=ready.channel,
                message_id=str(ready.delivery_id),
                error=tried.reason,
            )

    async def _settle(self, outcome: Outcome) -> None:
        """Have the outcome written, together with whatever else came out meanwhile, and wait for that."""
        written = asyncio.get_running_loop().create_future()
        self._outcomes.append((outcome, written))
        self._has_outcomes.set()
        await written

    @asynccontextmanager
    async def _settling(self) -> AsyncGenerator[None]:
        job = asyncio.create_task(self._settle_forever())
        try:
            yield
        finally:
            for task in (job, *self._tasks):
                task.cancel()
            await asyncio.gather(job, *self._tasks, return_exceptions=True)

    async def _settle_forever(self) -> None:
        while True:
            await self._has_outcomes.wait()
            self._has_outcomes.clear()
            batch, self._outcomes = self._outcomes, []
            try:
                await self._write([outcome for outcome, _ in batch])
            finally:
                for _, written in batch:
                    if not written.done():
                        written.set_result(None)

    async def _write(self, outcomes: list[Outcome]) -> None:
        """Only those go to support that cannot be written: taken up again, they would be sent for ever."""
        try:
            await self._until_written(partial(settling.settle, people=self._people, outcomes=outcomes))
        except Exception:
            log.exception("outcomes_not_settled", count=len(outcomes))
            if len(outcomes) == 1:
                await self._until_written(partial(settling.shelve, outcome=outcomes[0]))
                return
            for outcome in outcomes:
                await self._write([outcome])

    async def _until_written(self, write: Callable[[Session, Notices], Awaitable[None]]) -> None:
        """Again and again while it may pass: what was sent and is not marked would be sent again."""
        while True:
            try:
                async with self._database.writing() as session:
                    await write(session, self._notices)
            except Exception as error:
                if not will_pass(error):
                    raise
                log.warning("sender_interrupted", error=repr(error))
                await asyncio.sleep(RETRY_INTERVAL)
            else:
                return
