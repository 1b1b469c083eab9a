"""Erasing the cases of clients who want to be forgotten, and confirming it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Update, delete, select, update

from bpa_service.cases import domain
from bpa_service.cases.domain import Act
from bpa_service.cases.models import (
    Decision,
    Dispute,
    Finding,
    InfoTask,
    Message,
    Note,
    SecondOpinion,
)
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting, drafting, ending
from bpa_service.db import tables
from bpa_service.db.tables import outbox, redaction
from bpa_service.evidence import service as evidence
from service_kit.db import Session
from shared_schemas.events.bpa_v1 import CaseErasedV1, FindingView
from shared_schemas.events.cabinet_v1 import ClientRef, InspectionErasedV1, VehicleClaim
from shared_schemas.personal import ERASED, redact

Tables = type[InfoTask | Finding | Message | Note | Decision | SecondOpinion | Dispute]


async def erase(session: Session, fact: InspectionErasedV1, *, policy: Policy, now: datetime) -> None:
    """Forget what the client said and what was written about it; ids, times, states and verdicts stay.

    Nothing of the client's comes after this event, and no expert can act on the case any more.
    """
    case = await acting.lock(session, fact.inspection_id, policy=policy, now=now)
    if domain.is_legal(case.standing, Act.CANCEL, now=now):  # cabinet cancels first: only to be certain
        await acting.move(session, case, Act.CANCEL, by=None, policy=policy, now=now)
        await ending.wind_up(session, case, at=fact.erased_at, policy=policy, now=now)
    await acting.leave_traces(session, case, "case_erased", by=acting.client_of(case), now=now)
    case.claim = redact(VehicleClaim.model_validate(case.claim)).model_dump(mode="json")
    case.client = redact(ClientRef.model_validate(case.client)).model_dump(mode="json")
    case.worry = None
    case.erased_at = now
    await session.flush()
    await drafting.drop(session, case)
    for statement in _words_of(case.id):
        await session.execute(statement.execution_options(synchronize_session=False))
    await _redact_decisions(session, case.id)
    await evidence.erase(session, case.id)
    keys = tables.IdempotencyKey
    await session.execute(delete(keys).where(keys.subject_id == case.id))
    await outbox.add(session, CaseErasedV1(inspection_id=case.id, erased_at=now), now=now)
    await redaction.redact(session, case.id)


def _words_of(case_id: UUID) -> tuple[Update, ...]:
    """Statements that forget what client and experts wrote."""

    def of(table: Tables, **values: Any) -> Update:
        return update(table).where(table.case_id == case_id).values(values)

    return (
        of(InfoTask, question=ERASED, place=None, answer=None, decline_note=None),
        of(Finding, text=ERASED, record_ref=None),
        of(Message, text=ERASED),
        of(Note, text=ERASED),
        of(Decision, summary=ERASED, advice=None, not_covered=[], reason=None),
        of(SecondOpinion, question=ERASED),
        of(SecondOpinion, text=ERASED).where(SecondOpinion.text.is_not(None)),
        of(Dispute, reason=ERASED),
    )


async def _redact_decisions(session: Session, case_id: UUID) -> None:
    """The findings as they were when each version was decided."""
    rows = await session.execute(select(Decision.id, Decision.findings).where(Decision.case_id == case_id))
    for decision_id, findings in rows.all():
        views = [redact(FindingView.model_validate(finding)) for finding in findings]
        await session.execute(
            update(Decision)
            .where(Decision.id == decision_id)
            .values(findings=[view.model_dump(mode="json") for view in views])
            .execution_options(synchronize_session=False)
        )
