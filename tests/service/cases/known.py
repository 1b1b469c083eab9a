"""What is known of a car before anybody looks at it."""

from typing import Any
from uuid import UUID, uuid4

from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import IdentifierKind
from tests.service.cases.caller import Caller, Json
from tests.service.cases.conftest import Desk, photo, submitted

VIN = "SAL1A2A40SA606662"


async def opened(
    desk: Desk, number: str, identifier: str = VIN, *, sha256: str = "", plate: str | None = None, **of: Any
) -> UUID:
    shown = photo().model_copy(update={"sha256": sha256 or uuid4().hex * 2, **of})
    claim = VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier=identifier, plate=plate)
    fact = submitted(number, evidence=(shown,)).model_copy(update={"claim": claim})
    await desk.hear(fact)
    return fact.inspection_id


async def known(anna: Caller, case_id: UUID) -> Json:
    answer = await anna.get(f"/cases/{case_id}/known")
    assert answer.status_code == 200
    return answer.json()


def coverage(told: Json) -> Json:
    return {one["source"]: one["state"] for one in told["coverage"]}
