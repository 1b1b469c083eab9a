"""The same car again: what a company has an inspection of is not ordered twice by a program, and counted once."""

from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select

from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.domain import OVER
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.drafting import claims
from cabinet_service.inspections.drafting.schemas import NewInspection
from cabinet_service.inspections.viewing.queries import lines_of
from service_kit import locks
from shared_schemas.words import InspectionState

RECENT: Final = timedelta(days=30)
"""So long after it was sent an answered inspection is given back in place of a new one."""
_DONE: Final = (InspectionState.ANSWERED, InspectionState.CLOSED)
_WITHOUT_ANSWER: Final = tuple(OVER - {InspectionState.CLOSED})


async def find(acting: ClientActing, new: NewInspection) -> Inspection | None:
    """What the company has of the car already, as far as the client sees it: the youngest that is open, or was
    sent within the last 30 days and did not end without an answer.

    None where there is none, where no company or no number is named, and where one is wanted `again`. Whoever
    asks for the same car of the same company waits until this transaction ends, and finds what it made.
    """
    company_id = acting.client.orders_for(new.company_id)
    if company_id is None or new.again or acting.client.membership_in(company_id) is None:
        return None
    sought = Inspection(as_seen=False)
    claims.apply(sought, new.claim, this_year=acting.now.year)
    column, number = (
        (Inspection.identifier, sought.identifier) if sought.identifier else (Inspection.plate, sought.plate)
    )
    if not number:
        return None
    await locks.hold(acting.session, f"car of company:{company_id}:{number}")
    return await acting.session.scalar(
        select(Inspection)
        .where(
            Inspection.company_id == company_id,
            column == number,
            or_(*lines_of(acting.client)),
            Inspection.state.not_in(_WITHOUT_ANSWER),
            or_(Inspection.state.not_in(_DONE), Inspection.submitted_at > acting.now - RECENT),
        )
        .order_by(Inspection.created_at.desc(), Inspection.id.desc())
        .limit(1)
    )
