"""Choosing the next channel of what is to be told, and taking up what is due. Both for one sender at a time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import and_, bindparam, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from service_kit.db import Session
from service_kit.ids import new_id
from service_kit.notifying import rules
from service_kit.notifying.channels import Wording
from service_kit.notifying.notices import Notices
from service_kit.notifying.people import NOBODY, People
from service_kit.notifying.rules import Choice, DeliveryState
from service_kit.notifying.tables import DeliveryColumns, NotificationColumns

log = structlog.get_logger(__name__)

PLANNED_AT_ONCE: Final = 200
TOLD_WITH_A_LATER_ONE: Final = "told with a later one"


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery that is due, with all that its channel needs."""

    delivery_id: UUID
    notification_id: UUID
    person_id: UUID
    channel: str
    kind: str
    subject_id: UUID
    task_id: UUID | None
    tries: int
    addresses: Sequence[str]
    wording: Wording


async def clock_now(session: Session) -> datetime:
    """The time right now, by the database's clock: waiting for channels takes longer than a transaction may."""
    now = await session.scalar(select(func.clock_timestamp()))
    assert now is not None  # noqa: S101 - a SELECT without FROM has one row
    return now


async def turn(session: Session, notices: Notices) -> Sequence[UUID]:
    """The notifications whose next delivery is to be planned: what is new, or was not seen in time."""
    table = notices.notifications
    found = await session.scalars(
        select(table.id)
        .where(table.escalate_at <= func.statement_timestamp())
        .order_by(table.escalate_at)
        .limit(PLANNED_AT_ONCE)
        # What a sender that was killed just now still holds is waited for: what came later would go first.
        .with_for_update()
    )
    return found.all()


async def plan(
    session: Session, notices: Notices, people: People, channels: Collection[str], ids: Sequence[UUID]
) -> None:
    """Queue the next delivery of each of these notifications; `channels` are those that there are."""
    table = notices.notifications
    in_turn = select(table).where(table.id.in_(ids)).order_by(table.escalate_at).with_for_update()
    found = (await session.scalars(in_turn)).all()
    if not found:
        return
    now = await clock_now(session)
    choices = await _choices(session, notices, {one.person_id for one in found})
    reach = await people.reach(session, {one.person_id for one in found})
    tried = await _tried(session, notices, [one.id for one in found])
    queued: list[dict[str, Any]] = []
    turns: list[dict[str, Any]] = []
    for one in found:
        choice, urgency = choices.get(one.person_id, Choice()), people.urgency_of(one.kind)
        reachable = [name for name in reach.get(one.person_id, NOBODY).addresses if name in channels]
        wanted = rules.channels_for(one.kind, reachable, choice)
        channel = rules.next_channel(wanted, tried[one.id])
        if channel is None:
            _note_that_nothing_is_left(one, tried[one.id])
            continue
        last_at = await _last_at(session, notices, one, channel) if urgency.at_most_every else None
        at = rules.due_at(now, urgency, choice, last_at=last_at)
        queued.append(
            {
                "id": new_id(),
                "notification_id": one.id,
                "person_id": one.person_id,
                "channel": channel,
                "state": DeliveryState.QUEUED,
                "due_at": at,
            }
        )
        if urgency.seen_within and rules.next_channel(wanted, {*tried[one.id], channel}):
            turns.append({"key": one.id, "at": at + urgency.seen_within})
    await session.execute(
        update(table).where(table.id.in_([one.id for one in found])).values(escalate_at=None, trouble=None)
    )
    if turns:
        later = update(table).where(table.id == bindparam("key")).values(escalate_at=bindparam("at"))
        await session.execute(later, turns)
    if queued:
        await session.execute(insert(notices.deliveries).values(queued).on_conflict_do_nothing())


async def waiting(
    session: Session, notices: Notices, *, channels: Sequence[str], but: Collection[UUID], limit: int
) -> Sequence[UUID]:
    """Up to `limit` deliveries on these channels whose time has come, without those in `but`, in order."""
    table = notices.deliveries
    before = aliased(table)
    # One instant for the whole statement: what is due a moment later must not free what came after it.
    now = func.statement_timestamp()
    # What was tried and has to wait holds up what came after it, or the person would read it the wrong way round.
    is_held_up = exists().where(
        before.person_id == table.person_id,
        before.channel == table.channel,
        before.state == DeliveryState.QUEUED,
        before.id < table.id,
        and_(before.tries > 0, before.due_at > now, ~before.is_set_aside),
    )
    found = await session.scalars(
        select(table.id)
        .where(table.state == DeliveryState.QUEUED, table.due_at <= now)
        .where(table.channel.in_(channels), table.id.not_in(but), ~is_held_up)
        .order_by(table.id)  # as they were told, whichever had to wait
        .limit(limit)
    )
    return found.all()


async def ready(session: Session, notices: Notices, people: People, ids: Sequence[UUID]) -> list[Ready]:
    """These deliveries with all that their channels need, in order; what need not be told any more is settled."""
    table, sent = notices.notifications, notices.deliveries
    rows = (await session.scalars(select(sent).where(sent.id.in_(ids)).order_by(sent.id))).all()
    if not rows:
        return []
    now = await clock_now(session)
    told = {row.notification_id: row for row in rows}
    notifications = {
        one.id: one for one in (await session.scalars(select(table).where(table.id.in_(told)))).all()
    }
    rows = [row for row in rows if row.notification_id in notifications]  # or erased since it was read
    reach = await people.reach(session, {row.person_id for row in rows})
    words = await people.words(session, list(notifications.values()))
    found: list[Ready] = []
    merged = _merged(rows, notifications, people)
    for row in rows:
        about = notifications[row.notification_id]
        wording = words.get(about.id)
        if wording is None or row.id in merged:
            await _settle(session, notices, row, DeliveryState.WITHDRAWN, now, merged.get(row.id))
        elif rules.is_too_old(about.created_at, now):
            await _settle(session, notices, row, DeliveryState.FAILED, now, rules.TOO_OLD)
            log.error("notification_given_up", notification_id=str(about.id), channel=row.channel)
        else:
            addresses = reach.get(row.person_id, NOBODY).addresses.get(row.channel, ())
            found.append(
                Ready(
                    row.id,
                    about.id,
                    row.person_id,
                    row.channel,
                    str(about.kind),
                    about.subject_id,
                    about.task_id,
                    row.tries,
                    addresses,
                    wording,
                )
            )
    return found


async def next_due_in(
    session: Session, notices: Notices, *, channels: Sequence[str], but: Collection[UUID]
) -> float:
    """In how many seconds something else than `but` is due on these channels; inf if nothing is."""
    table, told = notices.deliveries, notices.notifications
    first_due = select(func.min(table.due_at)).where(
        table.state == DeliveryState.QUEUED, table.channel.in_(channels), table.id.not_in(but)
    )
    first_plan = select(func.min(told.escalate_at))
    at = func.least(first_due.scalar_subquery(), first_plan.scalar_subquery())
    seconds = await session.scalar(select(func.extract("epoch", at - func.clock_timestamp())))
    return float("inf") if seconds is None else float(seconds)


def _merged(
    rows: Sequence[DeliveryColumns], notifications: Mapping[UUID, NotificationColumns], people: People
) -> Mapping[UUID, str]:
    """Of several of a chatty kind about one subject that are due together, all but the newest."""
    alike: defaultdict[tuple[UUID, str, str, UUID], list[UUID]] = defaultdict(list)
    for row in rows:
        about = notifications[row.notification_id]
        if people.urgency_of(about.kind).at_most_every is not None:
            alike[row.person_id, row.channel, str(about.kind), about.subject_id].append(row.id)
    return {one: TOLD_WITH_A_LATER_ONE for ids in alike.values() for one in sorted(ids)[:-1]}


async def _settle(
    session: Session,
    notices: Notices,
    row: DeliveryColumns,
    state: DeliveryState,
    now: datetime,
    reason: str | None,
) -> None:
    table = notices.deliveries
    await session.execute(
        update(table).where(table.id == row.id).values(state=state, due_at=now, reason=reason)
    )


async def _choices(session: Session, notices: Notices, person_ids: Collection[UUID]) -> Mapping[UUID, Choice]:
    table = notices.choices
    rows = await session.scalars(select(table).where(table.person_id.in_(person_ids)))
    return {row.person_id: row.choice() for row in rows}


async def _tried(
    session: Session, notices: Notices, ids: Collection[UUID]
) -> Mapping[UUID, dict[str, DeliveryState]]:
    table = notices.deliveries
    rows = await session.scalars(select(table).where(table.notification_id.in_(ids)))
    tried: defaultdict[UUID, dict[str, DeliveryState]] = defaultdict(dict)
    for row in rows:
        tried[row.notification_id][row.channel] = row.state
    return tried


async def _last_at(
    session: Session, notices: Notices, one: NotificationColumns, channel: str
) -> datetime | None:
    """When the person was last told, or is to be, of the same kind about the same subject on the channel."""
    table, told = notices.deliveries, notices.notifications
    return await session.scalar(
        select(func.max(table.due_at))
        .join(told, told.id == table.notification_id)
        .where(told.person_id == one.person_id, told.subject_id == one.subject_id, told.kind == one.kind)
        .where(told.id != one.id, table.channel == channel)
        .where(table.state.in_((DeliveryState.QUEUED, *rules.REACHED)))
        .where(table.due_at > one.created_at - timedelta(hours=1))
    )


def _note_that_nothing_is_left(one: NotificationColumns, tried: Mapping[str, DeliveryState]) -> None:
    if all(state in (DeliveryState.FAILED, DeliveryState.WITHDRAWN) for state in tried.values()):
        log.error("notification_failed", notification_id=str(one.id), kind=str(one.kind), tried=sorted(tried))
