"""Cases whose cars have names, claimed or read off."""

from functools import partial
from typing import Any
from uuid import UUID

from bpa_service.cases.readings import service as readings
from bpa_service.cases.readings.models import AcceptedFrom
from bpa_service.cases.readings.schemas import ReadingIn
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import IdentifierKind, Shot
from tests.service.cases.conftest import Desk, at, photo, submitted

VIN = "SAL1A2A40SA606662"
OTHER_VIN = "SAL1A2A40SA606663"
ENGINE = "306DT0123456"


async def opened(
    desk: Desk, identifier: str = VIN, *, minutes: float = 0, shot: Shot = Shot.VIN_STAMPED, **of: Any
) -> UUID:
    claim = VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier=identifier, **of)
    shown = photo().model_copy(update={"shot": shot})
    fact = submitted(at=at(minutes), evidence=(shown,)).model_copy(update={"claim": claim})
    await desk.hear(fact, at(minutes))
    return fact.inspection_id


async def read_off(desk: Desk, case_id: UUID, text: str, seen: int = 0) -> None:
    """Anna, who has the case, says what stands on its photo."""
    reading = ReadingIn(text=text, accepted_from=AcceptedFrom.TYPED)
    accept = partial(readings.accept, reading=reading, seen=seen)
    await desk.do(accept, case_id, await shown(desk, case_id), by=desk.anna)


async def shown(desk: Desk, case_id: UUID) -> UUID:
    return (await desk.full(case_id)).evidence[0].evidence_id
