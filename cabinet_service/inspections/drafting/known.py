"""The same car again: what a company has an inspection of, no program and no list orders twice, or counts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.drafting import claims
from cabinet_service.inspections.drafting.schemas import NewInspection
from cabinet_service.inspections.viewing import queries as viewing
from service_kit import locks
from service_kit.db import ReadSession
from shared_schemas.words import InspectionState

RECENT: Final = timedelta(days=30)
"""So long after it was sent an answered inspection is given back in place of a new one."""
_DONE: Final = (InspectionState.ANSWERED, InspectionState.CLOSED)


def is_given_back(one: Inspection, now: datetime) -> bool:
    """Whether the newest inspection of a car stands for another order of it: it is open, or was sent lately."""
    return one.state not in _DONE or (one.submitted_at is not None and one.submitted_at > now - RECENT)


async def hold_cars(session: ReadSession, company_id: UUID, numbers: Iterable[str]) -> None:
    """Wait for whoever else orders these cars for the company, and let others wait until this ends."""
    for number in sorted(set(numbers)):  # in one order, or two lists would wait for each other
        await locks.hold(session, f"car of company:{company_id}:{number}")


async def find(acting: ClientActing, new: NewInspection) -> Inspection | None:
    """What the company has of the car already, as far as the client sees it, and is given back (`is_given_back`).

    None where there is none, where no company or no number is named, and where one is wanted `again`. Whoever
    asks for the same car of the same company waits until this transaction ends, and finds what it made.
    """
    company_id = acting.client.orders_for(new.company_id)
    if company_id is None or new.again or acting.client.membership_in(company_id) is None:
        return None
    sought = Inspection(as_seen=False)
    claims.apply(sought, new.claim, this_year=acting.now.year)
    number = sought.identifier or sought.plate
    if not number:
        return None
    await hold_cars(acting.session, company_id, (number,))
    found = await viewing.newest_of_cars(acting.session, company_id, [number], client=acting.client)
    one = found.get(number)
    return one if one is not None and is_given_back(one, acting.now) else None
