"""The outbox: what a transaction announces is a row written in that same transaction.

If the transaction commits, the relay publishes the row, sooner or later; if it does not, there is no row.
The rows of events are kept: they are the log from which the peer is brought up to date (`resync`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final
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

from service_kit import tracing
from service_kit.bus import MAX_BODY_BYTES
from service_kit.db import ReadSession, Session
from service_kit.ids import new_id
from service_kit.logs import current_correlation_id
from service_kit.personal_columns import erased_otherwise, not_personal
from service_kit.writes import Write
from shared_schemas.envelope import Envelope, Event, Fact, Work, name_of

CHANNEL: Final = "outbox"
_ENVELOPE_ROOM: Final = 1024
# A row gets its position only when it has its number, so that both have the same order. PostgreSQL sends the
# NOTIFY with the commit, and once however often a transaction says it.
_NUMBER: Final = """
INSERT INTO {streams} AS stream (aggregate_id, last_seq, moved_at) VALUES ($7, 1, $5)
ON CONFLICT (aggregate_id) DO UPDATE SET last_seq = stream.last_seq + 1, moved_at = excluded.moved_at
RETURNING last_seq
"""
_ADD: Final = f"""
INSERT INTO {{table}}
    (event_id, queue, type, version, occurred_at, correlation_id, aggregate_id, data, traceparent, aggregate_seq)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, last_seq FROM @0
RETURNING pg_notify('{CHANNEL}', '')
"""  # noqa: S608 - filled with the names of our own tables
_ENQUEUE: Final = f"""
INSERT INTO {{table}} (event_id, queue, type, version, occurred_at, correlation_id, data, traceparent)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING pg_notify('{CHANNEL}', '')
"""  # noqa: S608 - the same


class OutboxColumns:
    """Columns of a service's outbox. `position` orders the rows of one aggregate as they were committed.

    Rows for `LOG_QUEUE` are events for the peer, and kept; all others are work, and go a while after being sent.
    """

    __tablename__: ClassVar[str]
    LOG_QUEUE: ClassVar[str]

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    queue: Mapped[str] = mapped_column(String(64), info=not_personal())
    type: Mapped[str] = mapped_column(String(64), info=not_personal())
    version: Mapped[int] = mapped_column(Integer)
    aggregate_id: Mapped[UUID | None]
    aggregate_seq: Mapped[int | None] = mapped_column(Integer)
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    correlation_id: Mapped[str] = mapped_column(String(64), info=not_personal())
    traceparent: Mapped[str | None] = mapped_column(String(64), info=not_personal())
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, info=erased_otherwise(is_exported=False))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_error: Mapped[str | None] = mapped_column(Text, info=erased_otherwise(is_exported=False))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        return (
            Index(None, "queue", "position", postgresql_where=text("sent_at IS NULL")),
            Index(None, "aggregate_id", "aggregate_seq"),
            Index(f"ix_{cls.__tablename__}_work_sent_at", "sent_at", postgresql_where=text(cls.not_log())),
        )

    @classmethod
    def not_log(cls) -> str:
        """The condition that a row is no part of the log, as its index has it."""
        return f"queue <> '{cls.LOG_QUEUE}'"


class OutgoingStreamColumns:
    """The last sequence number given out per aggregate. Its row lock makes the numbers gapless."""

    __tablename__: ClassVar[str]

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
        name, of_streams = table.__tablename__, streams.__tablename__
        self._number = _NUMBER.format(streams=of_streams)
        self._add = _ADD.format(table=name)
        self._enqueue = _ENQUEUE.format(table=name)
        self._tables = frozenset((name, of_streams))

    async def add(self, session: Session, event: Event, *, now: datetime) -> None:
        """Announce an event of the job `event.job_id` to the peer, in this transaction."""
        values = (
            *_heading(event, self._events_to, now),
            event.job_id,
            _fitting(event),
            tracing.traceparent(),
        )
        session.hold(Write(self._add, values, self._tables, before=(self._number,)))

    async def enqueue(self, session: Session, work: Work, *, now: datetime) -> None:
        """Give `work` to this service's own worker, in this transaction."""
        values = (*_heading(work, self._work_queue, now), _fitting(work), tracing.traceparent())
        session.hold(Write(self._enqueue, values, self._tables))

    async def receive_again(self, session: Session, envelope: Envelope) -> None:
        """Have an envelope of the peer's that was set aside delivered once more, as if it came just now."""
        row = envelope.model_dump() | {"queue": self._events_from, "sent_at": None}
        await session.execute(
            insert(self.table)
            .values(row)
            .on_conflict_do_update(index_elements=[self.table.event_id], set_={"sent_at": None})
            .returning(func.pg_notify(CHANNEL, ""))
        )

    async def go_on_after(self, session: Session, taken_in: Mapping[UUID, int]) -> dict[UUID, int]:
        """Give out only numbers above those that the peer has taken in; returns, by aggregate, how many are lost.

        Numbers that the peer knows and this log does not were given out before the database was restored to an
        earlier moment. Given out twice they would name two events.
        """
        streams = self._streams
        known = {
            row.aggregate_id: row.last_seq
            for row in await session.scalars(
                select(streams)
                .where(streams.aggregate_id.in_(taken_in))
                .order_by(streams.aggregate_id)
                .with_for_update()
            )
        }
        lost = {one: seq - known.get(one, 0) for one, seq in taken_in.items() if seq > known.get(one, 0)}
        if lost:
            rows = [
                {"aggregate_id": one, "last_seq": taken_in[one], "moved_at": func.clock_timestamp()}
                for one in sorted(lost)
            ]
            statement = insert(streams).values(rows)
            await session.execute(
                statement.on_conflict_do_update(
                    index_elements=[streams.aggregate_id], set_={"last_seq": statement.excluded.last_seq}
                )
            )
        return lost

    async def events_after(
        self, session: ReadSession, aggregate_id: UUID, after_seq: int, *, limit: int | None = None
    ) -> list[Envelope]:
        """The (first `limit`) events of one aggregate with a sequence number above `after_seq`, in order."""
        table = self.table
        rows = await session.scalars(
            select(table)
            .where(table.aggregate_id == aggregate_id, table.aggregate_seq > after_seq)
            .where(table.queue == self._events_to)
            .order_by(table.aggregate_seq)
            .limit(limit)
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
        traceparent=row.traceparent,
        data=row.data,
    )


def _heading(fact: Fact, queue: str, now: datetime) -> tuple[UUID, str, str, int, datetime, str]:
    return new_id(), queue, fact.TYPE, fact.VERSION, now, current_correlation_id()


def _fitting(fact: Fact) -> str:
    """The fact as JSON. Raises ValueError if no bus would take it: better no act than one never told."""
    data = fact.model_dump_json()
    if len(data.encode()) > MAX_BODY_BYTES - _ENVELOPE_ROOM:
        raise ValueError(f"{name_of(fact.__class__)} is larger than a message may be")
    return data
