"""A toy service with nothing but the tables of delivery, on a real PostgreSQL."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import DateTime, MetaData
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from service_kit.audit import AuditColumns
from service_kit.audit_chain import GUARD_V1
from service_kit.bus import BusUnavailable, Message
from service_kit.db import Database, Session, async_url
from service_kit.idempotency import IdempotencyKeyColumns
from service_kit.inbox import Inbox, InboxColumns, Incoming, IncomingStreamColumns, ParkedEventColumns
from service_kit.live import LiveHintColumns
from service_kit.outbox import Outbox, OutboxColumns, OutgoingStreamColumns
from shared_schemas.envelope import InspectionEvent, Work

NOW: Final = datetime(2026, 1, 5, 12, tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s"})
    type_annotation_map = {datetime: DateTime(timezone=True)}  # noqa: RUF012 - SQLAlchemy reads it as a class attribute


class OutboxMessage(OutboxColumns, Base):
    __tablename__ = "outbox"
    LOG_QUEUE = "peer.events"


class OutgoingStream(OutgoingStreamColumns, Base):
    __tablename__ = "outgoing_streams"


class InboxMessage(InboxColumns, Base):
    __tablename__ = "inbox"


class IncomingStream(IncomingStreamColumns, Base):
    __tablename__ = "incoming_streams"


class ParkedEvent(ParkedEventColumns, Base):
    __tablename__ = "parked_events"


class LiveHint(LiveHintColumns, Base):
    __tablename__ = "live_hints"


class IdempotencyKey(IdempotencyKeyColumns, Base):
    __tablename__ = "idempotency_keys"


class AuditEntry(AuditColumns, Base):
    __tablename__ = "audit_entries"


class Effect(Base):
    """What handlers leave behind: one row per time that an event took effect."""

    __tablename__ = "effects"
    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID]
    step: Mapped[int]


class Stepped(InspectionEvent):
    TYPE = "car.stepped"
    step: int


class Polish(Work):
    TYPE = "toy.polish"
    car: str


outbox: Final = Outbox(
    OutboxMessage, OutgoingStream, events_to="peer.events", events_from="toy.events", work_queue="toy.work"
)


async def on_stepped(session: Session, event: Stepped, _incoming: Incoming) -> None:
    if event.step < 0:
        raise ValueError("a negative step")
    session.add(Effect(inspection_id=event.inspection_id, step=event.step))


inbox: Final = Inbox(
    InboxMessage, IncomingStream, ParkedEvent, outbox=outbox, handlers={Stepped: on_stepped, Polish: None}
)


@dataclass
class RecordingBus:
    """A bus that keeps what it was given, and refuses while `away` or for the ids in `refused`."""

    published: list[Message] = field(default_factory=list[Message])
    refused: set[UUID] = field(default_factory=set[UUID])
    away: bool = False

    async def publish(self, message: Message) -> None:
        if self.away or message.message_id in self.refused:
            raise BusUnavailable("refused by the test")
        self.published.append(message)

    async def check(self) -> None: ...

    async def close(self) -> None: ...

    async def consume(self, *_: object, **__: object) -> None: ...


@pytest.fixture
async def toy_url(postgres_url: str) -> AsyncIterator[str]:
    name = f"toy_{uuid4().hex[:12]}"
    admin = await asyncpg.connect(postgres_url)
    await admin.execute(f"CREATE DATABASE {name}")
    yield postgres_url.rsplit("/", 1)[0] + f"/{name}"
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
async def database(toy_url: str) -> AsyncIterator[Database]:
    database = Database(toy_url, hints=LiveHint)
    engine = create_async_engine(async_url(toy_url))
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await engine.dispose()
    async with database.pool.writing() as session:
        for statement in GUARD_V1:
            await session.fetch(statement)
    yield database
    await database.close()
