"""What is written of notifications in the transaction of whatever happens: telling, withdrawing, seeing."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from service_kit.db import ReadSession, Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from service_kit.notifying.people import Address
from service_kit.notifying.rows import among
from service_kit.notifying.rules import Choice, DeliveryState
from service_kit.notifying.tables import (
    AddressColumns,
    ChoiceColumns,
    DeliveryColumns,
    NotificationColumns,
)

CHANNEL: Final = "notifications"
"""On which PostgreSQL wakes the sender."""
SCREENS: Final = "push"
"""The channel of browsers, which have their turn after chats."""
SEEN: Final = "notifications.seen"
"""The kind of the live hint that a person, its subject, has seen news: their other screens look again."""


Living = Callable[[ReadSession, Collection[UUID]], Awaitable[Collection[UUID]]]


class Notices:
    """The notifications of one service: which kinds of news there are, and which tables they are kept in.

    `living` says which of some sign-ins go on.
    """

    def __init__(
        self,
        kinds: Iterable[StrEnum],
        notifications: type[NotificationColumns],
        deliveries: type[DeliveryColumns],
        choices: type[ChoiceColumns],
        addresses: type[AddressColumns],
        *,
        living: Living,
    ) -> None:
        self.kinds = list(kinds)
        self.notifications = notifications
        self.deliveries = deliveries
        self.choices = choices
        self.addresses = addresses
        self._living = living

    async def tell(
        self,
        session: Session,
        *,
        event_id: UUID,
        person_id: UUID,
        kind: str,
        subject_id: UUID,
        number: str,
        now: datetime,
        task_id: UUID | None = None,
    ) -> UUID | None:
        """Have a person told once about an event; returns the notification's id, None if it was known already.

        The sender, not this, decides on which channel: it knows which there are.
        """
        table = self.notifications
        told = await session.execute(
            insert(table)
            .values(
                id=new_id(),
                event_id=event_id,
                person_id=person_id,
                kind=kind,
                subject_id=subject_id,
                number=number,
                task_id=task_id,
                created_at=now,
                escalate_at=now,
            )
            .on_conflict_do_nothing(index_elements=[table.event_id, table.person_id])
            .returning(table.id, func.pg_notify(CHANNEL, ""))
        )
        row = told.first()
        return None if row is None else row.id

    async def withdraw_task(self, session: Session, task_id: UUID, *, now: datetime) -> None:
        """Tell nobody any more about a task that is no longer open.

        A message that is on its way right now is not waited for.
        """
        table = self.notifications
        of_task = (table.task_id == task_id, table.withdrawn_at.is_(None))
        await self._end(session, of_task, {"withdrawn_at": now})

    async def withdraw(
        self, session: Session, person_id: UUID, subject_id: UUID, kind: StrEnum, *, now: datetime
    ) -> None:
        """Tell a person no more of this kind about a subject: it is over."""
        table = self.notifications
        of_kind = (table.person_id == person_id, table.subject_id == subject_id, table.kind == kind)
        await self._end(session, (*of_kind, table.withdrawn_at.is_(None)), {"withdrawn_at": now})

    async def see(
        self, session: Session, person_id: UUID, *, subject_id: UUID | None = None, now: datetime
    ) -> Sequence[UUID]:
        """The person has seen what they were told, or what of it is about a subject; nobody tells it again.

        Returns the ids of those that were new to them.
        """
        table = self.notifications
        unseen = [table.person_id == person_id, table.seen_at.is_(None)]
        if subject_id is not None:
            unseen.append(table.subject_id == subject_id)
        return await self._end(session, unseen, {"seen_at": now})

    async def choice_of(self, session: ReadSession, person_id: UUID) -> Choice:
        found = await session.scalar(select(self.choices).where(self.choices.person_id == person_id))
        return found.choice() if found else Choice()

    async def choose(self, session: Session, person_id: UUID, choice: Choice) -> None:
        table = self.choices
        chosen: dict[Any, Any] = {
            table.order: list(choice.order),
            table.muted: [list(pair) for pair in sorted(choice.muted)],
            table.quiet_from: choice.quiet_from,
            table.quiet_until: choice.quiet_until,
            table.time_zone: choice.time_zone,
        }
        await session.execute(
            insert(table)
            .values({table.person_id: person_id, **chosen})
            .on_conflict_do_update(index_elements=[table.person_id], set_=chosen)
        )

    async def addresses_of(self, session: ReadSession, person_id: UUID) -> Sequence[AddressColumns]:
        """Those that are alive, the oldest first."""
        table = self.addresses
        alive = select(table).where(table.person_id == person_id, table.dead_at.is_(None))
        return (await session.scalars(alive.order_by(table.created_at, table.id))).all()

    async def awake(self, session: ReadSession, addresses: Sequence[AddressColumns]) -> list[AddressColumns]:
        """Those of them that belong to no sign-in, or to one that goes on."""
        ids = {one.session_id for one in addresses if one.session_id is not None}
        living = await self._living(session, ids) if ids else ()
        return [one for one in addresses if one.session_id is None or one.session_id in living]

    async def reached(
        self, session: ReadSession, person_ids: Collection[UUID]
    ) -> defaultdict[UUID, dict[str, list[Address]]]:
        """Where channels reach these people: addresses by channel, chats before screens."""
        table = self.addresses
        alive = select(table).where(among(table.person_id, person_ids), table.dead_at.is_(None))
        found: defaultdict[UUID, dict[str, list[Address]]] = defaultdict(dict)
        is_screen = table.channel == SCREENS
        rows = await session.scalars(alive.order_by(is_screen, table.channel.desc(), table.created_at))
        for one in await self.awake(session, rows.all()):
            found[one.person_id].setdefault(one.channel, []).append(Address(one.address, one.id))
        return found

    async def unbind(self, session: Session, person_id: UUID, address_id: UUID) -> None:
        """Raises NotFound where the person has no such address."""
        table = self.addresses
        gone = delete(table).where(table.id == address_id, table.person_id == person_id).returning(table.id)
        if await session.scalar(gone) is None:
            raise NotFound

    async def unbind_all(self, session: Session, person_id: UUID, channel: str) -> None:
        """The channel reaches the person nowhere any more, until they bind an address anew."""
        table = self.addresses
        of_person = table.person_id == person_id, table.channel == channel
        await session.execute(delete(table).where(*of_person))

    async def bind(
        self,
        session: Session,
        person_id: UUID,
        channel: str,
        address: str,
        *,
        device: str,
        now: datetime,
        session_id: UUID | None = None,
    ) -> None:
        """The channel reaches the person at this address from now on, and nobody else there.

        With `session_id` only as long as that sign-in goes on.
        """
        table = self.addresses
        whose: dict[Any, Any] = {
            table.person_id: person_id,
            table.session_id: session_id,
            table.device: device,
            table.created_at: now,
            table.dead_at: None,
        }
        await session.execute(
            insert(table)
            .values({table.id: new_id(), table.channel: channel, table.address: address, **whose})
            .on_conflict_do_update(index_elements=[table.channel, table.address], set_=whose)
        )

    async def revive(self, session: Session, channel: str, address: str) -> None:
        """The address is alive after all: something came from there."""
        table = self.addresses
        await session.execute(
            update(table)
            .where(table.channel == channel, table.address == address, table.dead_at.is_not(None))
            .values(dead_at=None)
        )

    async def bury(self, session: Session, channel: str, address: str, *, now: datetime) -> None:
        """Try the address no more: the channel said that nothing will ever arrive there."""
        table = self.addresses
        await session.execute(
            update(table)
            .where(table.channel == channel, table.address == address, table.dead_at.is_(None))
            .values(dead_at=now)
        )

    async def person_at(self, session: ReadSession, channel: str, address: str) -> UUID | None:
        """Whom the channel reaches at the address, or did until the address died."""
        table = self.addresses
        return await session.scalar(
            select(table.person_id).where(table.channel == channel, table.address == address)
        )

    async def bound(
        self, session: ReadSession, person_id: UUID, channel: str, *, even_dead: bool = False
    ) -> Sequence[AddressColumns]:
        """Where the channel reaches the person, or (`even_dead`) ever did, the oldest first."""
        table = self.addresses
        found = select(table).where(table.person_id == person_id, table.channel == channel)
        if not even_dead:
            found = found.where(table.dead_at.is_(None))
        return (await session.scalars(found.order_by(table.created_at))).all()

    async def note_shown(self, session: Session, delivery_id: UUID, *, now: datetime) -> None:
        """The browser shows it; the sender may not have heard yet that its push service took it.

        Raises NotFound where there is no such delivery, or no more.
        """
        sent = self.deliveries
        of_which = select(sent.notification_id).where(sent.id == delivery_id)
        if not await self.lock(session, self.notifications.id == of_which.scalar_subquery()):
            raise NotFound
        is_sent = sent.state == DeliveryState.SENT
        await session.execute(
            update(sent)
            .where(sent.id == delivery_id, sent.shown_at.is_(None))
            .values(shown_at=now, state=case((is_sent, DeliveryState.DELIVERED), else_=sent.state))
        )

    async def lock(self, session: Session, *which: ColumnElement[bool]) -> Sequence[UUID]:
        """Those for which it holds, locked in the one order in which everybody does: by id, before deliveries."""
        table = self.notifications
        return (
            await session.scalars(select(table.id).where(*which).order_by(table.id).with_for_update())
        ).all()

    async def _end(
        self, session: Session, which: Sequence[ColumnElement[bool]], values: dict[str, datetime]
    ) -> Sequence[UUID]:
        """Tell those for which it holds no more, and say so by `values`, which has the one time of it."""
        table, sent = self.notifications, self.deliveries
        ids = await self.lock(session, *which)
        if ids:
            [now] = values.values()
            await session.execute(
                update(table).where(among(table.id, ids)).values(escalate_at=None, **values)
            )
            await session.execute(
                update(sent)
                .where(among(sent.notification_id, ids), sent.state == DeliveryState.QUEUED)
                .values(state=DeliveryState.WITHDRAWN, due_at=now)
            )
        return ids
