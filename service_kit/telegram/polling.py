"""Fetching updates, where Telegram cannot bring them: on a machine that has no address of its own."""

import asyncio
from typing import Final

import structlog
from sqlalchemy import func, select

from service_kit.db import Database, Session, database_now, is_database_away
from service_kit.notifying.channels import ChannelAway, MessageUndeliverable
from service_kit.telegram.bot import TelegramBot
from service_kit.telegram.updates import Updates

log = structlog.get_logger(__name__)

LOCK_KEY: Final = 7_215_004
RETRY_INTERVAL: Final = 1.0
LONGEST_RETRY: Final = 30.0


async def poll(database: Database, updates: Updates, bot: TelegramBot) -> None:
    """Keep what comes until cancelled. One process at a time: Telegram answers the last one that asks."""
    while True:
        try:
            async with database.pool.guard() as guard:
                while not await guard.scalar(select(func.pg_try_advisory_lock(LOCK_KEY))):  # noqa: ASYNC110 - no event
                    await asyncio.sleep(RETRY_INTERVAL)
                await _poll_under_lock(guard, database, updates, bot)
        except Exception as error:
            if not is_database_away(error):
                raise
            log.warning("database_away", error=repr(error))
        await asyncio.sleep(RETRY_INTERVAL)


async def _poll_under_lock(guard: Session, database: Database, updates: Updates, bot: TelegramBot) -> None:
    async with database.writing() as session:
        after = await updates.newest(session)
    pause, has_webhook = RETRY_INTERVAL, True
    while True:
        try:
            if has_webhook:
                await bot.come_by_polling()
                has_webhook = False
            came = await bot.updates(after)
        except (ChannelAway, MessageUndeliverable) as error:
            log.warning("telegram_away", error=str(error))
            await asyncio.sleep(getattr(error, "retry_after", None) or pause)
            pause, has_webhook = min(pause * 2, LONGEST_RETRY), True
            continue
        finally:
            await guard.scalar(select(1))
        pause = RETRY_INTERVAL
        if not came:
            continue
        # Asking for what comes after these tells Telegram to forget them: not before they are kept.
        async with database.writing() as session:
            now = await database_now(session)
            for body in came:
                await updates.keep(session, body, now=now)
        after = max(body["update_id"] for body in came)


async def set_up_webhook(bot: TelegramBot, url: str, *, secret: str) -> None:
    """Have Telegram bring updates to the address. Goes on until it has agreed, and then rests until cancelled."""
    pause = RETRY_INTERVAL
    while True:
        try:
            await bot.come_by_webhook(url, secret=secret)
        except (ChannelAway, MessageUndeliverable) as error:
            log.warning("telegram_webhook_not_set", error=str(error))
            await asyncio.sleep(getattr(error, "retry_after", None) or pause)
            pause = min(pause * 2, LONGEST_RETRY)
        else:
            log.info("telegram_webhook_set", url=url)
            await asyncio.Event().wait()
