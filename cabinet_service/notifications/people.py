"""Clients, as the sender has to know them: where they are reached, in which words, and what follows from it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import Language
from cabinet_service.db.tables import outbox
from cabinet_service.notifications import texts
from cabinet_service.notifications.kinds import OF_HISTORIES, OF_WATCHES, URGENCY, NotificationKind
from cabinet_service.notifications.models import Delivery, Notification
from cabinet_service.notifications.notices import notices
from service_kit import locks
from service_kit.db import Session
from service_kit.notifying.channels import Wording
from service_kit.notifying.people import Address, Reach
from service_kit.notifying.rules import REACHED, Urgency
from service_kit.notifying.tables import NotificationColumns
from shared_schemas.events.cabinet_v1 import InfoTaskNotifiedV1


@dataclass(frozen=True, slots=True)
class Clients:
    """`public_url` is where a client's links lead."""

    public_url: str

    def urgency_of(self, kind: str) -> Urgency:
        return URGENCY[kind]

    async def reach(self, session: Session, person_ids: Collection[UUID]) -> Mapping[UUID, Reach]:
        """What buzzes goes before contacts, which have to be looked into."""
        found = await notices.reached(session, person_ids)
        for account_id, contact in await accounts.contacts_of_all(session, person_ids):
            found[account_id].setdefault(contact.kind, []).append(Address(contact.value))
        return {account_id: Reach(addresses) for account_id, addresses in found.items()}

    async def words(
        self, session: Session, notifications: Sequence[NotificationColumns]
    ) -> Mapping[UUID, Wording]:
        languages = await accounts.languages_of(session, {one.person_id for one in notifications})
        return {
            one.id: self._wording(one, languages[one.person_id])
            for one in notifications
            if one.withdrawn_at is None
        }

    async def together(self, session: Session, newest: NotificationColumns, count: int) -> Wording:
        language = await accounts.language_of(session, newest.person_id)
        place = "watches" if newest.kind in OF_WATCHES else _place(newest)
        link = f"{self.public_url}/{place}"
        return texts.together(newest.kind, language, count=count, link=link)

    async def told(
        self, session: Session, notification: NotificationColumns, channel: str, at: datetime
    ) -> None:
        """Tell bpa about the first notification of an info task, whoever else is told of it.

        The clock pauses for a client only from the moment at which a channel took the message. If nothing works,
        bpa hears nothing and the clock runs on: the promise of 20 minutes must not be bought with questions that
        nobody got.
        """
        await announce(session, notification, channel, at)

    def _wording(self, one: NotificationColumns, language: Language) -> Wording:
        if one.kind == NotificationKind.TEST:
            return texts.test_message(language, link=f"{self.public_url}/")
        return texts.notification(one.kind, language, number=one.number, link=self._link(one))

    def _link(self, one: NotificationColumns) -> str:
        link = f"{self.public_url}/{_place(one)}/{one.subject_id}"
        if one.kind == NotificationKind.OUTCOME:
            return f"{link}/outcome"
        if one.kind == NotificationKind.YARD_DONE:
            return f"{link}/yard"
        return link if one.task_id is None else f"{link}/questions/{one.task_id}"


def _place(one: NotificationColumns) -> str:
    """Where in the app what it is about is listed, and shown."""
    return "histories" if one.kind in OF_HISTORIES else "inspections"


async def announce(session: Session, notification: NotificationColumns, channel: str, at: datetime) -> None:
    """Tell bpa that the client knows of the info task in the notification, unless it was told before."""
    task_id = notification.task_id
    if task_id is None:
        return
    await locks.hold(session, f"info_task:{task_id}")
    told_before = await session.scalar(
        select(Delivery.id)
        .join(Notification, Notification.id == Delivery.notification_id)
        .where(Notification.task_id == task_id, Notification.id != notification.id)
        .where(Delivery.state.in_(REACHED))
        .limit(1)
    )
    if told_before is None:
        event = InfoTaskNotifiedV1(
            inspection_id=notification.subject_id, task_id=task_id, channel=channel, notified_at=at
        )
        await outbox.add(session, event, now=at)
