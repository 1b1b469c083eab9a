"""A chat's one message about each inspection, changed in place as the inspection goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import Client, Language
from cabinet_service.inspections.answers import queries as answers
from cabinet_service.inspections.clocks import queries as clocks
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.domain import OVER
from cabinet_service.notifications.notices import notices
from cabinet_service.telegram import texts
from cabinet_service.telegram.models import TelegramStatus
from cabinet_service.telegram.talk import Place
from service_kit import locks
from service_kit.chats.saying import Saying, escape, shortened, with_link
from service_kit.db import Database, ReadSession, Session, database_now
from service_kit.http.problems import NotFound
from service_kit.notifying.channels import MessageUndeliverable
from service_kit.telegram.bot import MessageGone, TelegramBot
from service_kit.telegram.messenger import NAME
from shared_schemas.clock import reckon
from shared_schemas.words import InspectionState

log = structlog.get_logger(__name__)

SHOWN_AT_ONCE: Final = 50
MAX_SUMMARY: Final = 1500
# From here on it stands as it stands, but for a dispute, of which whoever is told is told anew.
_RESTS: Final = OVER | {InspectionState.ANSWERED}
_RUNS: Final = frozenset(InspectionState) - OVER - {InspectionState.ANSWERED, InspectionState.DRAFT}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a chat is to read of an inspection, and by which version of it that is so."""

    saying: Saying
    version: int
    is_over: bool


async def standing(
    session: ReadSession, inspection_id: UUID, client: Client, place: Place, *, now: datetime
) -> Standing:
    """How it stands, in words. Raises NotFound for one that the client does not see."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    language, state = client.language, inspection.state
    named = inspection.identifier or inspection.plate
    lines = [f"<b>{escape(inspection.number)}</b>" + (f" · {escape(named)}" if named else "")]
    lines.append(texts.html(language, f"state.{state}"))
    clock = await clocks.clock(session, inspection_id) if state in _RUNS else None
    if clock is not None and reckon(clock, now).breached:
        lines.append(texts.html(language, "late"))
    if state in _RESTS or state is InspectionState.DISPUTED:
        lines += await answer_lines(session, inspection_id, language)
    saying = with_link("\n".join(lines), texts.words(language, "open"), place.inspection(inspection_id))
    return Standing(saying, inspection.version, state in _RESTS)


async def answer_lines(session: ReadSession, inspection_id: UUID, language: Language) -> list[str]:
    """The verdict in words, and what the expert wrote; nothing while there is no answer."""
    versions = await answers.decisions(session, inspection_id)
    if not versions:
        return []
    body = versions[-1].body
    lines = [f"\n<b>{texts.html(language, 'verdict.' + body['verdict'])}</b>"]
    lines += [
        escape(shortened(said, MAX_SUMMARY)) for said in (body.get("summary"), body.get("advice")) if said
    ]
    if findings := body.get("findings"):
        lines.append(texts.html(language, "findings", count=len(findings)))
    return lines


class Statuses:
    """Says them and keeps them up to date."""

    def __init__(self, database: Database, bot: TelegramBot, place: Place) -> None:
        self._database = database
        self._bot = bot
        self._place = place

    async def show(self, chat_id: int, inspection_id: UUID) -> None:
        """Let the chat read how the inspection stands: in the message that it has, or in a new one.

        A new one is said by one of those who want it, and the others leave it to them: the sender of
        notifications does, and `refresh`, in whatever process. Raises what a channel raises.
        """
        if await self._message_of(chat_id, inspection_id) is not None:
            await self._show(chat_id, inspection_id)
            return
        async with self._database.pool.guard() as guard:
            if await locks.hold_for_connection_if_free(guard, f"telegram_status:{chat_id}:{inspection_id}"):
                await self._show(chat_id, inspection_id)

    async def _message_of(self, chat_id: int, inspection_id: UUID) -> int | None:
        async with self._database.reading() as session:
            status = await session.get(TelegramStatus, (chat_id, inspection_id))
            return status.message_id if status else None

    async def _show(self, chat_id: int, inspection_id: UUID) -> None:
        async with self._database.writing() as session:
            status = await session.get(TelegramStatus, (chat_id, inspection_id))
            message_id, shown = (status.message_id, status.shown_version) if status else (None, -1)
            now_stands = await self._standing(session, chat_id, inspection_id)
        if now_stands is None or (message_id is not None and shown == now_stands.version):
            return
        said = await self._say(chat_id, message_id, now_stands.saying)
        async with self._database.writing() as session:
            await keep(session, chat_id, inspection_id, now_stands, message_id=said)

    async def _say(self, chat_id: int, message_id: int | None, saying: Saying) -> int:
        if message_id is not None:
            try:
                await self._bot.edit(chat_id, message_id, saying)
            except MessageGone:
                pass
            else:
                return message_id
        return await self._bot.say(chat_id, Saying(html=saying.html, buttons=saying.buttons, is_silent=True))

    async def _standing(self, session: Session, chat_id: int, inspection_id: UUID) -> Standing | None:
        account_id = await notices.person_at(session, NAME, str(chat_id))
        client = await accounts.client(session, account_id) if account_id else None
        if client is None:
            return None
        try:
            now = await database_now(session)
            return await standing(session, inspection_id, client, self._place, now=now)
        except NotFound:
            return None

    async def refresh(self) -> None:
        """Change what is no longer so. Raises ChannelAway where Telegram is away."""
        for chat_id, inspection_id in await self._outdated():
            try:
                await self.show(chat_id, inspection_id)
            except MessageUndeliverable as error:
                log.warning("telegram_status_undeliverable", error=str(error))
                async with self._database.writing() as session:
                    if error.is_dead:
                        now = await database_now(session)
                        await notices.bury(session, NAME, str(chat_id), now=now)
                    await _end(session, chat_id, inspection_id)

    async def _outdated(self) -> list[tuple[int, UUID]]:
        async with self._database.reading() as session:
            open_ones = (await session.scalars(select(TelegramStatus).where(~TelegramStatus.is_over))).all()
            versions = await inspections.versions_of(session, {one.inspection_id for one in open_ones})
        outdated = [
            (one.chat_id, one.inspection_id)
            for one in open_ones
            if one.message_id is None or versions.get(one.inspection_id, -1) != one.shown_version
        ]
        return outdated[:SHOWN_AT_ONCE]


async def want(session: Session, chat_id: int, inspection_id: UUID) -> None:
    """Have the chat told how the inspection stands, as soon as this is committed."""
    values = {"message_id": None, "shown_version": -1, "is_over": False}
    await session.execute(
        insert(TelegramStatus)
        .values(chat_id=chat_id, inspection_id=inspection_id, **values)
        .on_conflict_do_update(
            index_elements=[TelegramStatus.chat_id, TelegramStatus.inspection_id], set_={"is_over": False}
        )
    )


async def keep(
    session: Session, chat_id: int, inspection_id: UUID, stands: Standing, *, message_id: int
) -> None:
    """Note what the chat reads now."""
    values = {"message_id": message_id, "shown_version": stands.version, "is_over": stands.is_over}
    await session.execute(
        insert(TelegramStatus)
        .values(chat_id=chat_id, inspection_id=inspection_id, **values)
        .on_conflict_do_update(
            index_elements=[TelegramStatus.chat_id, TelegramStatus.inspection_id], set_=values
        )
    )


async def _end(session: Session, chat_id: int, inspection_id: UUID) -> None:
    table = TelegramStatus
    of_chat: Sequence[object] = (table.chat_id == chat_id, table.inspection_id == inspection_id)
    await session.execute(update(table).where(*of_chat).values(is_over=True))  # pyright: ignore[reportArgumentType] - conditions of this table
