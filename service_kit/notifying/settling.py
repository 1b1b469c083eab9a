"""Writing down what became of messages that were handed to their channels."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select, update

from service_kit.db import Session
from service_kit.notifying import rules
from service_kit.notifying.notices import Notices
from service_kit.notifying.people import People
from service_kit.notifying.planning import Ready, clock_now
from service_kit.notifying.rules import DeliveryState
from service_kit.notifying.tables import NotificationColumns, shortened

PATIENCE: Final = timedelta(seconds=20)
"""For so long one channel that takes nothing is waited for, before the next has its turn."""


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
    now = await clock_now(session)
    for outcome in outcomes:
        for address in outcome.dead:
            await notices.bury(session, outcome.ready.channel, address, now=now)
        if outcome.verdict is Verdict.FAILED:
            await _failed(session, notices, outcome, now)
        elif outcome.verdict is Verdict.LATER:
            await _later(session, notices, outcome, now)
    taken = [outcome for outcome in outcomes if outcome.verdict is Verdict.TAKEN]
    if taken:
        await _taken(session, notices, people, taken, now)


async def shelve(session: Session, notices: Notices, outcome: Outcome) -> None:
    """Try a delivery no more whose outcome cannot be written as it should be: a person has to look at it."""
    table = notices.deliveries
    await session.execute(
        update(table)
        .where(table.id == outcome.ready.delivery_id)
        .values(state=DeliveryState.FAILED, reason=f"not settled: {outcome.verdict.name}")
    )


async def _taken(
    session: Session, notices: Notices, people: People, outcomes: Sequence[Outcome], now: datetime
) -> None:
    """Many at once: where a heap is worked off, round trips are what takes the time."""
    told = notices.notifications
    ids = [outcome.ready.notification_id for outcome in outcomes]
    # What was erased meanwhile is not among them.
    locked = select(told).where(told.id.in_(ids)).order_by(told.id).with_for_update()
    notifications = {one.id: one for one in await session.scalars(locked)}
    kept = [outcome for outcome in outcomes if outcome.ready.notification_id in notifications]
    told_before = await _told_before(session, notices, kept)
    await _mark_as_sent(session, notices, kept, notifications, now)
    await _let_wait(session, notices, people, notifications.values(), now)
    for outcome in kept:
        one = notifications[outcome.ready.notification_id]
        if one.id not in told_before:
            told_before.add(one.id)
            await people.told(session, one, outcome.ready.channel, now)


async def _told_before(session: Session, notices: Notices, outcomes: Sequence[Outcome]) -> set[UUID]:
    """Of which notifications another channel took a message already."""
    table = notices.deliveries
    reached = select(table.notification_id).where(
        table.notification_id.in_([one.ready.notification_id for one in outcomes]),
        table.id.not_in([one.ready.delivery_id for one in outcomes]),
        table.state.in_(rules.REACHED),
    )
    return set(await session.scalars(reached))


async def _mark_as_sent(
    session: Session,
    notices: Notices,
    outcomes: Sequence[Outcome],
    notifications: Mapping[UUID, NotificationColumns],
    now: datetime,
) -> None:
    table = notices.deliveries
    sent = (
        update(table)
        .where(table.id == bindparam("key"))
        .values(
            state=bindparam("new_state"),
            due_at=bindparam("at"),
            tries=table.tries + 1,
            has_lost_answers=table.has_lost_answers | bindparam("lost"),
            reference=bindparam("name"),
            is_set_aside=False,
            reason=None,
        )
    )
    marks = [
        {
            "key": one.ready.delivery_id,
            "new_state": DeliveryState.SEEN
            if notifications[one.ready.notification_id].seen_at
            else DeliveryState.SENT,
            "at": now,
            "lost": one.has_lost_answer,
            "name": one.reference,
        }
        for one in outcomes
    ]
    await session.execute(sent, marks)
    # What another channel could not take so far need not be told there any more.
    await session.execute(
        update(table)
        .where(table.notification_id.in_(list(notifications)), table.state == DeliveryState.QUEUED)
        .where(table.tries > 0, table.id.not_in([one.ready.delivery_id for one in outcomes]))
        .values(state=DeliveryState.WITHDRAWN, due_at=now)
    )


async def _let_wait(
    session: Session,
    notices: Notices,
    people: People,
    notifications: Iterable[NotificationColumns],
    now: datetime,
) -> None:
    """Give each its time to be seen, before the next channel has its turn."""
    table = notices.notifications
    by_time: defaultdict[timedelta | None, list[UUID]] = defaultdict(list)
    for one in notifications:
        is_open = one.seen_at is None and one.withdrawn_at is None
        by_time[people.urgency_of(one.kind).seen_within if is_open else None].append(one.id)
    for within, ids in by_time.items():
        turn = None if within is None else now + within
        await session.execute(update(table).where(table.id.in_(ids)).values(escalate_at=turn))


async def _failed(session: Session, notices: Notices, outcome: Outcome, now: datetime) -> None:
    table, told, ready = notices.deliveries, notices.notifications, outcome.ready
    await session.execute(
        update(table)
        .where(table.id == ready.delivery_id, table.state == DeliveryState.QUEUED)
        .values(
            state=DeliveryState.FAILED, due_at=now, tries=table.tries + 1, reason=shortened(outcome.reason)
        )
    )
    await session.execute(
        update(told)
        .where(told.id == ready.notification_id, told.seen_at.is_(None), told.withdrawn_at.is_(None))
        .values(escalate_at=now)
    )


async def _later(session: Session, notices: Notices, outcome: Outcome, now: datetime) -> None:
    table, told, ready = notices.deliveries, notices.notifications, outcome.ready
    wait = timedelta(0)
    if not outcome.is_channel_away:
        wait = rules.retry_in(ready.tries + 1, asked_for=outcome.retry_after)
    await session.execute(
        update(table)
        .where(table.id == ready.delivery_id, table.state == DeliveryState.QUEUED)
        .values(
            due_at=now + wait,
            tries=table.tries + 1,
            has_lost_answers=table.has_lost_answers | outcome.has_lost_answer,
            is_set_aside=outcome.is_set_aside,
            reason=shortened(outcome.reason),
        )
    )
    if ready.tries == 0:
        patient = now + PATIENCE
        await session.execute(
            update(told)
            .where(told.id == ready.notification_id, told.seen_at.is_(None), told.withdrawn_at.is_(None))
            .values(escalate_at=func.least(told.escalate_at, patient))
        )
