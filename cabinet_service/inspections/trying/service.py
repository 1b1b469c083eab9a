"""Letting time pass, in a sandbox."""

from typing import Final
from uuid import UUID

from cabinet_service.inspections.core import queries
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.trying.errors import ClockStands, OnlyInSandbox
from shared_schemas.events.cabinet_v1 import InspectionTimeAdvancedV1
from shared_schemas.words import InspectionState as S

_WITH_CLOCK: Final = frozenset({S.QUEUED, S.IN_WORK, S.WAITING_CLIENT, S.SECOND_OPINION, S.DISPUTED})


async def advance(acting: ClientActing, inspection_id: UUID, seconds: int) -> None:
    """Have the experts' side let the clock of a test have run for longer: it keeps it, and tells how it stands.

    Raises NotFound, OnlyInSandbox for what is no test, or ClockStands.
    """
    inspection = await queries.locked(acting.session, inspection_id, client=acting.client)
    if not inspection.is_test:
        raise OnlyInSandbox
    if inspection.state not in _WITH_CLOCK:
        raise ClockStands
    event = InspectionTimeAdvancedV1(inspection_id=inspection.id, seconds=seconds, advanced_at=acting.now)
    await acting.announce(event)
