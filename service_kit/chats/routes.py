"""One's chats in a messenger: tied to oneself by a link, shown, and untied. The routes that services share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

import segno
from fastapi import APIRouter

from service_kit.chats.updates import LINK_LENGTH, Updates
from service_kit.db import SYSTEM, enter
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.holders import Holder
from service_kit.http.problems import NotFound, Problem
from service_kit.http.route import CheckedRoute
from service_kit.http.schemas import ApiOutput
from service_kit.notifying.notices import Notices
from service_kit.notifying.tables import AddressColumns
from service_kit.ports import SharedPorts
from service_kit.settings import ServiceSettings


class TelegramNotOffered(Problem):
    status = HTTPStatus.CONFLICT
    code = "telegram_not_offered"
    en = "There is no Telegram bot here."
    ru = "Бота в Telegram здесь нет."


class ChatOut(ApiOutput):
    """A chat in which one is told what happens. `name` is what the messenger calls the person there."""

    id: UUID
    name: str
    bound_at: datetime

    @classmethod
    def of(cls, address: AddressColumns) -> "ChatOut":
        return cls(id=address.id, name=address.device, bound_at=address.created_at)


class MessengerOut(ApiOutput):
    """One's chats. `bot` is the name of the bot; null: the messenger is not offered here."""

    bot: str | None
    chats: list[ChatOut]


class ChatLinkOut(ApiOutput):
    """Opened on the phone where the messenger is, it ties the chat there to oneself, once.

    `qr` is the same as a picture for that phone: a data: address.
    """

    link: str
    qr: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Chatters:
    """The people of one service, in one messenger. `me` and `tying` are FastAPI dependencies.

    `bot` gives the name of the bot out of the settings, or None where there is none; then a link is refused by
    `not_offered`. `limit` is how many links an account may have. `me` gives the Holder who sent the request,
    `tying` the same for whoever may tie a chat or untie one.
    """

    notices: Notices
    updates: Updates
    bot: Callable[[Any], str | None]
    not_offered: type[Problem]
    limit: str
    me: Any
    tying: Any


def chat_routes(chatters: Chatters) -> APIRouter:
    """`/me/` and the name of the messenger."""
    notices, updates, messenger = chatters.notices, chatters.updates, chatters.updates.messenger
    name, not_offered = messenger.name, chatters.not_offered
    router = APIRouter(prefix=f"/api/v1/me/{name}", route_class=CheckedRoute, tags=["notifications"])

    async def get_chats(session: Reading, ports: SharedPorts, me: Holder = chatters.me) -> MessengerOut:
        """Whether there is a bot to talk to, and the chats that are one's own."""
        chats = await notices.bound(session, me.id, name)
        return MessengerOut(bot=chatters.bot(ports.settings), chats=[ChatOut.of(one) for one in chats])

    async def make_link(
        session: WriteSession, now: Now, ports: SharedPorts, me: Holder = chatters.tying
    ) -> ChatLinkOut:
        """A link to the bot by which whoever opens it is told what one is told. It works once, for 15 minutes.

        Asked again it gives another one; nothing comes of those that nobody opens.
        """
        bot = chatters.bot(ports.settings)
        if bot is None:
            raise not_offered
        await ports.limits.hit(chatters.limit, str(me.id))
        await enter(session, SYSTEM)  # links are for the bot to look up, and for nobody to read
        token = await updates.make_link(session, me.id, now=now)
        link = f"{messenger.chat(bot)}?start={token}"
        picture = segno.make_qr(link).svg_data_uri(scale=4, light="#fff")
        return ChatLinkOut(link=link, qr=picture, expires_at=now + LINK_LENGTH)

    async def leave_chat(chat_id: UUID, session: WriteSession, me: Holder = chatters.tying) -> None:
        """Be told nothing in that chat any more."""
        chats = await notices.bound(session, me.id, name)
        if chat_id not in [one.id for one in chats]:
            raise NotFound
        await notices.unbind(session, me.id, chat_id)

    router.get("", name=f"get_{name}")(get_chats)
    router.post("", status_code=HTTPStatus.CREATED, name=f"make_{name}_link")(make_link)
    router.delete("/{chat_id}", status_code=HTTPStatus.NO_CONTENT, name=f"leave_{name}")(leave_chat)
    return router


def telegram_chatters(*, notices: Notices, updates: Updates, me: Any, tying: Any) -> Chatters:
    """Those who talk to the bot in Telegram, which both services may have."""

    def bot(settings: ServiceSettings) -> str | None:
        return settings.telegram_bot if settings.telegram_token else None

    return Chatters(
        notices=notices,
        updates=updates,
        bot=bot,
        not_offered=TelegramNotOffered,
        limit="telegram_links_per_account",
        me=me,
        tying=tying,
    )
