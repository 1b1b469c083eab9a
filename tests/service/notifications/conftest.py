from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from cabinet_service.accounts.domain import parse_contact
from cabinet_service.accounts.models import AccountContact
from cabinet_service.notifications import service
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.ports import Letter, Ports, ShortMessage
from cabinet_service.wiring import work_handlers
from service_kit.db import database_now
from service_kit.ids import new_id
from tests.support.clients import SignedInClient, sign_in
from tests.support.delivery import do_work


class Channel:
    """A Mailer and a Messenger in one. `faults` says, by address, what to raise instead of sending."""

    def __init__(self) -> None:
        self.sent: list[Letter | ShortMessage] = []
        self.faults: dict[str, Exception] = {}

    async def send(self, message: Letter | ShortMessage) -> None:
        if message.to in self.faults:
            raise self.faults[message.to]
        self.sent.append(message)

    @property
    def reached(self) -> list[str]:
        return [message.to for message in self.sent]


@dataclass(frozen=True)
class World:
    """Cabinet with a channel that keeps what it is given, and one client who signed up by e-mail."""

    ports: Ports
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
            await service.tell(
                session,
                event_id=event_id or new_id(),
                account_id=account_id or self.client.account_id,
                kind=kind,
                inspection_id=self.inspection_id,
                number="A-1000001",
                info_task_id=info_task_id,
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
        return await do_work(self.ports.backbone, work_handlers(self.ports))


@pytest.fixture
async def world(cabinet_ports: Ports) -> World:
    channel = Channel()
    ports = replace(cabinet_ports, mailer=channel, messenger=channel)
    return World(ports, channel, await sign_in(ports, "anna@example.com"), new_id())
