"""What differs between messengers, as far as a process knows without speaking to one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service_kit.notifying.channels import Manners


@dataclass(frozen=True, slots=True)
class Place:
    """Where an update belongs: its number, the chat, and the album that it is a part of."""

    update_id: int
    chat_id: int
    album: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Messenger:
    """`name` is that of the channel, and of the address under /me and of the webhook.

    `place_of` says where an update belongs; None: nobody could answer it. `links` is the address that opens the
    chat with a bot, with `{bot}` for its name, and takes `?start=` and a token. `secret_header` has the secret of
    the webhook. The locks are PostgreSQL's: one process fetches, and one answers.
    """

    name: str
    title: str
    manners: Manners
    links: str
    secret_header: str
    place_of: Callable[[Mapping[str, Any]], Place | None]
    polling_lock: int
    answering_lock: int

    @property
    def webhook(self) -> str:
        """Where the messenger brings updates, if it can."""
        return f"/{self.name}/updates"

    def chat(self, bot: str) -> str:
        """The chat with the bot."""
        return self.links.format(bot=bot)
