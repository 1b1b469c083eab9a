"""When an answer that is late is to be expected."""

from datetime import datetime, timedelta

from cabinet_service.inspections.core.models import Inspection
from shared_schemas.clock import Clock, paused, remaining
from shared_schemas.words import InspectionState


def expected_at(inspection: Inspection, clock: Clock, now: datetime) -> datetime | None:
    """By when the expert who has it is usually done; None while the promise holds, and where nobody can know.

    Nobody can while it waits for an expert, a second one or the client, nor once it has taken longer than usual.
    """
    claimed_at, usual = inspection.claimed_at, inspection.usual_seconds
    if inspection.state is not InspectionState.IN_WORK or claimed_at is None or usual is None:
        return None
    if clock.stopped_at is not None or clock.open_pauses or remaining(clock, now) > timedelta():
        return None
    expected = claimed_at + timedelta(seconds=usual) + paused(clock, now) - paused(clock, claimed_at)
    return expected if expected > now else None
