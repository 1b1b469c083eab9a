"""The tables that delivery, live hints and idempotency need, and the outbox itself."""

from typing import Final

from cabinet_service.db.base import Base
from service_kit.bus.tables import DeadLetterColumns, QueuedMessageColumns
from service_kit.idempotency import IdempotencyKeyColumns
from service_kit.inbox import InboxColumns, IncomingStreamColumns, ParkedEventColumns
from service_kit.live import LiveHintColumns
from service_kit.outbox import Outbox, OutboxColumns, OutgoingStreamColumns
from service_kit.redaction import Redaction

EVENTS_QUEUE: Final = "cabinet.events"
WORK_QUEUE: Final = "cabinet.work"
PEER_QUEUE: Final = "bpa.events"

# In these the service adds rows, and can neither change nor delete them.
APPEND_ONLY: Final[tuple[str, ...]] = ("audit_entries",)


class OutboxMessage(OutboxColumns, Base):
    __tablename__ = "outbox"


class OutgoingStream(OutgoingStreamColumns, Base):
    __tablename__ = "outgoing_streams"


class InboxMessage(InboxColumns, Base):
    __tablename__ = "inbox"


class IncomingStream(IncomingStreamColumns, Base):
    __tablename__ = "incoming_streams"


class ParkedEvent(ParkedEventColumns, Base):
    __tablename__ = "parked_events"


class QueuedMessage(QueuedMessageColumns, Base):
    __tablename__ = "queued_messages"


class DeadLetter(DeadLetterColumns, Base):
    __tablename__ = "dead_letters"


class LiveHint(LiveHintColumns, Base):
    __tablename__ = "live_hints"


class IdempotencyKey(IdempotencyKeyColumns, Base):
    __tablename__ = "idempotency_keys"


outbox: Final = Outbox(
    OutboxMessage, OutgoingStream, events_to=PEER_QUEUE, events_from=EVENTS_QUEUE, work_queue=WORK_QUEUE
)
redaction: Final = Redaction(OutboxMessage, ParkedEvent, QueuedMessage, DeadLetter)
