"""Reaching a client over the first of their contacts that works."""

from collections.abc import Sequence
from uuid import UUID

import structlog

from cabinet_service.accounts.domain import Contact, ContactKind
from cabinet_service.ports import (
    ChannelAway,
    Message,
    MessageDeferred,
    MessageUndeliverable,
    Ports,
    Wording,
)
from service_kit.bus import RetryLater

log = structlog.get_logger(__name__)


async def reach(
    ports: Ports, contacts: Sequence[Contact], wording: Wording, *, message_id: UUID
) -> ContactKind | None:
    """Send to the first contact that takes the message; returns over which channel, None if none ever will.

    A contact that only cannot be reached right now does not keep the others waiting. If none took the message
    and some may later, raises RetryLater (their channel is away) or MessageDeferred (it refused for now).
    """
    for_now: ChannelAway | MessageDeferred | None = None
    for contact in contacts:
        try:
            await _send(ports, contact, wording, message_id)
        except MessageUndeliverable as error:
            log.warning(
                "contact_unreachable", channel=contact.kind, message_id=str(message_id), error=str(error)
            )
        except (ChannelAway, MessageDeferred) as error:
            log.warning(
                "contact_not_reached", channel=contact.kind, message_id=str(message_id), error=str(error)
            )
            for_now = for_now or error
        else:
            return contact.kind
    if isinstance(for_now, ChannelAway):
        raise RetryLater(str(for_now)) from for_now
    if for_now is not None:
        raise for_now
    return None


async def _send(ports: Ports, contact: Contact, wording: Wording, message_id: UUID) -> None:
    channel = ports.channels.get(contact.kind)
    if channel is None:
        raise MessageUndeliverable("this channel is not configured")
    await channel.send(Message(message_id, contact.value, wording))
