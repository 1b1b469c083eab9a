"""Asking what came of it, some weeks after the answer: once about each inspection, and never again."""

from datetime import datetime, timedelta
from typing import Final
from uuid import uuid5

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from cabinet_service.inspections.afterwards.models import Outcome
from cabinet_service.inspections.answers.models import Decision
from cabinet_service.inspections.core.acting import Acting
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from service_kit.db import Session
from shared_schemas.words import InspectionState

ASK_EVERY: Final = timedelta(hours=1)
WITHIN: Final = timedelta(days=14)
"""An answer that is older than that when it could be asked about is not asked about any more."""
AT_ONCE: Final = 100


async def ask_outcomes(session: Session, now: datetime, *, after: timedelta) -> bool:
    """Ask about some of the answers that are `after` old; returns whether there may be more.

    That one was asked is written with the notification, in one transaction: a worker that is killed has done both
    or neither. A company's orders are its business: of these nobody is asked.
    """
    later = aliased(Decision)
    due = await session.scalars(
        select(Inspection)
        .join(Decision, Decision.inspection_id == Inspection.id)
        .where(
            Decision.decided_at.between(now - after - WITHIN, now - after),
            ~Decision.preliminary,
            ~exists().where(later.inspection_id == Inspection.id, later.version > Decision.version),
            Inspection.state.in_((InspectionState.ANSWERED, InspectionState.CLOSED)),
            Inspection.company_id.is_(None),
            Inspection.erased_at.is_(None),
            ~exists().where(Outcome.inspection_id == Inspection.id),
        )
        .order_by(Decision.decided_at)
        .limit(AT_ONCE)
        .with_for_update(of=Inspection, skip_locked=True)
    )
    found = due.all()
    acting = Acting(session=session, now=now)
    for inspection in found:
        asked = await session.scalar(
            insert(Outcome)
            .values(inspection_id=inspection.id, asked_at=now)
            .on_conflict_do_nothing(index_elements=[Outcome.inspection_id])
            .returning(Outcome.inspection_id)
        )
        if asked is None:
            continue
        await notices.tell(
            session,
            event_id=uuid5(inspection.id, "outcome"),
            person_id=inspection.account_id,
            kind=NotificationKind.OUTCOME,
            subject_id=inspection.id,
            number=inspection.number,
            now=now,
        )
        acting.changed(inspection, "outcome_asked")
    return len(found) == AT_ONCE
