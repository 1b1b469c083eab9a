"""Looking, once a day, whether there is anything new of a car that somebody watches.

The experts' side is asked how many records its files have, as before any order: it does not learn who asks, keeps
nothing of it, and tells nothing of what sources answered in somebody's case. Of checks only those count that the
person could open: their company's, in the same branch.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import select

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import Client
from cabinet_service.db.tables import outbox
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.numbers.preview import target_of
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.notices import notices
from cabinet_service.watching import queries, service
from cabinet_service.watching.cars import reading_of
from cabinet_service.watching.models import Watch, WatchNews
from cabinet_service.watching.work import LookAtWatched
from service_kit.db import Session
from service_kit.http.peer import Peer, PeerRefused, PeerUnavailable
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from service_kit.inbox import Incoming
from shared_schemas.identifiers import Reading
from shared_schemas.rest.previews import PreviewState, VehiclePreview

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(days=1)
"""So a person is told of a car once a day at most."""
AGAIN_AFTER: Final = timedelta(hours=1)
"""Where the experts' side was not reached."""
SPREAD: Final = timedelta(minutes=30)
"""By so much later at most, so that what was begun together does not come together for ever."""
PATIENCE: Final = timedelta(seconds=2)
DUE_EVERY: Final = timedelta(minutes=1)
AT_ONCE: Final = 200
"""No more within DUE_EVERY: other work of the worker comes between."""


async def have_looked_at(session: Session, now: datetime) -> None:
    """Have some cars looked at whose turn it is; the others wait for the next time."""
    due = await session.scalars(
        select(Watch)
        .where(Watch.look_at <= now)
        .order_by(Watch.look_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for watch in due.all():
        watch.look_at = _later(now, EVERY)
        work = LookAtWatched(account_id=watch.account_id, inspection_id=watch.inspection_id)
        await outbox.enqueue(session, work, now=now)


async def on_look_at_watched(
    session: Session, work: LookAtWatched, incoming: Incoming, *, peer: Peer
) -> None:
    """Tell the person if there is something new of the car; end what is over, or no longer theirs to see."""
    now = incoming.now
    inspection = next(iter(await inspections.inspections(session, [work.inspection_id])), None)
    reading = reading_of(inspection) if inspection is not None else None
    preview = await _counted(peer, reading) if reading is not None else None
    watch = await queries.locked(session, work.account_id, work.inspection_id)
    if watch is None:
        return
    person = await accounts.client(session, watch.account_id)
    if (
        person is None
        or inspection is None
        or reading is None
        or not await _sees(session, person, inspection)
    ):
        await service.drop(session, watch)
    elif watch.ends_at <= now:
        await _tell(session, watch, inspection, NotificationKind.WATCH_ENDED, now=now)
        await service.drop(session, watch)
    elif preview is None:
        watch.look_at = _later(now, AGAIN_AFTER)
    else:
        answers = await queries.answers_of_others(session, person, inspection)
        await _note(session, watch, inspection, preview, answers, now=now)


async def _note(
    session: Session,
    watch: Watch,
    inspection: Inspection,
    preview: VehiclePreview,
    answers: dict[str, int],
    *,
    now: datetime,
) -> None:
    """Note what there is now, and tell the person if something of it is new. The first time nothing is."""
    news: list[WatchNews] = []
    if preview.state is not PreviewState.UNKNOWN:
        counts = {f"{one.source} {one.kind}": one.records for one in preview.blocks}
        if _is_more(watch.records, counts):
            news.append(WatchNews.RECORDS)
        # The most of each: what is gone for a day, while an import is done anew, is not new when it is back.
        watch.records = dict(Counter(watch.records or {}) | Counter(counts))
    if _is_more(watch.answers, answers):
        news.append(WatchNews.CHECK)
    watch.answers, watch.looked_at = answers, now
    if news:
        watch.news, watch.told_at = [str(one) for one in news], now
        await _tell(session, watch, inspection, NotificationKind.CAR_NEWS, now=now)


def _is_more(before: Mapping[str, int] | None, now: Mapping[str, int]) -> bool:
    return before is not None and any(count > before.get(name, 0) for name, count in now.items())


def _later(now: datetime, after: timedelta) -> datetime:
    return now + after + SPREAD * random.random()  # noqa: S311 - it keeps no secret


async def _counted(peer: Peer, reading: Reading) -> VehiclePreview | None:
    """How many records there are, as far as the experts' side keeps any; None where it is not reached in time."""
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            return await peer.get(target_of(reading), VehiclePreview)
    except (TimeoutError, PeerUnavailable) as error:
        log.info("watched_car_unknown", error=type(error).__name__)
        return None
    except (PeerRefused, NotFound):
        return VehiclePreview(state=PreviewState.UNKNOWN)


async def _sees(session: Session, person: Client, inspection: Inspection) -> bool:
    """Whether the person still sees the inspection: they may have left its company."""
    if inspection.erased_at is not None:
        return False
    try:
        await inspections.inspection(session, inspection.id, client=person)
    except NotFound:
        return False
    return True


async def _tell(
    session: Session, watch: Watch, inspection: Inspection, kind: NotificationKind, *, now: datetime
) -> None:
    await notices.tell(
        session,
        event_id=new_id(),
        person_id=watch.account_id,
        kind=kind,
        subject_id=inspection.id,
        number=inspection.number,
        now=now,
    )
