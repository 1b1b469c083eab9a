"""What other slices write of notifications: the news of a case, for whom it concerns."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

from bpa_service.experts import queries as experts
from bpa_service.notifications.kinds import NEWS, NEWS_KINDS, UNTIL_CLAIMED
from bpa_service.notifications.models import Address, Choice, Delivery, Notification
from service_kit.db import Session
from service_kit.notifying.notices import CHANNEL, Notices
from service_kit.writes import Write

notices: Final = Notices(NEWS_KINDS, Notification, Delivery, Choice, Address, living=experts.living_sessions)

CLAIMED: Final = "case.claimed"
# Whom it concerns is one SELECT over people, shifts and cases, and goes along with what the act writes.
_TELL: Final = f"""
INSERT INTO notifications
    (id, event_id, expert_id, kind, case_id, case_number, created_at, escalate_at)
SELECT gen_random_uuid(), $1::uuid, person.id, $2::varchar, $3::uuid, $4::varchar, $5::timestamptz, $5
FROM experts AS person
LEFT JOIN shifts AS shift ON shift.expert_id = person.id AND shift.ended_at IS NULL
WHERE person.active AND person.id IS DISTINCT FROM $6::uuid
    AND (
        ('holder' = ANY ($8::text[]) AND person.id = $7::uuid)
        OR ('leads' = ANY ($8) AND person.role = 'shift_lead')
        OR ('leads_alone' = ANY ($8) AND person.role = 'shift_lead' AND NOT EXISTS (
            SELECT FROM experts AS senior
            WHERE senior.active AND senior.role = 'senior' AND senior.id IS DISTINCT FROM $10::uuid
        ))
        -- Nobody is called to a dispute that they may not answer.
        OR shift.id IS NOT NULL AND NOT ($9::boolean AND person.id IS NOT DISTINCT FROM $10) AND (
            ('seniors' = ANY ($8) AND person.role = 'senior')
            OR ('takers' = ANY ($8) AND person.role IN ('expert', 'senior') AND (
                person.role = 'senior' OR NOT $9
            ) AND NOT EXISTS (
                SELECT FROM cases WHERE cases.holder_id = person.id AND cases.lease_expires_at > $5
            ))
        )
    )
ON CONFLICT DO NOTHING
RETURNING pg_notify('{CHANNEL}', '')
"""  # noqa: S608 - our own name
# Locked in the order in which the sender locks them.
_WITHDRAW: Final = """
UPDATE notifications SET withdrawn_at = $2, escalate_at = NULL
FROM (
    SELECT id FROM notifications
    WHERE case_id = $1 AND withdrawn_at IS NULL AND kind = ANY ($3::text[])
    ORDER BY id FOR UPDATE
) AS open
WHERE notifications.id = open.id
RETURNING notifications.id
"""
_TABLES: Final = frozenset((Notification.__tablename__,))


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutCase:
    """The case that the news are of, as it stands now."""

    id: UUID
    number: str
    version: int
    holder_id: UUID | None
    disputed: bool
    answered_by: UUID | None


def tell(session: Session, what: str, case: AboutCase, *, by: UUID | None, now: datetime) -> None:
    """Have those told whom it concerns, if it is news, in the transaction in which it happened.

    `what` is the kind of its live hint; `by` brought it about. Once somebody has a case, nobody is called to it.
    """
    if what == CLAIMED:
        session.hold(Write(_WITHDRAW, (case.id, now, list(UNTIL_CLAIMED)), _TABLES))
    news = NEWS.get(what)
    if news is None:
        return
    event_id = uuid5(case.id, f"{case.version} {what}")
    audiences = list(news.audiences)
    values = (event_id, news.kind, case.id, case.number, now, by, case.holder_id, audiences)
    values += (case.disputed, case.answered_by)
    session.hold(Write(_TELL, values, _TABLES))
