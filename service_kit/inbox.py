"""The inbox: every event takes effect exactly once and in order, however often and in whatever order it comes.

The claim of the event id and the effect are one transaction, so a redelivery does nothing. Events of one
aggregate carry gapless numbers: one that is ahead of its turn is set aside until its predecessor was applied,
and if the predecessor never comes, `resync` fetches it from the peer.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Final
from uuid import UUID

import structlog
from pydantic import ValidationError
from sqlalchemy import DateTime, Index, Integer, String, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from service_kit import failpoints, logs, tracing
from service_kit.bus import Delivery, GiveUp, Handler, RetryLater
from service_kit.db import Database, ReadSession, Session, database_now, will_pass
from service_kit.outbox import Outbox
from service_kit.personal_columns import erased_otherwise, not_personal
from service_kit.tracing import Kind
from shared_schemas.envelope import Envelope, Fact, name_of

log = structlog.get_logger(__name__)


# Which messages took effect is remembered for longer than any queue, broker or relay holds one back.
KEPT_FOR: Final = timedelta(days=30)


# The event's turn, and its claim. That it waits for the row of the stream, and sees it as it is then, makes the
# events of one aggregate take effect one after the other.
_TAKE: Final = """
WITH taken AS (
    INSERT INTO {streams} AS stream (aggregate_id, last_seq)
    SELECT $1::uuid, $2::integer
    WHERE $2 = 1 OR EXISTS (SELECT FROM {streams} WHERE aggregate_id = $1)
    ON CONFLICT (aggregate_id) DO UPDATE SET last_seq = excluded.last_seq
        WHERE stream.last_seq = excluded.last_seq - 1
    RETURNING aggregate_id
), claimed AS (
    INSERT INTO {received} (event_id, name, received_at)
    SELECT $3::uuid, $4::varchar, $5::timestamptz FROM taken
    ON CONFLICT DO NOTHING
    RETURNING event_id
)
SELECT EXISTS (SELECT FROM taken), EXISTS (SELECT FROM claimed)
"""


class InboxColumns:
    """Which messages have taken effect."""

    __tablename__: ClassVar[str]

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(72), info=not_personal())
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class IncomingStreamColumns:
    """The number of the last event that took effect, per aggregate of the peer."""

    __tablename__: ClassVar[str]

    aggregate_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_seq: Mapped[int] = mapped_column(Integer)


class ParkedEventColumns:
    """Events that came ahead of their turn."""

    aggregate_id: Mapped[UUID] = mapped_column(primary_key=True)
    aggregate_seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    envelope: Mapped[dict[str, Any]] = mapped_column(JSONB, info=erased_otherwise(is_exported=False))
    parked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        return (Index(None, "parked_at"),)


class UnknownMessage(Exception):
    """Nobody here handles this message. Most likely the sender is newer: it is kept as a dead letter."""


class SequenceConflict(Exception):
    """An event carries a number that another event has used: the peer lost data and counted anew."""


class Outcome(StrEnum):
    """What became of a received message."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Incoming:
    """The circumstances of a message. `now` is when this transaction began, by the database's clock."""

    event_id: UUID
    occurred_at: datetime
    now: datetime


FactHandler = Callable[[Session, Any, Incoming], Awaitable[None]]
Handlers = Mapping[type[Fact], FactHandler | None]
"""Which function takes which fact; None states that nobody needs it yet."""


class Inbox:
    """The inbox of one service."""

    def __init__(
        self,
        received: type[InboxColumns],
        streams: type[IncomingStreamColumns],
        parked: type[ParkedEventColumns],
        *,
        outbox: Outbox,
        handlers: Handlers,
    ) -> None:
        self._received = received
        self._streams = streams
        self._parked = parked
        self.outbox = outbox
        self._take = _TAKE.format(streams=streams.__tablename__, received=received.__tablename__)
        self._handlers = {name_of(fact): (fact, handler) for fact, handler in handlers.items()}

    def delivery_handler(self, database: Database) -> Handler:
        """What the bus calls: one message, one transaction."""

        async def handle(delivery: Delivery) -> None:
            about = ""
            try:
                envelope = parse(delivery.body)
                # The reason of a dead letter names what it holds up: nothing that follows takes effect before it.
                about = f" ({envelope.name}, number {envelope.aggregate_seq} of {envelope.aggregate_id})"
                await self.receive_in_transaction(database, envelope)
            except _HOPELESS as error:
                raise GiveUp(f"{type(error).__name__}: {error}{about}") from error
            except Exception as error:
                if will_pass(error):
                    raise RetryLater(repr(error)) from error
                error.add_note(about.strip())
                raise

        return handle

    async def receive_in_transaction(self, database: Database, envelope: Envelope) -> Outcome:
        """`receive` in a transaction of its own. What the task logs from then on belongs to the envelope."""
        with tracing.continued(envelope.traceparent, f"process {envelope.name}", Kind.CONSUMER) as span:
            logs.belong_to(envelope.correlation_id)
            span.note("messaging.message.id", str(envelope.event_id))
            async with database.writing() as session:
                outcome = await self.receive(session, envelope, now=await database_now(session))
            span.note("autodetective.outcome", outcome)
            log.info("message_received", name=envelope.name, outcome=outcome, event_id=str(envelope.event_id))
        return outcome

    async def receive(self, session: Session, envelope: Envelope, *, now: datetime) -> Outcome:
        """Let the message take effect, unless it has already or its predecessor has not.

        Raises UnknownMessage, SequenceConflict, a pydantic error for data that breaks the contract, and whatever
        the handler raises; then nothing has happened.
        """
        aggregate_id, seq = envelope.aggregate_id, envelope.aggregate_seq
        if aggregate_id is None or seq is None:
            claimed = await self._claim(session, envelope, now)
        else:
            row = (aggregate_id, seq, envelope.event_id, envelope.name, now)
            [[is_its_turn, claimed]] = await session.fetch(self._take, *row)
            if not is_its_turn:
                last_seq = await self._lock_stream(session, aggregate_id)
                if seq <= last_seq:
                    return await self._check_duplicate(session, envelope, now)
                if seq > last_seq + 1:
                    await self._park(session, envelope, now)
                    return Outcome.PARKED
                # Its predecessor came just now.
                [[_, claimed]] = await session.fetch(self._take, *row)
        if claimed:
            await self._apply(session, envelope, now)
        if aggregate_id is not None and seq is not None:
            await self._wake_successor(session, aggregate_id, seq + 1)
        return Outcome.APPLIED if claimed else Outcome.DUPLICATE

    async def last_seq(self, session: ReadSession, aggregate_id: UUID) -> int:
        """The number of the last event of the peer's aggregate that took effect here; 0 for none."""
        streams = self._streams
        return (
            await session.scalar(select(streams.last_seq).where(streams.aggregate_id == aggregate_id))
        ) or 0

    async def waiting_since(
        self, session: ReadSession, before: datetime, limit: int, *, but: Collection[UUID] = ()
    ) -> list[UUID]:
        """Aggregates with an event set aside before that instant: something of theirs is missing.

        Those that have waited longest come first, and none of `but`.
        """
        parked = self._parked
        rows = await session.scalars(
            select(parked.aggregate_id)
            .where(parked.parked_at < before, parked.aggregate_id.not_in(but))
            .group_by(parked.aggregate_id)
            .order_by(func.min(parked.parked_at))
            .limit(limit)
        )
        return list(rows)

    async def _lock_stream(self, session: Session, aggregate_id: UUID) -> int:
        statement = insert(self._streams).values(aggregate_id=aggregate_id, last_seq=0)
        last_seq = await session.scalar(
            statement.on_conflict_do_update(
                index_elements=[self._streams.aggregate_id],
                set_={"aggregate_id": statement.excluded.aggregate_id},  # changes nothing, but locks the row
            ).returning(self._streams.last_seq)
        )
        return last_seq or 0

    async def _check_duplicate(self, session: Session, envelope: Envelope, now: datetime) -> Outcome:
        if (
            await session.get(self._received, envelope.event_id) is None
            and envelope.occurred_at > now - KEPT_FOR
        ):
            raise SequenceConflict(
                f"{envelope.name} of {envelope.aggregate_id} repeats number {envelope.aggregate_seq}"
            )
        return Outcome.DUPLICATE

    async def _park(self, session: Session, envelope: Envelope, now: datetime) -> None:
        await session.execute(
            insert(self._parked)
            .values(
                aggregate_id=envelope.aggregate_id,
                aggregate_seq=envelope.aggregate_seq,
                envelope=envelope.model_dump(mode="json"),
                parked_at=now,
            )
            .on_conflict_do_nothing()
        )

    async def _apply(self, session: Session, envelope: Envelope, now: datetime) -> None:
        try:
            fact, handler = self._handlers[envelope.name]
        except KeyError:
            raise UnknownMessage(envelope.name) from None
        failpoints.reach(failpoints.Point.CLAIMED)
        if handler is not None:
            incoming = Incoming(envelope.event_id, envelope.occurred_at, now)
            await handler(session, fact.model_validate(envelope.data), incoming)
            await session.flush()
        failpoints.reach(failpoints.Point.EFFECTED)

    async def _claim(self, session: Session, envelope: Envelope, now: datetime) -> bool:
        claimed = await session.scalar(
            insert(self._received)
            .values(event_id=envelope.event_id, name=envelope.name, received_at=now)
            .on_conflict_do_nothing()
            .returning(self._received.event_id)
        )
        return claimed is not None

    async def _wake_successor(self, session: Session, aggregate_id: UUID, seq: int) -> None:
        parked = self._parked
        found = await session.scalar(
            delete(parked)
            .where(parked.aggregate_id == aggregate_id, parked.aggregate_seq == seq)
            .returning(parked.envelope)
        )
        if found is not None:
            await self.outbox.receive_again(session, Envelope.model_validate(found))


class MalformedMessage(Exception):
    """The bytes are not an envelope."""


# Another attempt would fail the same way. The letter can be replayed when somebody has set things right.
_HOPELESS = (MalformedMessage, UnknownMessage, SequenceConflict, ValidationError)


def parse(body: bytes) -> Envelope:
    """Raises MalformedMessage for bytes that are not an envelope."""
    try:
        return Envelope.model_validate_json(body)
    except ValidationError as error:
        raise MalformedMessage(str(error)) from None
