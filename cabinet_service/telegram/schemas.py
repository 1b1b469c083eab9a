"""Chats as the API speaks of them."""

from datetime import datetime
from uuid import UUID

from service_kit.http.schemas import ApiOutput
from service_kit.notifying.tables import AddressColumns


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
    """Opened on the phone where Telegram is, it ties the chat there to one's account, once."""

    link: str
    expires_at: datetime
