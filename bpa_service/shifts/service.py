"""Coming and going: to work, and to a case."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.dialects.postgresql import insert

from bpa_service.cases.core import queries as cases
from bpa_service.db.tables import AUDIENCE
from bpa_service.experts.domain import Expert
from bpa_service.shifts.models import Presence, Shift
from service_kit import audit, live
from service_kit.db import Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id

# A screen gives a sign every 20 s; two may get lost.
ABSENT_AFTER: Final = timedelta(seconds=65)
PRESENCE_HINT: Final = "presence.changed"


async def start(session: Session, *, by: Expert, now: datetime) -> Shift:
    """Begin to work; who works already goes on. Started in two windows at once, it is one shift."""
    begun = await session.scalar(
        insert(Shift)
        .values(id=new_id(), expert_id=by.id, started_at=now)
        .on_conflict_do_nothing(index_elements=["expert_id"], index_where=Shift.ended_at.is_(None))
        .returning(Shift.id)
    )
    if begun is not None:
        _leave_trace(session, "shift_started", by, now)
    return (await session.scalars(_running(by.id))).one()


async def end(session: Session, *, by: Expert, now: datetime) -> None:
    """Stop to work. The cases in hand stay in hand. Who does not work stays so."""
    running = await session.scalar(_running(by.id))
    if running is not None:
        running.ended_at = now
        _leave_trace(session, "shift_ended", by, now)


async def appear(
    session: Session, case_id: UUID, *, by: Expert, now: datetime, visit_id: UUID | None = None
) -> None:
    """Have the case on the screen: a sign of it. Raises NotFound.

    A sign of a visit that is over, overtaken on its way by the word that it is, changes nothing.
    """
    if await cases.version(session, case_id) is None:
        raise NotFound
    known = await session.scalar(
        select(Presence.seen_at).where(
            Presence.case_id == case_id, Presence.expert_id == by.id, ~Presence.has_left
        )
    )
    goes_on = or_(~Presence.has_left, Presence.visit_id.is_distinct_from(visit_id))
    seen = await session.scalar(
        insert(Presence)
        .values(case_id=case_id, expert_id=by.id, visit_id=visit_id, seen_at=now)
        .on_conflict_do_update(
            index_elements=["case_id", "expert_id"],
            set_={"visit_id": visit_id, "has_left": False, "seen_at": now},
            where=None if visit_id is None else goes_on,
        )
        .returning(Presence.seen_at)
    )
    if seen is not None and (known is None or known < now - ABSENT_AFTER):
        live.announce(session, audience=AUDIENCE, kind=PRESENCE_HINT, subject_id=case_id)


async def leave(
    session: Session, case_id: UUID, *, by: Expert, now: datetime, visit_id: UUID | None = None
) -> None:
    """Have it on the screen no more. On another screen of theirs, where a later sign came from, it stays.

    Raises NotFound.
    """
    if await cases.version(session, case_id) is None:
        raise NotFound
    is_theirs = or_(Presence.visit_id.is_(None), Presence.visit_id == visit_id)
    left = await session.scalar(
        insert(Presence)
        .values(case_id=case_id, expert_id=by.id, visit_id=visit_id, has_left=True, seen_at=now)
        .on_conflict_do_update(
            index_elements=["case_id", "expert_id"],
            set_={"visit_id": visit_id, "has_left": True, "seen_at": now},
            where=None if visit_id is None else is_theirs,
        )
        .returning(Presence.seen_at)
    )
    if left is not None:
        live.announce(session, audience=AUDIENCE, kind=PRESENCE_HINT, subject_id=case_id)


async def forget_absent(session: Session, now: datetime) -> None:
    """Forget who left without a word."""
    await session.execute(delete(Presence).where(Presence.seen_at < now - ABSENT_AFTER))


def _running(expert_id: UUID) -> Select[Shift]:
    return select(Shift).where(Shift.expert_id == expert_id, Shift.ended_at.is_(None))


def _leave_trace(session: Session, act: str, by: Expert, now: datetime) -> None:
    audit.record(session, act, by=by, now=now)
    live.announce(session, audience=AUDIENCE, kind=act.replace("_", "."), subject_id=by.id)
