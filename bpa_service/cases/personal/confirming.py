"""Confirming that a case is erased: its rows are at once, what is found of it once the index was told."""

from bpa_service.cases.personal.work import ConfirmErasure
from bpa_service.db.tables import outbox
from service_kit.db import Session
from service_kit.inbox import Incoming
from service_kit.search.keeping import letting_go
from shared_schemas.events.bpa_v1 import CaseErasedV1


async def on_confirm_erasure(session: Session, work: ConfirmErasure, incoming: Incoming) -> None:
    """Raises RetryLater while the search index may still hold the case."""
    await letting_go.wait_for(session, [work.case_id], incoming)
    erased = CaseErasedV1(inspection_id=work.case_id, erased_at=incoming.now)
    await outbox.add(session, erased, now=incoming.now)
