"""The experts end it without an answer."""

from cabinet_service.inspections.core.acting import Mirroring
from cabinet_service.inspections.core.domain import OVER
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.ending.service import without_answer
from shared_schemas.events import bpa_v1 as bpa


async def record_end(acting: Mirroring, inspection: Inspection, fact: bpa.CaseUnprocessableV1) -> None:
    await acting.take_clock(inspection, fact.clock)
    was_over = inspection.state in OVER
    await acting.hear(inspection, fact.state, at=fact.ended_at)
    if not was_over:
        inspection.ended_reason = fact.reason
        inspection.ended_note = fact.note
    kind, told_as = without_answer(fact.state)
    await acting.record(inspection, kind, at=fact.ended_at, reason=fact.reason)
    if not was_over:
        await acting.tell(inspection, told_as)
