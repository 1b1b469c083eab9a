"""What is kept for a time only: rows that nobody needs any more go in batches, and never wait for anybody.

The log of events is not among them: it is kept (`docs/decisions/0002`), and so are parked events, which wait.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, and_, delete, inspect, literal_column, or_, select
from sqlalchemy.orm import Mapper

from service_kit.bus.tables import DeadLetterColumns
from service_kit.db import Session
from service_kit.inbox import KEPT_FOR as INBOX_KEPT_FOR
from service_kit.inbox import InboxColumns
from service_kit.outbox import Outbox

BATCH: Final = 1000
EVERY: Final = timedelta(hours=1)
# Work that was handed to the bus is done or among the dead letters; so long one can still look what it was.
WORK_KEPT_FOR: Final = timedelta(days=14)
# A letter that was sent once more has done its part, unless it comes back, and then it is new.
REPLAYED_KEPT_FOR: Final = timedelta(days=30)
# One that nobody has looked at for a year will not be missed; until then it is on the metrics every day.
UNREPLAYED_KEPT_FOR: Final = timedelta(days=365)


async def prune(session: Session, table: type[Any], over: ColumnElement[bool]) -> bool:
    """Delete up to BATCH rows for which `over` holds, but those that somebody has locked.

    Returns whether there may be more of them.
    """
    mapper: Mapper[Any] = inspect(table)
    keys = mapper.primary_key
    batch = select(*keys).where(over).limit(BATCH).with_for_update(skip_locked=True).cte("batch")
    same = and_(*(key == batch.c[key.name] for key in keys))
    gone = await session.execute(delete(table).where(same).returning(*keys))
    return len(gone.all()) == BATCH


def made_before(column: Any, instant: datetime) -> ColumnElement[bool]:
    """Whether a UUIDv7 of ours was made before `instant`: its index orders rows by time, and needs no other."""
    return column < first_id(instant)


def first_id(instant: datetime) -> UUID:
    """What every UUIDv7 of ours that was made from then on is at least."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)


async def prune_work(session: Session, now: datetime, *, outbox: Outbox) -> bool:
    """Forget work and re-deliveries that were handed to the bus. Events for the peer are the log, and stay."""
    table = outbox.table
    # As it is written in the index, or PostgreSQL would read the whole log.
    no_event = literal_column(table.not_log(), Boolean)
    return await prune(session, table, and_(no_event, table.sent_at < now - WORK_KEPT_FOR))


async def prune_inbox(session: Session, now: datetime, *, inbox: type[InboxColumns]) -> bool:
    """Forget which messages took effect so long ago that none of them is delivered again."""
    over = now - INBOX_KEPT_FOR
    return await prune(session, inbox, and_(made_before(inbox.event_id, over), inbox.received_at < over))


async def prune_dead_letters(session: Session, now: datetime, *, dead: type[DeadLetterColumns]) -> bool:
    """Forget letters that were replayed, and those that nobody ever did."""
    return await prune(
        session,
        dead,
        or_(dead.replayed_at < now - REPLAYED_KEPT_FOR, dead.died_at < now - UNREPLAYED_KEPT_FOR),
    )
