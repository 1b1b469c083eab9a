"""What to do with a notification over which something of ours fails: set it aside, and let the others go on.

Its kind may be one that only a newer version knows, its words may be missing, its person's time zone may be gone.
It says so in the ledger, is tried again while it lives, and given up then. None of this reads the row as a whole,
because that may be what fails.
"""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

import structlog
from sqlalchemy import select, update

from service_kit import failpoints
from service_kit.db import Database, Session, will_pass
from service_kit.notifying import rules
from service_kit.notifying.notices import Notices
from service_kit.notifying.planning import clock_now
from service_kit.notifying.rules import DeliveryState
from service_kit.notifying.tables import shortened

log = structlog.get_logger(__name__)


def is_of_a_row(error: Exception) -> bool:
    """Whether it is what was read that fails, rather than the database, or what a test had fail."""
    return not will_pass(error) and not isinstance(error, failpoints.Injected)


async def each_that_can(
    database: Database,
    notices: Notices,
    ids: Sequence[UUID],
    work: Callable[[Session, Sequence[UUID]], Awaitable[object]],
    set_aside: Callable[[Session, Notices, UUID, Exception], Awaitable[None]],
) -> None:
    """Do the work with all of them, or where that fails with either half, down to the one that is to blame."""
    if not ids:
        return
    try:
        async with database.writing() as session:
            await work(session, ids)
    except Exception as error:
        if not is_of_a_row(error):
            raise
        if len(ids) == 1:
            async with database.writing() as session:
                await set_aside(session, notices, ids[0], error)
            return
        middle = len(ids) // 2
        for half in (ids[:middle], ids[middle:]):
            await each_that_can(database, notices, half, work, set_aside)


async def set_aside_plan(session: Session, notices: Notices, notification_id: UUID, error: Exception) -> None:
    """Plan the notification later; never, once it is too old."""
    table = notices.notifications
    found = await session.execute(
        select(table.created_at, table.trouble).where(table.id == notification_id).with_for_update()
    )
    row = found.first()
    if row is None:  # erased meanwhile
        return
    now = await clock_now(session)
    at = None if rules.is_too_old(row.created_at, now) else now + rules.look_again_in(now - row.created_at)
    await session.execute(
        update(table)
        .where(table.id == notification_id)
        .values(trouble=shortened(repr(error)), escalate_at=at)
    )
    _note(error, notification_id, is_new=row.trouble is None, is_given_up=at is None)


async def set_aside_delivery(session: Session, notices: Notices, delivery_id: UUID, error: Exception) -> None:
    """Look at the delivery again later; it has failed, once its notification is too old."""
    table, told = notices.deliveries, notices.notifications
    found = await session.execute(
        select(told.id, told.created_at, table.tries, table.is_set_aside)
        .join(told, told.id == table.notification_id)
        .where(table.id == delivery_id)
    )
    row = found.first()
    if row is None:
        return
    now = await clock_now(session)
    is_over = rules.is_too_old(row.created_at, now)
    await session.execute(
        update(table)
        .where(table.id == delivery_id, table.state == DeliveryState.QUEUED)
        .values(
            state=DeliveryState.FAILED if is_over else DeliveryState.QUEUED,
            due_at=now if is_over else now + rules.retry_in(row.tries + 1),
            tries=table.tries + 1,
            is_set_aside=True,
            reason=shortened(repr(error)),
        )
    )
    _note(error, row.id, is_new=not row.is_set_aside, is_given_up=is_over)


def _note(error: Exception, notification_id: UUID, *, is_new: bool, is_given_up: bool) -> None:
    """Once when it begins and once when it ends, however often it is tried in between."""
    if is_given_up:
        log.error("notification_given_up", notification_id=str(notification_id), error=repr(error))
    elif is_new:
        log.error("notification_set_aside", notification_id=str(notification_id), exc_info=error)
