"""Fetching updates, where a messenger cannot bring them: on a machine that has no address of its own."""

import asyncio
from typing import Final

import structlog
from sqlalchemy import func, select

from service_kit.chats.bot import Bot
from service_kit.chats.updates import Updates
from service_kit.db import Database, Session, database_now, is_database_away
from service_kit.notifying.channels import ChannelAway, MessageUndeliverable

log = structlog.get_logger(__name__)

RETRY_INTERVAL: Final = 1.0
LONGEST_RETRY: Final = 30.0
RENEWED_EVERY: Final = 3600.0


async def poll(database: Database, updates: Updates, bot: Bot) -> None:
    """Keep what comes until cancelled. One process at a time: a messenger answers the last one that asks."""
    while True:
        try:
            async with database.pool.guard() as guard:
                lock = func.pg_try_advisory_lock(updates.messenger.polling_lock)
                while not await guard.scalar(select(lock)):  # noqa: ASYNC110 - no event
                    await asyncio.sleep(RETRY_INTERVAL)
                await _poll_under_lock(guard, database, updates, bot)
        except Exception as error:
            if not is_database_away(error):
                raise
            log.warning("database_away", error=repr(error))
        await asyncio.sleep(RETRY_INTERVAL)


async def _poll_under_lock(guard: Session, database: Database, updates: Updates, bot: Bot) -> None:
    # At first nothing is said to have been taken: what comes again is known by its number.
    after: int | None = None
    pause, has_webhook = RETRY_INTERVAL, True
    while True:
        try:
            if has_webhook:
                await bot.come_by_polling()
                has_webhook = False
            came, next_after = await bot.updates(after)
        except (ChannelAway, MessageUndeliverable) as error:
            log.warning("messenger_away", messenger=updates.messenger.name, error=str(error))
            await asyncio.sleep(getattr(error, "retry_after", None) or pause)
            pause, has_webhook = min(pause * 2, LONGEST_RETRY), True
            continue
        finally:
            await guard.scalar(select(1))
        pause = RETRY_INTERVAL
        # Asking for what comes after these tells the messenger to forget them: not before they are kept.
        async with database.writing() as session:
            now = await database_now(session)
            for body in came:
                await updates.keep(session, body, now=now)
        after = next_after


async def set_up_webhook(name: str, bot: Bot, url: str, *, secret: str) -> None:
    """Have a messenger bring updates to the address, until cancelled.

    Said again each hour: one that could not reach us for long may have given the address up.
    """
    pause = RETRY_INTERVAL
    while True:
        try:
            await bot.come_by_webhook(url, secret=secret)
        except (ChannelAway, MessageUndeliverable) as error:
            log.warning("webhook_not_set", messenger=name, error=str(error))
            await asyncio.sleep(getattr(error, "retry_after", None) or pause)
            pause = min(pause * 2, LONGEST_RETRY)
        else:
            log.info("webhook_set", messenger=name, url=url)
            pause = RETRY_INTERVAL
            await asyncio.sleep(RENEWED_EVERY)
