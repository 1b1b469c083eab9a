"""Choosing the next channel of what is to be told, and taking up what is due. Both for one sender at a time."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import DateTime, String, Uuid, and_, exists, func, not_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from service_kit.db import Session
from service_kit.ids import new_id
from service_kit.notifying import rules
from service_kit.notifying.channels import Wording
from service_kit.notifying.notices import Notices
from service_kit.notifying.people import NOBODY, People
from service_kit.notifying.rows import among, rows_of
from service_kit.notifying.rules import Choice, DeliveryState
from service_kit.notifying.tables import DeliveryColumns, NotificationColumns

log = structlog.get_logger(__name__)

PLANNED_AT_ONCE: Final = 200
TOLD_WITH_A_LATER_ONE: Final = "told with a later one"
_TIME: Final = DateTime(timezone=True)

Lane = tuple[UUID, str, UUID | None]
"""A person on a channel, or at one address of it: what is for them there goes out in order."""
Chatter = tuple[UUID, str, UUID, str]
"""A person, a kind, what it is about, a channel."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery that is due, with all that its channel needs. One that tells of many has no subject."""

    delivery_id: UUID
    notification_id: UUID
    lane: Lane
    kind: str
    subject_id: UUID | None
    task_id: UUID | None
    addresses: Sequence[str]
    wording: Wording
    was_shown: bool = False
    """A browser said so, although its push service did not."""
    along: "Sequence[Ready]" = ()
    """What is told with it, in the same words."""

    @property
    def channel(self) -> str:
        return self.lane[1]


async def clock_now(session: Session) -> datetime:
    """The time right now, by the database's clock: waiting for channels takes longer than a transaction may."""
    now = await session.scalar(select(func.clock_timestamp()))
    assert now is not None  # noqa: S101 - a SELECT without FROM has one row
    return now


async def turn(session: Session, notices: Notices) -> Sequence[UUID]:
    """The notifications whose next delivery is to be planned: what is new, or was not seen in time. Locked."""
    table = notices.notifications
    is_due = table.escalate_at <= func.statement_timestamp()
    first = select(table.id).where(is_due).order_by(table.escalate_at).limit(PLANNED_AT_ONCE)
    # What a sender that was killed just now still holds is waited for: what came later would go first.
    locked = select(table.id).where(table.id.in_(first), is_due).order_by(table.id).with_for_update()
    return (await session.scalars(locked)).all()


async def plan(
    session: Session,
    notices: Notices,
    people: People,
    channels: Collection[str],
    ids: Sequence[UUID],
    *,
    to_all: Collection[str],
) -> None:
    """Queue the next delivery of each of these notifications.

    `channels` are those that there are; on those in `to_all` every address has a delivery.
    """
    table = notices.notifications
    in_turn = select(table).where(among(table.id, ids), table.escalate_at.is_not(None))
    locked = (await session.scalars(in_turn.order_by(table.id).with_for_update())).all()
    if not locked:
        return
    found = sorted(locked, key=lambda one: (one.escalate_at, one.id))
    now = await clock_now(session)
    person_ids = {one.person_id for one in found}
    choices = await _choices(session, notices, person_ids)
    reach = await people.reach(session, person_ids)
    tried = await _tried(session, notices, ids)
    last_told = await _last_told(session, notices, people, found)
    told_lately = await _told_lately(session, notices, people, found, now)
    queued: list[tuple[UUID, UUID, UUID, str, UUID | None, str, datetime]] = []
    turns: list[tuple[UUID, datetime | None]] = []
    for one in found:
        choice, urgency = choices.get(one.person_id, Choice()), people.urgency_of(one.kind)
        addresses = reach.get(one.person_id, NOBODY).addresses
        wanted = rules.channels_for(one.kind, [name for name in addresses if name in channels], choice)
        channel = rules.next_channel(wanted, tried[one.id])
        if channel is None:
            _note_that_nothing_is_left(one, tried[one.id])
            turns.append((one.id, None))
            continue
        last_at = last_told.get((one.person_id, str(one.kind), one.subject_id, channel))
        others_at = told_lately.get((one.person_id, str(one.kind), channel), ())
        at = rules.due_at(now, urgency, choice, last_at=last_at, others_at=others_at)
        places = [address.id for address in addresses[channel]] if channel in to_all else [None]
        state = DeliveryState.QUEUED.value
        queued += [(new_id(), one.id, one.person_id, channel, place, state, at) for place in places]
        is_last = rules.next_channel(wanted, {*tried[one.id], channel}) is None
        turns.append((one.id, None if is_last or not urgency.seen_within else at + urgency.seen_within))
    given = rows_of([("id", Uuid()), ("at", _TIME)], turns)
    await session.execute(
        update(table).where(table.id == given.c.id).values(escalate_at=given.c.at, trouble=None)
    )
    if queued:
        await _queue(session, notices, queued)


async def _queue(session: Session, notices: Notices, queued: Sequence[Sequence[Any]]) -> None:
    table = notices.deliveries
    names = [
        ("id", Uuid()),
        ("notification_id", Uuid()),
        ("person_id", Uuid()),
        ("channel", String()),
        ("address_id", Uuid()),
        ("state", String()),
        ("due_at", _TIME),
    ]
    columns = [getattr(table, name) for name, _ in names]
    rows = select(*rows_of(names, queued).c)
    await session.execute(insert(table).from_select(columns, rows).on_conflict_do_nothing())


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
        before.address_id.is_not_distinct_from(table.address_id),
        before.state == DeliveryState.QUEUED,
        before.id < table.id,
        and_(before.tries > 0, before.due_at > now, ~before.is_set_aside),
    )
    found = await session.scalars(
        select(table.id)
        .where(table.state == DeliveryState.QUEUED, table.due_at <= now)
        .where(table.channel.in_(channels), not_(among(table.id, but)), ~is_held_up)
        .order_by(table.id)  # as they were told, whichever had to wait
        .limit(limit)
    )
    return found.all()


async def ready(session: Session, notices: Notices, people: People, ids: Sequence[UUID]) -> list[Ready]:
    """These deliveries with all that their channels need, in order; what need not be told any more is settled."""
    table, sent = notices.notifications, notices.deliveries
    waits = select(sent).where(among(sent.id, ids), sent.state == DeliveryState.QUEUED).order_by(sent.id)
    rows = (await session.scalars(waits)).all()
    if not rows:
        return []
    now = await clock_now(session)
    told = await session.scalars(select(table).where(among(table.id, [row.notification_id for row in rows])))
    notifications = {one.id: one for one in told}
    rows = [row for row in rows if row.notification_id in notifications]  # or erased since it was read
    reach = await people.reach(session, {row.person_id for row in rows})
    words = await people.words(session, list(notifications.values()))
    merged = _merged(rows, notifications, people)
    found: list[Ready] = []
    over: list[tuple[UUID, str, str | None]] = []
    for row in rows:
        about = notifications[row.notification_id]
        wording = words.get(about.id)
        if wording is None or row.id in merged:
            over.append((row.id, DeliveryState.WITHDRAWN.value, merged.get(row.id)))
        elif rules.is_too_old(about.created_at, now):
            over.append((row.id, DeliveryState.FAILED.value, rules.TOO_OLD))
            log.error("notification_given_up", notification_id=str(about.id), channel=row.channel)
        else:
            addresses = reach.get(row.person_id, NOBODY).addresses.get(row.channel, ())
            found.append(
                Ready(
                    row.id,
                    about.id,
                    (row.person_id, row.channel, row.address_id),
                    str(about.kind),
                    about.subject_id,
                    about.task_id,
                    [one.to for one in addresses if row.address_id in (None, one.id)],
                    wording,
                    row.shown_at is not None,
                )
            )
    if over:
        ended = rows_of([("id", Uuid()), ("state", String()), ("reason", String())], over)
        await session.execute(
            update(sent)
            .where(sent.id == ended.c.id)
            .values(state=ended.c.state, due_at=now, reason=ended.c.reason)
        )
    return await _together(session, found, notifications, people)


async def next_due_in(
    session: Session, notices: Notices, *, channels: Sequence[str], but: Collection[UUID]
) -> float:
    """In how many seconds something else than `but` is due on these channels; inf if nothing is."""
    table, told = notices.deliveries, notices.notifications
    first_due = select(func.min(table.due_at)).where(
        table.state == DeliveryState.QUEUED, table.channel.in_(channels), not_(among(table.id, but))
    )
    first_plan = select(func.min(told.escalate_at))
    at = func.least(first_due.scalar_subquery(), first_plan.scalar_subquery())
    seconds = await session.scalar(select(func.extract("epoch", at - func.clock_timestamp())))
    return float("inf") if seconds is None else float(seconds)


def _merged(
    rows: Sequence[DeliveryColumns], notifications: Mapping[UUID, NotificationColumns], people: People
) -> Mapping[UUID, str]:
    """Of several of a chatty kind about one subject that are due together, all but the newest."""
    alike: defaultdict[tuple[Lane, str, UUID], list[UUID]] = defaultdict(list)
    for row in rows:
        about = notifications[row.notification_id]
        if people.urgency_of(about.kind).at_most_every is not None:
            lane = (row.person_id, row.channel, row.address_id)
            alike[lane, str(about.kind), about.subject_id].append(row.id)
    return {one: TOLD_WITH_A_LATER_ONE for ids in alike.values() for one in sorted(ids)[:-1]}


async def _together(
    session: Session, found: Sequence[Ready], about: Mapping[UUID, NotificationColumns], people: People
) -> list[Ready]:
    """With one in place of many of a kind that are due together."""
    alike: defaultdict[tuple[Lane, str], list[Ready]] = defaultdict(list)
    for one in found:
        if people.urgency_of(one.kind).gathered_within is not None:
            alike[one.lane, one.kind].append(one)
    gathered: dict[UUID, Ready | None] = {}
    for many in alike.values():
        if len(many) > rules.TOLD_ALONE:
            *others, newest = many
            wording = await people.together(session, about[newest.notification_id], len(many))
            gathered |= dict.fromkeys(one.delivery_id for one in others)
            gathered[newest.delivery_id] = replace(newest, subject_id=None, wording=wording, along=others)
    each = [gathered.get(one.delivery_id, one) for one in found]
    return [one for one in each if one is not None]


async def _choices(session: Session, notices: Notices, person_ids: Collection[UUID]) -> Mapping[UUID, Choice]:
    table = notices.choices
    rows = await session.scalars(select(table).where(among(table.person_id, person_ids)))
    return {row.person_id: row.choice() for row in rows}


async def _tried(
    session: Session, notices: Notices, ids: Collection[UUID]
) -> Mapping[UUID, Mapping[str, set[DeliveryState]]]:
    """What became of each notification on the channels that had their turn."""
    table = notices.deliveries
    rows = await session.execute(
        select(table.notification_id, table.channel, table.state).where(among(table.notification_id, ids))
    )
    tried: defaultdict[UUID, defaultdict[str, set[DeliveryState]]] = defaultdict(lambda: defaultdict(set))
    for notification_id, channel, state in rows:
        tried[notification_id][channel].add(state)
    return tried


async def _last_told(
    session: Session, notices: Notices, people: People, found: Sequence[NotificationColumns]
) -> Mapping[Chatter, datetime]:
    """When people were last told, or are to be, of the same chatty kind about the same subject on a channel."""
    chatty = [one for one in found if people.urgency_of(one.kind).at_most_every is not None]
    if not chatty:
        return {}
    sent, told = notices.deliveries, notices.notifications
    since = min(one.created_at for one in chatty) - timedelta(hours=1)
    rows = await session.execute(
        select(told.person_id, told.kind, told.subject_id, sent.channel, func.max(sent.due_at))
        .join(told, told.id == sent.notification_id)
        .where(among(told.person_id, {one.person_id for one in chatty}))
        .where(among(told.subject_id, {one.subject_id for one in chatty}))
        .where(told.kind.in_(sorted({one.kind for one in chatty})))
        .where(sent.state.in_((DeliveryState.QUEUED, *rules.REACHED)), sent.due_at > since)
        .group_by(told.person_id, told.kind, told.subject_id, sent.channel)
    )
    return {(person, str(kind), subject, channel): at for person, kind, subject, channel, at in rows}


async def _told_lately(
    session: Session,
    notices: Notices,
    people: People,
    found: Sequence[NotificationColumns],
    now: datetime,
) -> Mapping[tuple[UUID, str, str], Sequence[datetime]]:
    """When people were told just now, or are to be, of the same kind about whatever, where many are gathered.

    What goes to every browser is told once, however many there are.
    """
    within = {str(one.kind): people.urgency_of(one.kind).gathered_within for one in found}
    longest = max((one for one in within.values() if one is not None), default=None)
    if longest is None:
        return {}
    sent, told = notices.deliveries, notices.notifications
    rows = await session.execute(
        select(told.person_id, told.kind, sent.channel, func.max(sent.due_at))
        .join(told, told.id == sent.notification_id)
        .where(among(told.person_id, {one.person_id for one in found}))
        .where(told.kind.in_(sorted(kind for kind, one in within.items() if one is not None)))
        .where(sent.state.in_((DeliveryState.QUEUED, *rules.REACHED)), sent.due_at > now - longest)
        .where(told.created_at > now - rules.GIVEN_UP_AFTER - longest)
        .group_by(told.person_id, told.kind, sent.channel, told.id)
    )
    lately: defaultdict[tuple[UUID, str, str], list[datetime]] = defaultdict(list)
    for person_id, kind, channel, at in rows:
        lately[person_id, str(kind), channel].append(at)
    return lately


def _note_that_nothing_is_left(
    one: NotificationColumns, tried: Mapping[str, Collection[DeliveryState]]
) -> None:
    over = (DeliveryState.FAILED, DeliveryState.WITHDRAWN)
    if all(state in over for states in tried.values() for state in states):
        log.error("notification_failed", notification_id=str(one.id), kind=str(one.kind), tried=sorted(tried))
