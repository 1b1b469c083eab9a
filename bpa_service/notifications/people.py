"""Experts, as the sender has to know them: where they are reached, and in which words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bpa_service.experts import queries as experts
from bpa_service.experts.domain import Language
from bpa_service.notifications import texts
from bpa_service.notifications.kinds import URGENCY, NotificationKind
from bpa_service.notifications.notices import notices
from service_kit.db import Session
from service_kit.notifying.channels import Wording
from service_kit.notifying.people import Reach
from service_kit.notifying.rules import Urgency
from service_kit.notifying.tables import NotificationColumns


@dataclass(frozen=True, slots=True)
class Experts:
    """`public_url` is the desk, where an expert's links lead."""

    public_url: str

    def urgency_of(self, kind: str) -> Urgency:
        return URGENCY[kind]

    async def reach(self, session: Session, person_ids: Collection[UUID]) -> Mapping[UUID, Reach]:
        """A chat goes before a screen, which may stand in another room."""
        found = await notices.reached(session, person_ids)
        return {expert_id: Reach(addresses) for expert_id, addresses in found.items()}

    async def words(
        self, session: Session, notifications: Sequence[NotificationColumns]
    ) -> Mapping[UUID, Wording]:
        languages = await experts.languages(session, {one.person_id for one in notifications})
        return {
            one.id: self._wording(one, languages[one.person_id])
            for one in notifications
            if one.withdrawn_at is None
        }

    def _wording(self, one: NotificationColumns, language: Language) -> Wording:
        if one.kind == NotificationKind.TEST:
            return texts.test_message(language, link=f"{self.public_url}/")
        link = f"{self.public_url}/cases/{one.subject_id}"
        return texts.notification(one.kind, language, number=one.number, link=link)

    async def together(self, session: Session, newest: NotificationColumns, count: int) -> Wording:
        languages = await experts.languages(session, {newest.person_id})
        link = f"{self.public_url}/"
        return texts.together(newest.kind, languages[newest.person_id], count=count, link=link)

    async def told(
        self, session: Session, notification: NotificationColumns, channel: str, at: datetime
    ) -> None:
        """Nothing follows from it that an expert was told."""
