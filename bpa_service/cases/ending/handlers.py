"""The client ends the case. That is heard, never refused: see `shared_schemas.crossings`."""

from bpa_service.cases.core.acting import Acting, client_of
from bpa_service.cases.deciding import queries as deciding
from bpa_service.cases.disputes import service as disputes
from bpa_service.cases.ending import service
from shared_schemas.crossings import ClientAct
from shared_schemas.events.cabinet_v1 import InspectionCancelledV1, InspectionClosedV1


async def record_cancellation(acting: Acting, fact: InspectionCancelledV1) -> None:
    """The client no longer wants an answer. One that crossed this stays on record."""
    case = await acting.lock(fact.inspection_id)
    was = case.state
    moved = await service.end(acting, case, ClientAct.CANCEL, at=fact.cancelled_at)
    acting.record(case, "case_cancelled", by=client_of(case), was=was, in_time=moved)


async def record_closing(acting: Acting, fact: InspectionClosedV1) -> None:
    """The client takes the answer as final; a dispute of theirs that it crossed is settled by that."""
    case = await acting.lock(fact.inspection_id)
    was = case.state
    moved = await service.end(acting, case, ClientAct.CLOSE, at=fact.closed_at)
    if moved and (newest := await deciding.newest_version(acting.session, case)) is not None:
        await disputes.answer_open(acting.session, case, version=newest)
    acting.record(case, "case_closed", by=client_of(case), was=was, in_time=moved)
