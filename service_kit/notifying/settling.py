"""Writing down what became of messages that were handed to their channels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Final

from sqlalchemy import func, select, update

from service_kit.db import Session
from service_kit.notifying import rules
from service_kit.notifying.notices import Notices
from service_kit.notifying.people import People
from service_kit.notifying.planning import Ready, clock_now
from service_kit.notifying.rules import DeliveryState
from service_kit.notifying.tables import MAX_REASON

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
    """What became of a delivery. `dead` are addresses at which nothing will ever arrive."""

    ready: Ready
    verdict: Verdict
    reference: str | None = None
    reason: str | None = None
    retry_after: float | None = None
    is_channel_away: bool = False
    has_lost_answer: bool = False
    dead: Sequence[str] = ()


async def settle(session: Session, notices: Notices, people: People, outcomes: Sequence[Outcome]) -> None:
    """Keep what became of each, and let the next channel have its turn where this one will not do."""
    now = await clock_now(session)
    for outcome in outcomes:
        for address in outcome.dead:
            await notices.bury(session, outcome.ready.channel, address, now=now)
        match outcome.verdict:
            case Verdict.TAKEN:
                await _taken(session, notices, people, outcome, now)
            case Verdict.FAILED:
                await _failed(session, notices, outcome, now)
            case Verdict.LATER:
                await _later(session, notices, outcome, now)
            case Verdict.NOT_TRIED:
                pass


async def shelve(session: Session, notices: Notices, outcome: Outcome) -> None:
    """Try a delivery no more whose outcome cannot be written as it should be: a person has to look at it."""
    table = notices.deliveries
    await session.execute(
        update(table)
        .where(table.id == outcome.ready.delivery_id)
        .values(state=DeliveryState.FAILED, reason=f"not settled: {outcome.verdict.name}")
    )


async def _taken(session: Session, notices: Notices, people: People, outcome: Outcome, now: datetime) -> None:
    table, told, ready = notices.deliveries, notices.notifications, outcome.ready
    notification = await session.scalar(
        select(told).where(told.id == ready.notification_id).with_for_update()
    )
    if notification is None:  # erased meanwhile
        return
    was_told = await session.scalar(
        select(table.id)
        .where(table.notification_id == notification.id, table.id != ready.delivery_id)
        .where(table.state.in_(rules.REACHED))
        .limit(1)
    )
    await session.execute(
        update(table)
        .where(table.id == ready.delivery_id)
        .values(
            state=DeliveryState.SEEN if notification.seen_at else DeliveryState.SENT,
            due_at=now,
            tries=table.tries + 1,
            has_lost_answers=table.has_lost_answers | outcome.has_lost_answer,
            reference=outcome.reference,
            reason=None,
        )
    )
    # What another channel could not take so far need not be told there any more.
    await session.execute(
        update(table)
        .where(table.notification_id == notification.id, table.state == DeliveryState.QUEUED, table.tries > 0)
        .where(table.id != ready.delivery_id)
        .values(state=DeliveryState.WITHDRAWN, due_at=now)
    )
    within = people.urgency_of(notification.kind).seen_within
    is_open = notification.seen_at is None and notification.withdrawn_at is None
    notification.escalate_at = now + within if within and is_open else None
    if was_told is None:
        await people.told(session, notification, ready.channel, now)


async def _failed(session: Session, notices: Notices, outcome: Outcome, now: datetime) -> None:
    table, told, ready = notices.deliveries, notices.notifications, outcome.ready
    await session.execute(
        update(table)
        .where(table.id == ready.delivery_id, table.state == DeliveryState.QUEUED)
        .values(state=DeliveryState.FAILED, due_at=now, tries=table.tries + 1, reason=_short(outcome.reason))
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
            reason=_short(outcome.reason),
        )
    )
    if ready.tries == 0:
        patient = now + PATIENCE
        await session.execute(
            update(told)
            .where(told.id == ready.notification_id, told.seen_at.is_(None), told.withdrawn_at.is_(None))
            .values(escalate_at=func.least(told.escalate_at, patient))
        )


def _short(reason: str | None) -> str | None:
    return None if reason is None else reason[:MAX_REASON]
