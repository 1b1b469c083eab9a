"""A step of a conversation: in which transaction, in which chat, with whom, and what they said."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.policy import Policy
from bpa_service.experts import queries as experts
from bpa_service.experts import scopes
from bpa_service.experts.domain import Expert
from bpa_service.notifications.notices import notices
from bpa_service.telegram import texts
from service_kit.chats.heard import Heard
from service_kit.chats.saying import Button, Language, Saying
from service_kit.db import SYSTEM, Session, enter
from service_kit.telegram.messenger import NAME, TELEGRAM

Rows = Sequence[Sequence[Button]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a conversation works with: where the desk and the bot are, and the times that hold for cases."""

    public_url: str
    bot: str
    policy: Policy

    @property
    def me(self) -> str:
        """Where one ties a chat."""
        return f"{self.public_url}/me"

    @property
    def chat(self) -> str:
        return TELEGRAM.chat(self.bot)

    def case(self, case_id: UUID) -> str:
        return f"{self.public_url}/cases/{case_id}"


@dataclass(slots=True, kw_only=True)
class Talk:
    """`expert` is whose chat it is; None where it is nobody's yet."""

    session: Session
    now: datetime
    means: Means
    chat_id: int
    heard: Heard
    expert: Expert | None
    language: Language

    def say(self, key: str, buttons: Rows = (), **values: object) -> list[Saying]:
        return [Saying(html=texts.html(self.language, key, **values), buttons=buttons)]

    def label(self, key: str, **values: object) -> str:
        return texts.words(self.language, key, **values)

    @property
    def pressed_message(self) -> int | None:
        """The message below which a button was pressed."""
        return self.heard.press.message_id if self.heard.press else None

    @asynccontextmanager
    async def acting(self, expert: Expert) -> AsyncGenerator[ExpertActing]:
        """An act of the expert's: walls hold for it as for a request of theirs.

        One that is refused ends the transaction: nothing of the step is kept.
        """
        await enter(self.session, scopes.of(expert))
        yield ExpertActing(session=self.session, policy=self.means.policy, now=self.now, by=expert)
        await self.session.flush()
        await enter(self.session, SYSTEM)


async def begin(session: Session, now: datetime, means: Means, chat_id: int, heard: Heard) -> Talk:
    """The step at its beginning. Whoever writes again after having blocked the bot is reached again."""
    expert, language = None, heard.language
    expert_id = await notices.person_at(session, NAME, str(chat_id))
    if expert_id is not None and heard.is_private:
        expert = await experts.expert(session, expert_id)
        language = (await experts.languages(session, {expert_id})).get(expert_id, language)
        if not heard.has_left:
            await notices.revive(session, NAME, str(chat_id))
    return Talk(
        session=session,
        now=now,
        means=means,
        chat_id=chat_id,
        heard=heard,
        expert=expert,
        language=language,
    )
