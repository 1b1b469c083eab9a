"""The verdict that is being written: kept as it grows, so that whoever goes on with the case has it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from bpa_service.cases.domain import Act
from bpa_service.cases.models import Case, SavedDraft
from bpa_service.cases.policy import Policy
from bpa_service.cases.service import acting
from bpa_service.experts.domain import Expert
from service_kit.db import Session
from shared_schemas.words import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """A verdict as far as it is written. `without` are findings that it is not to rest on."""

    verdict: Verdict | None
    summary: str
    advice: str
    not_covered: str
    without: Sequence[UUID]


async def save(
    session: Session, case_id: UUID, writing: Writing, *, by: Expert, policy: Policy, now: datetime
) -> datetime:
    """Keep it, instead of what was kept before. It is no act: it makes no new version and leaves no trace.

    Returns when it was saved.
    """
    case = await acting.begin(session, case_id, Act.RECORD_FINDING, by=by, seen=None, policy=policy, now=now)
    values = asdict(writing) | {"author_id": by.id, "saved_at": now}
    statement = insert(SavedDraft).values(case_id=case.id, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["case_id"], set_=values))
    return now


async def drop(session: Session, case: Case) -> None:
    """It has become an answer, or is needed no more."""
    await session.execute(delete(SavedDraft).where(SavedDraft.case_id == case.id))
