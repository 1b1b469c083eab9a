"""What one was told, and whether it arrives."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter

from cabinet_service.accounts.dependencies import CurrentClient, Once
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.db.tables import outbox
from cabinet_service.notifications import service
from cabinet_service.notifications.errors import NoSuchChannel
from cabinet_service.notifications.notices import notices
from cabinet_service.notifications.schemas import (
    ChannelToTry,
    ChannelTried,
    NotificationOut,
    WhatWasSeen,
)
from cabinet_service.notifications.work import SendTestMessage
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute
from service_kit.notifying import reading

router = APIRouter(prefix="/api/v1/notifications", tags=["notifications"], route_class=CheckedRoute)
MOST: Final = 50


@router.get("")
async def list_notifications(client: CurrentClient, session: Reading) -> list[NotificationOut]:
    """The newest fifty, the youngest first."""
    newest = await reading.newest(session, notices, client.account_id, most=MOST)
    return [NotificationOut.of(told) for told in newest]


@router.post("/seen", status_code=HTTPStatus.NO_CONTENT)
async def see_notifications(
    body: WhatWasSeen, client: CurrentClient, session: WriteSession, now: Now
) -> None:
    """One has seen what one was told, and need not be told it again elsewhere. Said again it changes nothing."""
    await service.see(session, client.account_id, body.subject_id, now=now)


@router.post("/test", status_code=HTTPStatus.CREATED)
async def try_channel(
    body: ChannelToTry, client: CurrentClient, once: Once, session: WriteSession, now: Now, ports: PortsOfApp
) -> ChannelTried:
    """Have a message sent to one's contact of a kind, to see whether it comes."""
    await ports.limits.hit("test_messages_per_account", str(client.account_id))
    contact = await service.contact_by(session, client.account_id, body.channel)
    if contact is None or contact.kind not in ports.channels:
        raise NoSuchChannel(channel=body.channel)
    work = SendTestMessage(account_id=client.account_id, channel=body.channel)
    await outbox.enqueue(session, work, now=now)
    return await once.keep(ChannelTried(sent_to=contact.value))
