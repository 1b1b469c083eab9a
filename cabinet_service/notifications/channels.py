"""Reaching one contact of a client with what must come there and nowhere else: a code, a test message."""

from uuid import UUID

import structlog

from cabinet_service.accounts.domain import Contact
from cabinet_service.ports import Ports
from service_kit.bus import RetryLater
from service_kit.notifying.channels import ChannelAway, Message, MessageUndeliverable, Wording

log = structlog.get_logger(__name__)


async def reach(ports: Ports, contact: Contact, wording: Wording, *, message_id: UUID) -> bool:
    """Send to the contact; whether it took the message, or never will.

    Raises RetryLater while its channel is away, MessageDeferred if it is only refused for now.
    """
    found = ports.channels.get(contact.kind)
    if found is None:
        return False
    channel, _ = found
    try:
        await channel.send(Message(message_id, contact.value, wording))
    except MessageUndeliverable as error:
        log.warning("contact_unreachable", channel=contact.kind, message_id=str(message_id), error=str(error))
        return False
    except ChannelAway as error:
        raise RetryLater(str(error)) from error
    return True
