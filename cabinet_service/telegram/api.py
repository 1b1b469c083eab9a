"""One's chats in Telegram: tied to the account, shown, and untied."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.notifications.notices import notices
from cabinet_service.telegram.errors import TelegramNotOffered
from cabinet_service.telegram.schemas import TelegramChatOut, TelegramLinkOut, TelegramOut
from cabinet_service.telegram.tables import updates
from service_kit.db import SYSTEM, enter
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.problems import NotFound
from service_kit.http.route import CheckedRoute
from service_kit.telegram.saying import NAME
from service_kit.telegram.updates import LINK_LENGTH

router = APIRouter(prefix="/api/v1/me/telegram", tags=["notifications"], route_class=CheckedRoute)


@router.get("")
async def get_telegram(client: CurrentClient, session: Reading, ports: PortsOfApp) -> TelegramOut:
    """Whether there is a bot to talk to, and the chats that are one's own."""
    chats = await notices.bound(session, client.account_id, NAME)
    bot = ports.settings.telegram_bot if ports.settings.telegram_token else None
    return TelegramOut(bot=bot, chats=[TelegramChatOut.of(one) for one in chats])


@router.post("", status_code=HTTPStatus.CREATED)
async def make_telegram_link(
    client: CurrentClient, session: WriteSession, now: Now, ports: PortsOfApp
) -> TelegramLinkOut:
    """A link to the bot by which whoever opens it is told what one is told. It works once, for 15 minutes.

    Asked again it gives another one; nothing comes of those that nobody opens.
    """
    settings = ports.settings
    if not settings.telegram_token:
        raise TelegramNotOffered
    await ports.limits.hit("telegram_links_per_account", str(client.account_id))
    await enter(session, SYSTEM)  # links are for the bot to look up, and for nobody to read
    token = await updates.make_link(session, client.account_id, now=now)
    link = f"https://t.me/{settings.telegram_bot}?start={token}"
    return TelegramLinkOut(link=link, expires_at=now + LINK_LENGTH)


@router.delete("/{chat_id}", status_code=HTTPStatus.NO_CONTENT)
async def leave_telegram(chat_id: UUID, client: CurrentClient, session: WriteSession) -> None:
    """Be told nothing in that chat any more."""
    chats = await notices.bound(session, client.account_id, NAME)
    if chat_id not in [one.id for one in chats]:
        raise NotFound
    await notices.unbind(session, client.account_id, chat_id)
