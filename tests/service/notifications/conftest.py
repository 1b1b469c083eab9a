from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from cabinet_service.accounts.domain import parse_contact
from cabinet_service.accounts.models import AccountContact
from cabinet_service.api_ports import ApiPorts
from cabinet_service.notifications.kinds import NotificationKind, NotificationState
from cabinet_service.notifications.models import Delivery, Notification
from cabinet_service.notifications.notices import notices
from cabinet_service.wiring import sender, work_handlers
from service_kit.db import database_now
from service_kit.ids import new_id
from service_kit.notifying import reading
from service_kit.notifying.channels import Manners, Message
from service_kit.notifying.reading import Told
from tests.support.clients import SignedInClient, sign_in
from tests.support.delivery import do_work


@dataclass(frozen=True)
class Sent:
    """A message as its receiver sees it: of one to a phone there is the short form."""

    channel: str
    to: str
    subject: str
    text: str


class Channel:
    """Every channel in one. `faults` says, by address, what to raise instead of sending."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.faults: dict[str, Exception] = {}

    @property
    def reached(self) -> list[str]:
        return [message.to for message in self.sent]


@dataclass(frozen=True)
class Way:
    """One of the ways in which messages come to the channel."""

    channel: Channel
    name: str

    async def send(self, message: Message) -> None:
        if message.to in self.channel.faults:
            raise self.channel.faults[message.to]
        wording = message.wording
        subject, text = (wording.subject, wording.letter) if self.name == "email" else ("", wording.short)
        self.channel.sent.append(Sent(self.name, message.to, subject, text))


@dataclass(frozen=True)
class World:
    """Cabinet with a channel that keeps what it is given, and one client who signed up by e-mail."""

    ports: ApiPorts
    channel: Channel
    client: SignedInClient
    inspection_id: UUID

    async def tell(
        self,
        kind: NotificationKind = NotificationKind.DECISION,
        *,
        event_id: UUID | None = None,
        account_id: UUID | None = None,
        info_task_id: UUID | None = None,
    ) -> None:
        async with self.ports.backbone.database.writing() as session:
            await notices.tell(
                session,
                event_id=event_id or new_id(),
                person_id=account_id or self.client.account_id,
                kind=kind,
                subject_id=self.inspection_id,
                number="A-1000001",
                task_id=info_task_id,
                now=await database_now(session),
            )

    async def add_contact(self, contact: str, *, verified: bool = True) -> None:
        """Another contact of the client's."""
        parsed = parse_contact(contact)
        async with self.ports.backbone.database.writing() as session:
            now = await database_now(session)
            session.add(
                AccountContact(
                    kind=parsed.kind,
                    value=parsed.value,
                    account_id=self.client.account_id,
                    verified_at=now if verified else None,
                    created_at=now,
                )
            )

    async def work(self) -> list[str]:
        """What the worker would do by now: its own work, and telling what is due."""
        done = await do_work(self.ports.backbone, work_handlers(self.ports))
        await sender(self.ports).send_due()
        return done

    async def told(self) -> list[Told]:
        """What the client was told, the youngest first."""
        async with self.ports.backbone.database.reading() as session:
            return await reading.newest(session, notices, self.client.account_id, most=100)

    async def state(self) -> NotificationState:
        [told] = await self.told()
        return NotificationState(told.state)

    async def pass_time(self, by: timedelta) -> None:
        """Let all that waits have waited so much longer."""
        async with self.ports.backbone.database.writing() as session:
            for column in (Notification.escalate_at, Notification.created_at):
                await session.execute(update(Notification).values({column: column - by}))
            await session.execute(update(Delivery).values(due_at=Delivery.due_at - by))


@pytest.fixture
async def world(cabinet_ports: ApiPorts) -> World:
    channel = Channel()
    ports = replace(
        cabinet_ports, channels={name: (Way(channel, name), Manners()) for name in ("email", "phone")}
    )
    return World(ports, channel, await sign_in(ports, "anna@example.com"), new_id())
