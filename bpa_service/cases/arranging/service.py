"""Arranging the queue. Of what somebody does on two devices the last counts: each case and each view by itself.

It is nobody else's, so it is no act on a case: it makes no new version and leaves no trace.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from bpa_service.cases.arranging.models import KeptView, Snooze
from bpa_service.cases.arranging.schemas import KeptViewIn
from bpa_service.cases.core import queries as cases
from bpa_service.db.tables import AUDIENCE
from bpa_service.experts.domain import Expert
from service_kit import live
from service_kit.db import Session
from service_kit.http.problems import NotFound

# No longer, for the client's clock runs on.
SNOOZED_FOR: Final = timedelta(minutes=5)
MAX_VIEWS: Final = 20
HINT: Final = "queue.arranged"
"""The kind of the live hint; its subject is the expert, whose other devices look again."""


async def snooze(session: Session, case_id: UUID, *, by: Expert, now: datetime) -> datetime:
    """Put a case off; returns until when. Put off again it stays away for longer. Raises NotFound."""
    if await cases.version(session, case_id) is None:
        raise NotFound
    until = now + SNOOZED_FOR
    statement = insert(Snooze).values(expert_id=by.id, case_id=case_id, until=until)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["expert_id", "case_id"], set_={"until": until})
    )
    _tell(session, by)
    return until


async def wake(session: Session, *, by: Expert) -> None:
    """Have all come back that was put off."""
    await session.execute(delete(Snooze).where(Snooze.expert_id == by.id))
    _tell(session, by)


async def keep_view(session: Session, view: KeptViewIn, *, by: Expert, now: datetime) -> None:
    """Keep a view in place of the one of its name; the oldest go where there are too many."""
    values = {"view": view.view, "text": view.text, "queue_order": view.order, "saved_at": now}
    statement = insert(KeptView).values(expert_id=by.id, name=view.name, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["expert_id", "name"], set_=values))
    newest = (
        select(KeptView.name)
        .where(KeptView.expert_id == by.id)
        .order_by(KeptView.saved_at.desc(), KeptView.name)
        .limit(MAX_VIEWS)
    )
    await session.execute(delete(KeptView).where(KeptView.expert_id == by.id, KeptView.name.not_in(newest)))
    _tell(session, by)


async def drop_view(session: Session, name: str, *, by: Expert) -> None:
    """Keep it no longer. What is kept no longer already stays so."""
    await session.execute(delete(KeptView).where(KeptView.expert_id == by.id, KeptView.name == name))
    _tell(session, by)


async def forget_snoozes(session: Session, now: datetime) -> None:
    """Forget what has come back."""
    await session.execute(delete(Snooze).where(Snooze.until < now))


def _tell(session: Session, by: Expert) -> None:
    live.announce(session, audience=AUDIENCE, kind=HINT, subject_id=by.id)
