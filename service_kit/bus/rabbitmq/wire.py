"""How a message of the bus travels in AMQP."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import aio_pika
from aio_pika.abc import AbstractIncomingMessage, HeadersType

from service_kit.bus import Message
from service_kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Incoming:
    """A delivered message.

    `attempt` counts from 1; `reason` is given only to what was declared dead; `postponed_at` is when it was first
    left for later because an engine was away, by the clock of whoever left it.
    """

    message: Message
    attempt: int
    last_error: str | None
    reason: str | None
    postponed_at: datetime | None


def encode(
    message: Message,
    *,
    attempt: int = 1,
    last_error: str | None = None,
    reason: str | None = None,
    postponed_at: datetime | None = None,
) -> aio_pika.Message:
    """A message to publish. It is made anew for each retry: with the headers that RabbitMQ has added on the way,
    it would look like one that goes round in a circle, and be dropped.
    """
    # Our id is no AMQP message_id: by that one aiormq finds out which of the messages under way was returned,
    # so it must be another for each.
    headers: HeadersType = {"message_id": str(message.message_id), "attempt": attempt}
    if last_error is not None:
        headers["last_error"] = last_error
    if reason is not None:
        headers["reason"] = reason
    if postponed_at is not None:
        headers["postponed_at"] = postponed_at
    return aio_pika.Message(
        message.body,
        headers=headers,
        content_type="application/json",
        correlation_id=message.correlation_id,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
    )


def decode(queue: str, incoming: AbstractIncomingMessage) -> Incoming:
    """Never fails: what somebody has put into the queue by hand gets an id, and fails in its handler."""
    headers = incoming.headers
    try:
        message_id = UUID(str(headers["message_id"]))
    except (KeyError, ValueError):
        message_id = new_id()
    attempt = headers.get("attempt")
    return Incoming(
        message=Message(queue, message_id, incoming.body, incoming.correlation_id or ""),
        attempt=attempt if isinstance(attempt, int) and attempt > 0 else 1,
        last_error=_text(headers.get("last_error")),
        reason=_text(headers.get("reason")),
        postponed_at=_instant(headers.get("postponed_at")),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _instant(value: object) -> datetime | None:
    """AMQP has instants of whole seconds in UTC; its client reads them without a zone."""
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
