"""Watching cars, and no longer watching them."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select, update

from cabinet_service.audit import actors
from cabinet_service.db.rows import Json, each
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.domain import LOOKED_BACK_IN
from cabinet_service.inspections.core.errors import NotAnswered
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from cabinet_service.watching import queries
from cabinet_service.watching.cars import reading_of
from cabinet_service.watching.errors import CarNotNamed, TooManyWatched
from cabinet_service.watching.models import Watch
from cabinet_service.watching.queries import Watched
from service_kit import audit, locks
from service_kit.db import Session
from service_kit.forgetting import exported
from service_kit.http.problems import NotFound
from shared_schemas.identifiers import Reading

MOST: Final = 200
"""So many cars one person watches, in whosever name they were checked."""
WATCHED_FOR: Final = timedelta(days=365)
"""By then a car is bought or forgotten. Whoever wants to go on says so."""


async def begin(acting: ClientActing, inspection_id: UUID) -> Watched:
    """Watch the car of an answered inspection for a year from now, or for a year more; one that was watched by
    another check of it is watched by this one.

    Raises NotFound, NotAnswered, CarNotNamed or TooManyWatched.
    """
    session, account_id = acting.session, acting.client.account_id
    inspection = await inspections.inspection(session, inspection_id, client=acting.client)
    if not await inspections.hold(session, inspection_id):
        raise NotFound
    if inspection.state not in LOOKED_BACK_IN:
        raise NotAnswered
    reading = reading_of(inspection)
    if reading is None:
        raise CarNotNamed
    await locks.hold(session, f"watches of {account_id}")
    watch = await queries.watch_of(session, account_id, inspection_id)
    if watch is None:
        watch = await _moved(acting, inspection, reading)
    if watch is None:
        if await queries.count_of(session, acting.client) >= MOST:
            raise TooManyWatched(most=MOST)
        watch = Watch(
            account_id=account_id,
            inspection_id=inspection_id,
            started_at=acting.now,
            look_at=acting.now,
            looked_at=None,
            records=None,
            answers=await queries.answers_of_others(session, acting.client, inspection),
            news=[],
            told_at=None,
        )
        session.add(watch)
        by = actors.client(account_id)
        audit.record(session, "car_watched", by=by, now=acting.now, subject_id=inspection_id)
    watch.ends_at = acting.now + WATCHED_FOR
    await session.flush()
    return Watched(watch, inspection)


async def _moved(acting: ClientActing, inspection: Inspection, reading: Reading) -> Watch | None:
    """The watch of the car by another check, which goes on by this one: of one car a person is told once."""
    session = acting.session
    before = await queries.of_same_car(session, acting.client, reading)
    if before is None:
        return None
    watch, old = before
    is_it = (Watch.account_id == watch.account_id, Watch.inspection_id == old.id)
    await session.execute(update(Watch).where(*is_it).values(inspection_id=inspection.id))
    await notices.withdraw(session, watch.account_id, old.id, NotificationKind.CAR_NEWS, now=acting.now)
    by = actors.client(watch.account_id)
    audit.record(session, "car_watch_ended", by=by, now=acting.now, subject_id=old.id)
    audit.record(session, "car_watched", by=by, now=acting.now, subject_id=inspection.id)
    moved = await session.get_one(Watch, (watch.account_id, inspection.id))
    if (old.company_id, old.branch_id) != (inspection.company_id, inspection.branch_id):
        # Of other colleagues: what they had answered by now is not new.
        moved.answers = await queries.answers_of_others(session, acting.client, inspection)
    return moved


async def end(acting: ClientActing, inspection_id: UUID) -> None:
    """Watch it no longer, and be told nothing more of it. Done again it changes nothing.

    Whoever has left a company still ends what they watched there.
    """
    session, account_id = acting.session, acting.client.account_id
    ended = await session.scalar(
        delete(Watch)
        .where(Watch.account_id == account_id, Watch.inspection_id == inspection_id)
        .returning(Watch.inspection_id)
    )
    if ended is None:
        return
    await notices.withdraw(session, account_id, inspection_id, NotificationKind.CAR_NEWS, now=acting.now)
    by = actors.client(account_id)
    audit.record(session, "car_watch_ended", by=by, now=acting.now, subject_id=inspection_id)


async def drop(session: Session, watch: Watch) -> None:
    """It is over."""
    of_it = (Watch.account_id == watch.account_id, Watch.inspection_id == watch.inspection_id)
    await session.execute(delete(Watch).where(*of_it))


async def rows(session: Session, account_id: UUID) -> AsyncGenerator[tuple[str, Json]]:
    """What a client takes along of this."""
    own = select(Watch).where(Watch.account_id == account_id).order_by(Watch.started_at)
    async for row in each(session, own):
        yield "watches", exported(row)


async def erase(session: Session, account_id: UUID) -> None:
    """Forget what the client watches."""
    await session.execute(delete(Watch).where(Watch.account_id == account_id))


async def forget_inspection(session: Session, inspection_id: UUID) -> None:
    """Have nobody watch the car of an inspection that is erased: nobody knows any more which it is."""
    await session.execute(delete(Watch).where(Watch.inspection_id == inspection_id))
