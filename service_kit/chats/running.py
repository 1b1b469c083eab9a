"""What a service's worker does for its bot beside answering: it takes in what comes, keeps up what it said."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from service_kit.chats.bot import Bot, BotWithMenu, Menu
from service_kit.chats.polling import poll, set_up_webhook
from service_kit.chats.updates import Updates, webhook_secret
from service_kit.db import Database, is_database_away
from service_kit.notifying.channels import ChannelAway, MessageUndeliverable
from service_kit.processes import Job
from service_kit.settings import ServiceSettings

log = structlog.get_logger(__name__)

RETRY_INTERVAL: Final = 5.0
KEPT_UP_EVERY: Final = 2.0


def receive(settings: ServiceSettings, database: Database, updates: Updates, bot: Bot, token: str) -> Job:
    """Have updates come: by the webhook, or where messengers cannot reach us by asking for them."""
    if not settings.is_reached_from_outside:
        return poll(database, updates, bot)
    messenger = updates.messenger
    address = f"{settings.public_url}{messenger.webhook}"
    return set_up_webhook(messenger.name, bot, address, secret=webhook_secret(messenger, token))


async def offer_commands(bot: BotWithMenu, menu: Menu) -> None:
    """Once at each start, as soon as the messenger is there."""
    while True:
        try:
            await bot.offer(menu)
        except (ChannelAway, MessageUndeliverable) as error:
            log.warning("commands_not_offered", error=str(error))
            await asyncio.sleep(getattr(error, "retry_after", None) or RETRY_INTERVAL)
        else:
            await asyncio.Event().wait()


async def keep_up(refresh: Callable[[], Awaitable[None]]) -> None:
    """Change what is no longer so in messages that stand in chats, again and again, until cancelled."""
    while True:
        wait = KEPT_UP_EVERY
        try:
            await refresh()
        except ChannelAway as error:
            wait = error.retry_after or RETRY_INTERVAL
        except Exception as error:
            if not is_database_away(error):
                log.exception("chat_messages_not_kept_up")
            wait = RETRY_INTERVAL
        await asyncio.sleep(wait)
