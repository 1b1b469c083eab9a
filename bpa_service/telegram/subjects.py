"""What a notification says in a chat beyond its words: how much time is left, and a button to take the case."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

import structlog

from bpa_service.cases.core.domain import VERDICT_ROLES
from bpa_service.cases.holding import queries as holding
from bpa_service.experts import queries as experts
from bpa_service.notifications.kinds import UNTIL_CLAIMED, NotificationKind
from bpa_service.notifications.notices import notices
from bpa_service.sla import queries as sla
from bpa_service.telegram import offers, taking, times
from service_kit.chats.saying import Saying, escape, plainly
from service_kit.db import Database, database_now
from service_kit.notifying.channels import Message
from service_kit.telegram.messenger import NAME

log = structlog.get_logger(__name__)

LOUD: Final[Collection[str]] = frozenset(NotificationKind)
IN_STATUS: Final[Collection[str]] = frozenset()


class CaseSubjects:
    """The `Subjects` of bpa."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def show(self, chat_id: int, subject_id: UUID) -> None:
        """Experts see at the desk how a case stands."""

    async def saying(self, message: Message) -> Saying | None:
        """None for a case that is gone, or a chat that is nobody's any more."""
        if message.subject_id is None:
            return None
        async with self._database.reading() as session:
            expert_id = await notices.person_at(session, NAME, message.to)
            clock = await sla.clock_of(session, message.subject_id)
            expert = await experts.expert(session, expert_id) if expert_id else None
            if expert is None or clock is None:
                return None
            language = (await experts.languages(session, {expert.id}))[expert.id]
            now = await database_now(session)
        said = plainly(message.wording)
        lines = [times.left(clock, now, language)]
        if message.kind == NotificationKind.AT_RISK and (used := times.used(clock, now, language)):
            lines.insert(0, used)
        rows = list(said.buttons)
        if message.kind in UNTIL_CLAIMED and expert.role in VERDICT_ROLES:
            rows.insert(0, [taking.button(message.subject_id, language)])
        title, _, rest = said.html.partition("\n")
        return Saying(html="\n".join([title, escape(" · ".join(lines)), rest]), buttons=rows)

    async def said(self, message: Message, saying: Saying, message_id: int) -> None:
        """A button to take the case is known from here on, to be taken away in time.

        One that the expert has pressed already is none any more: then the case is theirs.
        """
        case_id = message.subject_id
        if case_id is None or not taking.is_offered(saying):
            return
        try:
            async with self._database.writing() as session:
                now = await database_now(session)
                over = (await holding.not_free(session, {case_id}, now=now)).get(case_id)
                holder_id = over.holder_id if over else None
                if holder_id is None or holder_id != await notices.person_at(session, NAME, message.to):
                    await offers.keep(session, int(message.to), message_id, case_id, now=now)
        except Exception:  # a button that stays is answered: what was said is not said again for it
            log.exception("telegram_offer_not_kept", message_id=str(message.message_id))
