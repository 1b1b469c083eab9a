"""The outbox: what a transaction announces is a row written in that same transaction.

If the transaction commits, the relay publishes the row, sooner or later; if it does not, there is no row.
The rows of events are kept: they are the log from which the peer is brought up to date (`resync`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    DateTime,
    Identity,
    Index,
    Integer,
    String,
    Text,
    func,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from service_kit.bus import MAX_BODY_BYTES
from service_kit.db import ReadSession, Session
from service_kit.ids import new_id
from service_kit.logs import current_correlation_id
from shared_schemas.envelope import Envelope, Event, Fact, Work, name_of

CHANNEL: Final = "outbox"
_ENVELOPE_ROOM: Final = 1024
_NOTIFIED: Final = "outbox_notified"


class OutboxColumns:
    """Columns of a service's outbox. `position` orders the rows of one aggregate as they were committed."""

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    queue: Mapped[str] = mapped_column(String(64))
    type: Mapped[str] = mapped_column(String(64))
    version: Mapped[int] = mapped_column(Integer)
    aggregate_id: Mapped[UUID | None]
    aggregate_seq: Mapped[int | None] = mapped_column(Integer)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    correlation_id: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_error: Mapped[str | None] = mapped_column(Text)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        return (
            Index(None, "queue", "position", postgresql_where=text("sent_at IS NULL")),
            Index(None, "aggregate_id", "aggregate_seq"),
        )


class OutgoingStreamColumns:
    """The last sequence number given out per aggregate. Its row lock makes the numbers gapless."""

    aggregate_id: Mapped[UUID] = mapped_column(primary_key=True)
    last_seq: Mapped[int] = mapped_column(Integer)
    moved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        return (Index(None, "moved_at", "aggregate_id"),)


class Outbox:
    """The outbox of one service: which tables, and which queues its events and its own work go to."""

    def __init__(
        self,
        table: type[OutboxColumns],
        streams: type[OutgoingStreamColumns],
        *,
        events_to: str,
        events_from: str,
        work_queue: str,
    ) -> None:
        """`events_to` is the peer's queue, `events_from` the one on which the peer's events come in."""
        self.table = table
        self.queues = (events_to, events_from, work_queue)
        self._streams = streams
        self._events_to = events_to
        self._events_from = events_from
        self._work_queue = work_queue

    async def add(self, session: Session, event: Event, *, now: datetime) -> None:
        """Announce an event of `event.inspection_id` to the peer, in this transaction."""
        seq = await session.scalar(
            insert(self._streams)
            .values(aggregate_id=event.inspection_id, last_seq=1, moved_at=now)
            .on_conflict_do_update(
                index_elements=[self._streams.aggregate_id],
                set_={"last_seq": self._streams.last_seq + 1, "moved_at": now},
            )
            .returning(self._streams.last_seq)
        )
        await self._insert(session, event, self._events_to, event.inspection_id, seq, now)

    async def enqueue(self, session: Session, work: Work, *, now: datetime) -> None:
        """Give `work` to this service's own worker, in this transaction."""
        await self._insert(session, work, self._work_queue, None, None, now)

    async def receive_again(self, session: Session, envelope: Envelope) -> None:
        """Have an envelope of the peer's that was set aside delivered once more, as if it came just now."""
        row = envelope.model_dump() | {"queue": self._events_from, "sent_at": None}
        await session.execute(
            insert(self.table)
            .values(row)
            .on_conflict_do_update(index_elements=[self.table.event_id], set_={"sent_at": None})
        )
        await _wake_relay(session)

    async def events_after(self, session: ReadSession, aggregate_id: UUID, after_seq: int) -> list[Envelope]:
        """The events of one aggregate with a sequence number above `after_seq`, in order."""
        table = self.table
        rows = await session.scalars(
            select(table)
            .where(table.aggregate_id == aggregate_id, table.aggregate_seq > after_seq)
            .where(table.queue == self._events_to)
            .order_by(table.aggregate_seq)
        )
        return [envelope_of(row) for row in rows]

    async def heads_after(
        self, session: ReadSession, moved_at: datetime, aggregate_id: UUID, limit: int
    ) -> Sequence[OutgoingStreamColumns]:
        """Aggregates that moved after the given place (`moved_at`, `aggregate_id`), in that order."""
        streams = self._streams
        rows = await session.scalars(
            select(streams)
            .where(tuple_(streams.moved_at, streams.aggregate_id) > (moved_at, aggregate_id))
            .order_by(streams.moved_at, streams.aggregate_id)
            .limit(limit)
        )
        return rows.all()

    async def _insert(
        self,
        session: Session,
        fact: Fact,
        queue: str,
        aggregate_id: UUID | None,
        aggregate_seq: int | None,
        now: datetime,
    ) -> None:
        await session.execute(
            insert(self.table).values(
                event_id=new_id(),
                queue=queue,
                type=fact.TYPE,
                version=fact.VERSION,
                aggregate_id=aggregate_id,
                aggregate_seq=aggregate_seq,
                occurred_at=now,
                correlation_id=current_correlation_id(),
                data=_fitting(fact),
            )
        )
        await _wake_relay(session)


def envelope_of(row: OutboxColumns) -> Envelope:
    """The envelope in which an outbox row travels."""
    return Envelope(
        event_id=row.event_id,
        type=row.type,
        version=row.version,
        aggregate_id=row.aggregate_id,
        aggregate_seq=row.aggregate_seq,
        occurred_at=row.occurred_at,
        correlation_id=row.correlation_id,
        data=row.data,
    )


def _fitting(fact: Fact) -> dict[str, Any]:
    """The data of the fact. Raises ValueError if no bus would take it: better no act than one never told."""
    if len(fact.model_dump_json().encode()) > MAX_BODY_BYTES - _ENVELOPE_ROOM:
        raise ValueError(f"{name_of(fact.__class__)} is larger than a message may be")
    return fact.model_dump(mode="json")


async def _wake_relay(session: Session) -> None:
    """One NOTIFY a transaction; PostgreSQL delivers it with the commit."""
    transaction = session.sync_session.get_transaction()
    if session.info.get(_NOTIFIED) is not transaction:
        session.info[_NOTIFIED] = transaction
        await session.execute(select(func.pg_notify(CHANNEL, "")))
