"""What a notification says in a chat beyond its words: the question itself, or the answer."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from cabinet_service.accounts import queries as accounts
from cabinet_service.notifications.kinds import ANSWERS, NotificationKind
from cabinet_service.notifications.notices import notices
from cabinet_service.telegram import questions, statuses
from cabinet_service.telegram.statuses import Statuses
from service_kit.chats.saying import Saying, escape, with_link
from service_kit.db import Database
from service_kit.notifying.channels import Message
from service_kit.telegram.messenger import NAME

IN_STATUS: Final[Collection[str]] = frozenset({NotificationKind.LATE, NotificationKind.EXPIRED})


class InspectionSubjects:
    """The `Subjects` of cabinet."""

    def __init__(self, database: Database, shown: Statuses) -> None:
        self._database = database
        self._statuses = shown

    async def show(self, chat_id: int, subject_id: UUID) -> None:
        await self._statuses.show(chat_id, subject_id)

    async def saying(self, message: Message) -> Saying | None:
        if message.subject_id is None or (message.kind not in ANSWERS and message.task_id is None):
            return None
        async with self._database.reading() as session:
            account_id = await notices.person_at(session, NAME, message.to)
            client = await accounts.client(session, account_id) if account_id else None
            if client is None:
                return None
            if message.task_id is not None:
                title = message.wording.title
                return await questions.asked(session, message.task_id, title, client.language)
            lines = await statuses.answer_lines(session, message.subject_id, client.language)
        html = "\n".join([f"<b>{escape(message.wording.title)}</b>", *lines])
        return with_link(html, message.wording.action, message.wording.link)

    async def said(self, message: Message, saying: Saying, message_id: int) -> None:
        """What was asked or answered stays as it was said."""
