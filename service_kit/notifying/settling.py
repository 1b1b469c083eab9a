"""Writing down what became of messages that were handed to their channels.

In a few statements, however many they are: where a heap is worked off, round trips are what takes the time.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, DateTime, SmallInteger, String, Uuid, func, select, update

from service_kit.db import Session
from service_kit.notifying import rules
from service_kit.notifying.notices import Notices
from service_kit.notifying.people import People
from service_kit.notifying.planning import Ready, clock_now
from service_kit.notifying.rows import among, rows_of
from service_kit.notifying.rules import DeliveryState
from service_kit.notifying.tables import DeliveryColumns, NotificationColumns, shortened

PATIENCE: Final = timedelta(seconds=20)
"""For so long one channel that takes nothing is waited for, before the next has its turn."""
_TIME: Final = DateTime(timezone=True)


class Verdict(Enum):
    TAKEN = auto()
    FAILED = auto()
    LATER = auto()
    """This one not now; or the channel, which takes nothing of anybody's (`is_channel_away`)."""
    NOT_TRIED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a delivery. `dead` are addresses at which nothing will ever arrive.

    `is_set_aside`: what failed is ours, with this one; what comes after it need not wait for it.
    """

    ready: Ready
    verdict: Verdict
    reference: str | None = None
    reason: str | None = None
    retry_after: float | None = None
    is_channel_away: bool = False
    has_lost_answer: bool = False
    is_set_aside: bool = False
    dead: Sequence[str] = ()


async def settle(session: Session, notices: Notices, people: People, outcomes: Sequence[Outcome]) -> None:
    """Keep what became of each, and let the next channel have its turn where this one will not do."""
    ids = {outcome.ready.notification_id for outcome in outcomes}
    now, told = await _locked(session, notices, ids)
    for outcome in outcomes:
        for address in outcome.dead:
            await notices.bury(session, outcome.ready.channel, address, now=now)
    ledger = _Ledger(told, await _deliveries(session, notices, ids), people, now)
    for outcome in outcomes:
        ledger.enter(outcome)
    await _write_deliveries(session, notices, ledger.changed)
    await _write_turns(session, notices, ledger.turns)
    for notification, channel in ledger.first_told:
        await people.told(session, notification, channel, now)


async def shelve(session: Session, notices: Notices, outcome: Outcome) -> None:
    """Try a delivery no more whose outcome cannot be written as it should be: a person has to look at it."""
    table = notices.deliveries
    await session.execute(
        update(table)
        .where(table.id == outcome.ready.delivery_id)
        .values(state=DeliveryState.FAILED, reason=f"not settled: {outcome.verdict.name}")
    )


@dataclass(slots=True)
class _Line:
    """A line of the ledger, as it is to be written."""

    delivery: DeliveryColumns
    state: DeliveryState
    at: datetime
    tries: int
    has_lost_answers: bool
    is_set_aside: bool
    reason: str | None
    reference: str | None

    @classmethod
    def of(cls, one: DeliveryColumns) -> "_Line":
        return cls(
            one,
            one.state,
            one.due_at,
            one.tries,
            one.has_lost_answers,
            one.is_set_aside,
            one.reason,
            one.reference,
        )


@dataclass(slots=True)
class _Ledger:
    """The lines of some notifications, locked with them; what comes out of entering outcomes is written after."""

    told: Mapping[UUID, NotificationColumns]
    lines: Mapping[UUID, Sequence[_Line]]
    people: People
    now: datetime
    changed: list[_Line] = field(default_factory=list[_Line])
    turns: dict[UUID, datetime | None] = field(default_factory=dict[UUID, datetime | None])
    first_told: list[tuple[NotificationColumns, str]] = field(
        default_factory=list[tuple[NotificationColumns, str]]
    )

    def enter(self, outcome: Outcome) -> None:
        about = self.told.get(outcome.ready.notification_id)
        lines = self.lines.get(outcome.ready.notification_id, ())
        line = next((one for one in lines if one.delivery.id == outcome.ready.delivery_id), None)
        if about is None or line is None:  # erased meanwhile
            return
        others = [one for one in lines if one is not line]
        if outcome.verdict is Verdict.TAKEN:
            self._taken(about, line, others, outcome)
        elif line.state is not DeliveryState.QUEUED:  # withdrawn meanwhile
            return
        elif outcome.verdict is Verdict.FAILED:
            self._failed(about, line, others, outcome)
        else:
            self._later(about, line, others, outcome)
        line.at = self.now if line.state is not DeliveryState.QUEUED else line.at
        line.tries += 1
        line.has_lost_answers |= outcome.has_lost_answer
        line.is_set_aside = outcome.is_set_aside and line.state is DeliveryState.QUEUED
        self.changed.append(line)

    def _taken(
        self, about: NotificationColumns, line: _Line, others: Sequence[_Line], outcome: Outcome
    ) -> None:
        line.state = DeliveryState.SENT
        if line.delivery.shown_at is not None:
            line.state = DeliveryState.DELIVERED
        if about.seen_at is not None:
            line.state = DeliveryState.SEEN
        line.reason, line.reference = None, outcome.reference
        # Each channel has its time to be seen, from when the first of its addresses took the message.
        if not _reached(others, line.delivery.channel):
            within = self.people.urgency_of(about.kind).seen_within if _is_open(about) else None
            self.turns[about.id] = None if within is None else self.now + within
        if not any(one.state in rules.REACHED for one in others):
            self.first_told.append((about, line.delivery.channel))
        # What another channel could not take so far need not be told there any more.
        for one in others:
            is_other = one.delivery.channel != line.delivery.channel
            if is_other and one.state is DeliveryState.QUEUED and one.tries > 0:
                one.state, one.at = DeliveryState.WITHDRAWN, self.now
                self.changed.append(one)

    def _failed(
        self, about: NotificationColumns, line: _Line, others: Sequence[_Line], outcome: Outcome
    ) -> None:
        line.state, line.reason = DeliveryState.FAILED, shortened(outcome.reason)
        channel = line.delivery.channel
        waits = any(one.delivery.channel == channel and one.state is DeliveryState.QUEUED for one in others)
        if _is_open(about) and not waits and not _reached(others, channel):
            self.turns[about.id] = self.now

    def _later(
        self, about: NotificationColumns, line: _Line, others: Sequence[_Line], outcome: Outcome
    ) -> None:
        wait = timedelta(0)
        if not outcome.is_channel_away:
            wait = rules.retry_in(line.tries + 1, asked_for=outcome.retry_after)
        line.at, line.reason = self.now + wait, shortened(outcome.reason)
        if line.tries == 0 and _is_open(about) and not _reached(others, line.delivery.channel):
            patient, turn = self.now + PATIENCE, self.turns.get(about.id, about.escalate_at)
            self.turns[about.id] = patient if turn is None else min(turn, patient)


def _is_open(about: NotificationColumns) -> bool:
    return about.seen_at is None and about.withdrawn_at is None


def _reached(lines: Sequence[_Line], channel: str) -> bool:
    return any(one.delivery.channel == channel and one.state in rules.REACHED for one in lines)


async def _locked(
    session: Session, notices: Notices, ids: Collection[UUID]
) -> tuple[datetime, Mapping[UUID, NotificationColumns]]:
    """Those that were not erased meanwhile, and the time by the clock of the database."""
    table = notices.notifications
    rows = await session.execute(
        select(table, func.clock_timestamp()).where(among(table.id, ids)).order_by(table.id).with_for_update()
    )
    found, now = dict[UUID, NotificationColumns](), None
    for one, at in rows:
        found[one.id], now = one, at
    return now or await clock_now(session), found


async def _deliveries(
    session: Session, notices: Notices, ids: Collection[UUID]
) -> Mapping[UUID, Sequence[_Line]]:
    table = notices.deliveries
    rows = await session.scalars(select(table).where(among(table.notification_id, ids)))
    found: defaultdict[UUID, list[_Line]] = defaultdict(list)
    for row in rows:
        found[row.notification_id].append(_Line.of(row))
    return found


async def _write_deliveries(session: Session, notices: Notices, lines: Sequence[_Line]) -> None:
    table = notices.deliveries
    names = [
        ("id", Uuid()),
        ("state", String()),
        ("at", _TIME),
        ("tries", SmallInteger()),
        ("lost", Boolean()),
        ("aside", Boolean()),
        ("reason", String()),
        ("reference", String()),
    ]
    written: list[Sequence[Any]] = [
        (
            one.delivery.id,
            one.state.value,
            one.at,
            one.tries,
            one.has_lost_answers,
            one.is_set_aside,
            one.reason,
            one.reference,
        )
        for one in {one.delivery.id: one for one in lines}.values()
    ]
    if not written:
        return
    new = rows_of(names, written)
    await session.execute(
        update(table)
        .where(table.id == new.c.id)
        .values(
            state=new.c.state,
            due_at=new.c.at,
            tries=new.c.tries,
            has_lost_answers=new.c.lost,
            is_set_aside=new.c.aside,
            reason=new.c.reason,
            reference=new.c.reference,
        )
    )


async def _write_turns(session: Session, notices: Notices, turns: Mapping[UUID, datetime | None]) -> None:
    if not turns:
        return
    table, new = notices.notifications, rows_of([("id", Uuid()), ("at", _TIME)], list(turns.items()))
    await session.execute(update(table).where(table.id == new.c.id).values(escalate_at=new.c.at))
