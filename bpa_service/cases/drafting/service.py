"""The verdict that is being written: kept as it grows, so that whoever goes on with the case has it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from bpa_service.cases.core import errors
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.models import Case
from bpa_service.cases.deciding import queries as deciding
from bpa_service.cases.drafting.models import SavedDraft
from bpa_service.cases.drafting.schemas import WritingIn
from service_kit.db import ReadSession, Session


async def save(acting: ExpertActing, case_id: UUID, writing: WritingIn) -> datetime:
    """Keep it, instead of what was kept before. It is no act: it makes no new version and leaves no trace.

    Returns when it was saved. Raises DraftOutdated if there is another answer by now than the one that it is to
    replace: what comes late brings nothing back.
    """
    case = await acting.on(case_id, Act.RECORD_FINDING)
    answer = await deciding.newest_answer(acting.session, case)
    if writing.amends != (answer and answer.version):
        raise errors.DraftOutdated
    values = writing.model_dump(exclude={"left_out", "amends"}) | {
        "reasons": {str(one.finding_id): one.reason for one in writing.left_out},
        "author_id": acting.by.id,
        "saved_at": acting.now,
    }
    statement = insert(SavedDraft).values(case_id=case.id, **values)
    await acting.session.execute(statement.on_conflict_do_update(index_elements=["case_id"], set_=values))
    return acting.now


async def saved(session: ReadSession, case_id: UUID) -> SavedDraft | None:
    """The verdict as far as somebody has written it."""
    return await session.get(SavedDraft, case_id)


async def drop(session: Session, case: Case) -> None:
    """It has become an answer, or is needed no more."""
    await session.execute(delete(SavedDraft).where(SavedDraft.case_id == case.id))
