"""Reminding whoever has to photograph a car."""

import math
from datetime import timedelta
from typing import Final, NamedTuple
from uuid import UUID

from cabinet_service.accounts import queries as accounts
from cabinet_service.audit import actors
from cabinet_service.inspections.board.errors import NobodyToRemind, RemindedLately
from cabinet_service.inspections.board.phases import STATES, Phase
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from service_kit import audit
from service_kit.db import as_system
from service_kit.ids import new_id
from service_kit.limiting import RateLimits

AT_MOST_EVERY: Final = timedelta(hours=1)


class Reminded(NamedTuple):
    """The check, and what whoever was told is called: None where nobody was told by us."""

    inspection: Inspection
    told: bool
    name: str | None


async def remind(acting: ClientActing, inspection_id: UUID, *, limits: RateLimits) -> Reminded:
    """Tell whoever ordered the check for the company that the car waits for photos, at most once an hour.

    Nobody is told of what they do themselves, nor a program, nor whoever has left: the links to the car are for
    those who stand there. Raises NotFound, NobodyToRemind, RemindedLately or TooManyRequests.
    """
    inspection = await inspections.locked(acting.session, inspection_id, client=acting.client)
    company_id = inspection.company_id
    if company_id is None or inspection.state not in STATES[Phase.PHOTOS]:
        raise NobodyToRemind
    if inspection.reminded_at is not None and inspection.reminded_at + AT_MOST_EVERY > acting.now:
        left = inspection.reminded_at + AT_MOST_EVERY - acting.now
        raise RemindedLately(retry_after=math.ceil(left.total_seconds()))
    inspection.reminded_at = acting.now
    told, name = await _tell(acting, inspection, company_id, limits)
    audit.record(
        acting.session,
        "inspection_reminded",
        by=actors.client(acting.client.account_id),
        now=acting.now,
        subject_id=inspection.id,
        details={"told": told},
    )
    acting.changed(inspection, "reminded")
    return Reminded(inspection, told, name)


async def _tell(
    acting: ClientActing, inspection: Inspection, company_id: UUID, limits: RateLimits
) -> tuple[bool, str | None]:
    if inspection.account_id == acting.client.account_id:
        return False, None
    await acting.session.flush()
    # Nobody sees a colleague's account, nor writes what they are told.
    async with as_system(acting.session):
        person = await accounts.client(acting.session, inspection.account_id)
        if person is None or person.is_program or person.membership_in(company_id) is None:
            return False, None
        pair = f"{acting.client.account_id} {person.account_id}"
        await limits.hit("reminders_per_pair", pair)
        await notices.tell(
            acting.session,
            event_id=new_id(),
            person_id=person.account_id,
            kind=NotificationKind.REMINDER,
            subject_id=inspection.id,
            number=inspection.number,
            now=acting.now,
        )
        await acting.session.flush()
    return True, person.display_name
