"""What the tables of both services have in common: names, types, and those that delivery needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import DateTime, Enum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from service_kit.bus.tables import DeadLetterColumns, QueuedMessageColumns
from service_kit.idempotency import IdempotencyKeyColumns
from service_kit.inbox import InboxColumns, IncomingStreamColumns, ParkedEventColumns
from service_kit.live import LiveHintColumns
from service_kit.outbox import Outbox, OutboxColumns, OutgoingStreamColumns
from service_kit.redaction import Redaction


def _values(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


NAMES: Final[Mapping[str, str]] = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""Names of constraints, by which migrations can refer to them."""

COLUMN_TYPES: Final[dict[Any, Any]] = {
    datetime: DateTime(timezone=True),
    dict[str, Any]: JSONB,
    # Text, not an enum of PostgreSQL: a new word then needs no migration.
    StrEnum: Enum(StrEnum, native_enum=False, length=32, values_callable=_values),
}


class Queues(NamedTuple):
    """A service's own queues, and that of its peer's events."""

    events: str
    work: str
    peer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables of delivery, live hints and idempotency of one service, and what works on several of them."""

    queues: Queues
    outbox: Outbox
    inbox: type[InboxColumns]
    incoming_streams: type[IncomingStreamColumns]
    parked: type[ParkedEventColumns]
    queued: type[QueuedMessageColumns]
    dead: type[DeadLetterColumns]
    hints: type[LiveHintColumns]
    idempotency_keys: type[IdempotencyKeyColumns]

    @property
    def redaction(self) -> Redaction:
        return Redaction(self.outbox.table, self.parked, self.queued, self.dead)


def tables_of(base: type[DeclarativeBase], *, service: str, peer: str) -> Tables:
    """Declare the tables on the service's `base`."""
    queues = Queues(events=f"{service}.events", work=f"{service}.work", peer=f"{peer}.events")

    class OutboxMessage(OutboxColumns, base):
        __tablename__ = "outbox"
        LOG_QUEUE = queues.peer

    class OutgoingStream(OutgoingStreamColumns, base):
        __tablename__ = "outgoing_streams"

    class InboxMessage(InboxColumns, base):
        __tablename__ = "inbox"

    class IncomingStream(IncomingStreamColumns, base):
        __tablename__ = "incoming_streams"

    class ParkedEvent(ParkedEventColumns, base):
        __tablename__ = "parked_events"

    class QueuedMessage(QueuedMessageColumns, base):
        __tablename__ = "queued_messages"

    class DeadLetter(DeadLetterColumns, base):
        __tablename__ = "dead_letters"

    class LiveHint(LiveHintColumns, base):
        __tablename__ = "live_hints"

    class IdempotencyKey(IdempotencyKeyColumns, base):
        __tablename__ = "idempotency_keys"

    return Tables(
        queues=queues,
        outbox=Outbox(
            OutboxMessage,
            OutgoingStream,
            events_to=queues.peer,
            events_from=queues.events,
            work_queue=queues.work,
        ),
        inbox=InboxMessage,
        incoming_streams=IncomingStream,
        parked=ParkedEvent,
        queued=QueuedMessage,
        dead=DeadLetter,
        hints=LiveHint,
        idempotency_keys=IdempotencyKey,
    )
