"""Reading what people were told, for them and for support."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from service_kit.db import ReadSession
from service_kit.notifying import rules
from service_kit.notifying.notices import Notices
from service_kit.notifying.tables import DeliveryColumns, NotificationColumns


@dataclass(frozen=True, slots=True)
class Told:
    """A notification and what became of it on the channels that it took, in the order of their turns."""

    notification: NotificationColumns
    deliveries: Sequence[DeliveryColumns]

    @property
    def state(self) -> str:
        """As `rules.summary` has it."""
        return rules.summary(
            [one.state for one in self.deliveries],
            is_planned=self.notification.escalate_at is not None,
            is_withdrawn=self.notification.withdrawn_at is not None,
        )


async def newest(session: ReadSession, notices: Notices, person_id: UUID, *, most: int) -> list[Told]:
    """What the person was told last, the youngest first; without what only a newer version has words for."""
    told, sent = notices.notifications, notices.deliveries
    of_person = (
        select(told)
        .where(told.person_id == person_id, told.kind.in_(notices.kinds))
        .order_by(told.created_at.desc())
    )
    found = (await session.scalars(of_person.limit(most))).all()
    deliveries: defaultdict[UUID, list[DeliveryColumns]] = defaultdict(list)
    of_them = select(sent).where(sent.notification_id.in_([one.id for one in found]))
    for one in await session.scalars(of_them.order_by(sent.id)):
        deliveries[one.notification_id].append(one)
    return [Told(one, deliveries[one.id]) for one in found]
