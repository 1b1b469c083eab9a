"""One's chats in Telegram: tied to oneself by a link, shown, and untied. The routes that both services share."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

import segno
from fastapi import APIRouter

from service_kit.db import SYSTEM, enter
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.holders import Holder
from service_kit.http.problems import NotFound, Problem
from service_kit.http.route import CheckedRoute
from service_kit.http.schemas import ApiOutput
from service_kit.notifying.notices import Notices
from service_kit.notifying.tables import AddressColumns
from service_kit.ports import SharedPorts
from service_kit.telegram.saying import NAME
from service_kit.telegram.updates import LINK_LENGTH, Updates


class TelegramNotOffered(Problem):
    status = HTTPStatus.CONFLICT
    code = "telegram_not_offered"
    en = "There is no Telegram bot here."
    ru = "Бота в Telegram здесь нет."


class TelegramChatOut(ApiOutput):
    """A chat in which one is told what happens. `name` is what Telegram calls the person there."""

    id: UUID
    name: str
    bound_at: datetime

    @classmethod
    def of(cls, address: AddressColumns) -> "TelegramChatOut":
        return cls(id=address.id, name=address.device, bound_at=address.created_at)


class TelegramOut(ApiOutput):
    """One's chats. `bot` is the name of the bot; null: Telegram is not offered here."""

    bot: str | None
    chats: list[TelegramChatOut]


class TelegramLinkOut(ApiOutput):
    """Opened on the phone where Telegram is, it ties the chat there to oneself, once.

    `qr` is the same as a picture for that phone: a data: address.
    """

    link: str
    qr: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Chatters:
    """The people of one service. `me` is the FastAPI dependency that gives the Holder who sent the request."""

    notices: Notices
    updates: Updates
    me: Any


def chat_routes(chatters: Chatters) -> APIRouter:
    """`/me/telegram`."""
    router = APIRouter(prefix="/api/v1/me/telegram", route_class=CheckedRoute, tags=["notifications"])
    notices, updates = chatters.notices, chatters.updates

    async def get_telegram(session: Reading, ports: SharedPorts, me: Holder = chatters.me) -> TelegramOut:
        """Whether there is a bot to talk to, and the chats that are one's own."""
        chats = await notices.bound(session, me.id, NAME)
        bot = ports.settings.telegram_bot if ports.settings.telegram_token else None
        return TelegramOut(bot=bot, chats=[TelegramChatOut.of(one) for one in chats])

    async def make_telegram_link(
        session: WriteSession, now: Now, ports: SharedPorts, me: Holder = chatters.me
    ) -> TelegramLinkOut:
        """A link to the bot by which whoever opens it is told what one is told. It works once, for 15 minutes.

        Asked again it gives another one; nothing comes of those that nobody opens.
        """
        settings = ports.settings
        if not settings.telegram_token:
            raise TelegramNotOffered
        await ports.limits.hit("telegram_links_per_account", str(me.id))
        await enter(session, SYSTEM)  # links are for the bot to look up, and for nobody to read
        token = await updates.make_link(session, me.id, now=now)
        link = f"https://t.me/{settings.telegram_bot}?start={token}"
        picture = segno.make_qr(link).svg_data_uri(scale=4, light="#fff")
        return TelegramLinkOut(link=link, qr=picture, expires_at=now + LINK_LENGTH)

    async def leave_telegram(chat_id: UUID, session: WriteSession, me: Holder = chatters.me) -> None:
        """Be told nothing in that chat any more."""
        chats = await notices.bound(session, me.id, NAME)
        if chat_id not in [one.id for one in chats]:
            raise NotFound
        await notices.unbind(session, me.id, chat_id)

    router.get("")(get_telegram)
    router.post("", status_code=HTTPStatus.CREATED)(make_telegram_link)
    router.delete("/{chat_id}", status_code=HTTPStatus.NO_CONTENT)(leave_telegram)
    return router
