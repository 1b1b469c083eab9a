"""Taking buttons away that would take a case, once there is nothing to take.

A message loses its button in one edit, or keeps it where Telegram allows none: whoever presses it is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import select

from bpa_service.cases.holding import queries as holding
from bpa_service.cases.holding.queries import NotFree
from bpa_service.experts import queries as experts
from bpa_service.notifications.notices import notices
from bpa_service.telegram import offers, texts
from bpa_service.telegram.models import TelegramOffer
from service_kit import locks
from service_kit.chats.saying import Saying, escape, with_link
from service_kit.db import Database, database_now
from service_kit.notifying.channels import MessageUndeliverable, Pace
from service_kit.notifying.rows import among
from service_kit.telegram.bot import MessageGone, TelegramBot
from service_kit.telegram.messenger import NAME

log = structlog.get_logger(__name__)

# Of the 30 a second that Telegram takes of a bot, notifications may have 25.
EDITS_A_SECOND: Final = 3
EDITED_AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class _Void:
    """A message with a button for a case that nobody can take."""

    chat_id: int
    message_id: int
    case_id: UUID
    case: NotFree


class Offers:
    """Takes buttons away. One process at a time does, at a pace that leaves room for what is to be told."""

    def __init__(self, database: Database, bot: TelegramBot, *, public_url: str) -> None:
        self._database = database
        self._bot = bot
        self._public_url = public_url
        self._pace = Pace(EDITS_A_SECOND)

    async def refresh(self) -> None:
        """Take away what stands there in vain, some of it. Raises ChannelAway where Telegram is away."""
        void = await self._void()
        if not void:
            return
        async with self._database.pool.guard() as guard:
            if await locks.hold_for_connection_if_free(guard, "telegram_offers"):
                for one in void:
                    await self._take_away(one)

    async def _void(self) -> Sequence[_Void]:
        """The youngest first: those are looked at."""
        table = TelegramOffer
        async with self._database.reading() as session:
            offered = (await session.scalars(select(table.case_id).distinct())).all()
            if not offered:
                return []
            over = await holding.not_free(session, offered, now=await database_now(session))
            # Read after the cases: who took one by a message had that one dropped in the same transaction.
            rows = await session.scalars(
                select(table)
                .where(among(table.case_id, over))
                .order_by(table.made_at.desc(), table.message_id)
                .limit(EDITED_AT_ONCE)
            )
            return [_Void(one.chat_id, one.message_id, one.case_id, over[one.case_id]) for one in rows]

    async def _take_away(self, void: _Void) -> None:
        await self._pace.turn()
        saying, is_dead = await self._saying(void), False
        if saying is not None:
            try:
                await self._bot.edit(void.chat_id, void.message_id, saying)
            except MessageGone:
                pass
            except MessageUndeliverable as error:
                log.warning("telegram_offer_stays", error=str(error))
                is_dead = error.is_dead
        async with self._database.writing() as session:
            await offers.drop(session, void.chat_id, void.message_id)
            if is_dead:
                await notices.bury(session, NAME, str(void.chat_id), now=await database_now(session))

    async def _saying(self, void: _Void) -> Saying | None:
        """None where a press has changed the message meanwhile, or the chat is nobody's any more."""
        table, about = TelegramOffer, void.case
        async with self._database.reading() as session:
            stands = await session.get(table, (void.chat_id, void.message_id))
            expert_id = await notices.person_at(session, NAME, str(void.chat_id))
            if stands is None or expert_id is None:
                return None
            language = (await experts.languages(session, {expert_id}))[expert_id]
        key = "offer.over" if about.holder_id is None else "offer.taken"
        if about.holder_id == expert_id:
            key = "taken"
        said = f"<b>{escape(texts.words(language, key, number=about.number))}</b>"
        link = f"{self._public_url}/cases/{void.case_id}"
        return with_link(said, texts.words(language, "open"), link)
