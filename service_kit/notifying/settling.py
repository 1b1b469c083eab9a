"""Writing down what became of messages that were handed to their channels.

In a few statements, however many they are: where a heap is worked off, round trips are what takes the time.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update

from service_kit.db import Session
from service_kit.notifying import rules
from service_kit.notifying.notices import Notices
from service_kit.notifying.people import People
from service_kit.notifying.planning import Ready, clock_now
from service_kit.notifying.rows import among
from service_kit.notifying.rules import DeliveryState
from service_kit.notifying.tables import NotificationColumns, shortened
from service_kit.notifying.trying import TEST
from service_kit.writes import Write

PATIENCE: Final = timedelta(seconds=20)
"""For so long one channel that takes nothing is waited for, before the next has its turn."""
# As SQL, because this is done for every few messages, and takes more time to be put together than to run.
_READ: Final = """
SELECT notification_id, id, channel, state, due_at, tries, has_lost_answers, is_set_aside, reason, reference,
    shown_at IS NOT NULL
FROM {sent} WHERE notification_id = ANY ($1)
"""
_WRITTEN: Final = ("id", "state", "at", "tries", "has_lost_answers", "is_set_aside", "reason", "reference")
_MARK: Final = """
UPDATE {sent} AS line SET state = new.state, due_at = new.at, tries = new.tries,
    has_lost_answers = new.has_lost_answers, is_set_aside = new.is_set_aside, reason = new.reason,
    reference = new.reference
FROM unnest(
    $1::uuid[], $2::text[], $3::timestamptz[], $4::smallint[], $5::boolean[], $6::boolean[], $7::text[],
    $8::text[]
) AS new (id, state, at, tries, has_lost_answers, is_set_aside, reason, reference)
WHERE line.id = new.id
RETURNING 1
"""
_TURN: Final = """
UPDATE {told} AS told SET escalate_at = new.at
FROM unnest($1::uuid[], $2::timestamptz[]) AS new (id, at)
WHERE told.id = new.id
RETURNING 1
"""


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

    def each(self) -> "list[Outcome]":
        """That of every delivery which was told with it."""
        return [self, *(replace(self, ready=one) for one in self.ready.along)]


async def settle(session: Session, notices: Notices, people: People, outcomes: Sequence[Outcome]) -> None:
    """Keep what became of each, and let the next channel have its turn where this one will not do."""
    outcomes = [each for outcome in outcomes for each in outcome.each()]
    ids = {outcome.ready.notification_id for outcome in outcomes}
    now, told = await _locked(session, notices, ids)
    for outcome in outcomes:
        for address in outcome.dead:
            await notices.bury(session, outcome.ready.channel, address, now=now)
    ledger = _Ledger(told, await _lines(session, notices, ids), people, now)
    for outcome in outcomes:
        ledger.enter(outcome)
    _hold(session, notices, ledger)
    for notification, channel in ledger.first_told:
        await people.told(session, notification, channel, now)


async def shelve(session: Session, notices: Notices, outcome: Outcome) -> None:
    """Try a delivery no more whose outcome cannot be written as it should be: a person has to look at it."""
    table = notices.deliveries
    await session.execute(
        update(table)
        .where(among(table.id, [each.ready.delivery_id for each in outcome.each()]))
        .values(state=DeliveryState.FAILED, reason=f"not settled: {outcome.verdict.name}")
    )


@dataclass(slots=True)
class _Line:
    """A line of the ledger, as it is to be written."""

    id: UUID
    channel: str
    state: DeliveryState
    at: datetime
    tries: int
    has_lost_answers: bool
    is_set_aside: bool
    reason: str | None
    reference: str | None
    was_shown: bool


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
        line = next((one for one in lines if one.id == outcome.ready.delivery_id), None)
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
        if line.was_shown:
            line.state = DeliveryState.DELIVERED
        if about.seen_at is not None:
            line.state = DeliveryState.SEEN
        line.reason, line.reference = None, outcome.reference
        # Each channel has its time to be seen, from when the first of its addresses took the message.
        if not _reached(others, line.channel):
            within = self.people.urgency_of(about.kind).seen_within if _is_open(about) else None
            self.turns[about.id] = None if within is None else self.now + within
        if not any(one.state in rules.REACHED for one in others):
            self.first_told.append((about, line.channel))
        # What another channel could not take so far need not be told there any more.
        for one in others:
            is_other = one.channel != line.channel
            if is_other and one.state is DeliveryState.QUEUED and one.tries > 0:
                one.state, one.at = DeliveryState.WITHDRAWN, self.now
                self.changed.append(one)

    def _failed(
        self, about: NotificationColumns, line: _Line, others: Sequence[_Line], outcome: Outcome
    ) -> None:
        line.state, line.reason = DeliveryState.FAILED, shortened(outcome.reason)
        channel = line.channel
        waits = any(one.channel == channel and one.state is DeliveryState.QUEUED for one in others)
        if _is_open(about) and not waits and not _reached(others, channel):
            self.turns[about.id] = self.now

    def _later(
        self, about: NotificationColumns, line: _Line, others: Sequence[_Line], outcome: Outcome
    ) -> None:
        wait = timedelta(0)
        if not outcome.is_channel_away:
            wait = rules.retry_in(line.tries + 1, asked_for=outcome.retry_after)
        line.at, line.reason = self.now + wait, shortened(outcome.reason)
        if line.tries == 0 and _is_open(about) and not _reached(others, line.channel):
            patient, turn = self.now + PATIENCE, self.turns.get(about.id, about.escalate_at)
            self.turns[about.id] = patient if turn is None else min(turn, patient)


def _is_open(about: NotificationColumns) -> bool:
    """Whether other channels may still have their turns; what only tries one address goes nowhere else."""
    return about.seen_at is None and about.withdrawn_at is None and about.kind != TEST


def _reached(lines: Sequence[_Line], channel: str) -> bool:
    return any(one.channel == channel and one.state in rules.REACHED for one in lines)


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


async def _lines(session: Session, notices: Notices, ids: Collection[UUID]) -> Mapping[UUID, Sequence[_Line]]:
    rows = await session.fetch(_READ.format(sent=notices.deliveries.__tablename__), list(ids))
    found: defaultdict[UUID, list[_Line]] = defaultdict(list)
    for notification_id, id_, channel, state, *rest in rows:
        found[notification_id].append(_Line(id_, channel, DeliveryState(state), *rest))
    return found


def _hold(session: Session, notices: Notices, ledger: _Ledger) -> None:
    """Have it written, all of it in one statement."""
    if ledger.changed:
        sent = notices.deliveries.__tablename__
        lines = {one.id: one for one in ledger.changed}.values()
        columns = [[getattr(one, name) for one in lines] for name in _WRITTEN]
        session.hold(Write(_MARK.format(sent=sent), columns, frozenset((sent,))))
    if ledger.turns:
        told = notices.notifications.__tablename__
        columns = [list(ledger.turns), list(ledger.turns.values())]
        session.hold(Write(_TURN.format(told=told), columns, frozenset((told,))))
