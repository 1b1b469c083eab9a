"""What a service's worker does for its bot beside answering: it takes in what comes, and offers the commands."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

import structlog

from service_kit.db import Database
from service_kit.notifying.channels import ChannelAway, MessageUndeliverable
from service_kit.processes import Job
from service_kit.settings import ServiceSettings
from service_kit.telegram.bot import TelegramBot
from service_kit.telegram.polling import poll, set_up_webhook
from service_kit.telegram.updates import WEBHOOK, Updates, webhook_secret

log = structlog.get_logger(__name__)

RETRY_INTERVAL: Final = 5.0


def receive(settings: ServiceSettings, database: Database, updates: Updates, bot: TelegramBot) -> Job:
    """Have updates come: by the webhook, or where Telegram cannot reach us by asking for them."""
    if not settings.telegram_comes_by_webhook:
        return poll(database, updates, bot)
    secret = webhook_secret(settings.telegram_token)
    return set_up_webhook(bot, f"{settings.public_url}{WEBHOOK}", secret=secret)


async def offer_commands(bot: TelegramBot, menu: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Once at each start, as soon as Telegram is there."""
    while True:
        try:
            await bot.offer(menu)
        except (ChannelAway, MessageUndeliverable) as error:
            log.warning("telegram_commands_not_offered", error=str(error))
            await asyncio.sleep(getattr(error, "retry_after", None) or RETRY_INTERVAL)
        else:
            await asyncio.Event().wait()
