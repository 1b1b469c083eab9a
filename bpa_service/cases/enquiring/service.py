"""Asking a source again."""

from uuid import UUID

from bpa_service.cases.core import claims
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.domain import Act
from bpa_service.cases.enquiring.errors import NumberNotTaken, SourceNotAsked
from bpa_service.vehicles.enquiries import asked_sources
from bpa_service.vehicles.enquiries import service as enquiries
from bpa_service.vehicles.enquiries.service import Occasion
from shared_schemas.events.cabinet_v1 import VehicleClaim


async def ask_again(acting: ExpertActing, case_id: UUID, source: str) -> None:
    """Have a source asked about the car of a case, whatever it has answered before.

    Where it is being asked already nothing changes. Who may state something may also ask.

    Raises SourceNotAsked or NumberNotTaken.
    """
    case = await acting.on(case_id, Act.RECORD_FINDING)
    facts = asked_sources.facts(source)
    if facts is None or source not in acting.policy.sources:
        raise SourceNotAsked(source=facts.title if facts else source)
    about = claims.identifiers(VehicleClaim.model_validate(case.claim))
    if not any(asked_sources.takes(facts, one) for one in about):
        raise NumberNotTaken(source=facts.title)
    occasion = Occasion(case_id=case.id)
    if await enquiries.put_down(acting.session, occasion, about, [source], now=acting.now, fresh=True):
        acting.record(case, "source_asked", source=source)
