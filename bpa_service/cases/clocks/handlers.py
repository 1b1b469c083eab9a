"""In a sandbox the client lets time pass."""

from datetime import timedelta

from bpa_service.cases.clocks import service
from bpa_service.cases.core.acting import Acting, client_of
from bpa_service.cases.core.domain import OPEN
from shared_schemas.events.cabinet_v1 import InspectionTimeAdvancedV1


async def record_advance(acting: Acting, fact: InspectionTimeAdvancedV1) -> None:
    """Let the clock of a test have run for longer. Of anything else, and of one that is over, nothing moves."""
    case = await acting.lock(fact.inspection_id)
    if not case.is_test or case.state not in OPEN:
        return
    acting.record(case, "clock_moved", by=client_of(case), seconds=fact.seconds)
    await service.let_pass(acting, case, timedelta(seconds=fact.seconds))
