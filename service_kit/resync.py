"""Catching up: whatever was lost on the way, the peer's own log still has it.

Each side knows the number of the last event of every aggregate that took effect here. It asks the peer for the
events after it and takes them in through the same inbox as any other delivery.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Query

from service_kit.db import Database, database_now, is_database_away
from service_kit.http.edge import Reading
from service_kit.http.peer import Peer, PeerUnavailable, only_peer
from service_kit.http.problems import NotFound
from service_kit.inbox import Inbox
from service_kit.outbox import Outbox
from service_kit.paging import decode_cursor, encode_cursor, instant
from shared_schemas.rest.streams import Snapshot, StreamHead, StreamHeads

log = structlog.get_logger(__name__)

HEADS_PAGE: Final = 500
# An event ahead of its turn waits this long for its predecessor before the peer is asked for it.
GAP_PATIENCE: Final = timedelta(seconds=15)
HEAL_INTERVAL: Final = 5.0
# How often, and how far back, everything that moved is compared: finds an event lost with nothing after it.
COMPARE_INTERVAL: Final = timedelta(minutes=10)
COMPARE_WINDOW: Final = timedelta(hours=24)
BEGINNING: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Resync:
    """Brings this service up to date with its peer. `noun` is what the peer calls its aggregates."""

    def __init__(self, database: Database, inbox: Inbox, peer: Peer, *, noun: str) -> None:
        self._database = database
        self._inbox = inbox
        self._peer = peer
        self._path = f"/internal/v1/{noun}"

    async def catch_up(self, inspection_id: UUID) -> int:
        """Take in every event of one aggregate that is missing here; returns how many there were."""
        async with self._database.reading() as session:
            last_seq = await self._inbox.last_seq(session, inspection_id)
        snapshot = await self._peer.get(
            f"{self._path}/{inspection_id}/snapshot?after_seq={last_seq}", Snapshot
        )
        for envelope in snapshot.events:
            await self._inbox.receive_in_transaction(self._database, envelope)
        return len(snapshot.events)

    async def catch_up_all(
        self, since: datetime = BEGINNING, *, on_progress: Callable[[UUID, int], None] | None = None
    ) -> int:
        """`catch_up` for every aggregate that moved at the peer after `since`; returns the events taken in."""
        taken = 0
        page: str | None = encode_cursor(since.isoformat(), UUID(int=0))
        while page is not None:
            heads = await self._peer.get(f"{self._path}?{urlencode({'after': page})}", StreamHeads)
            for head in heads.heads:
                async with self._database.reading() as session:
                    behind = await self._inbox.last_seq(session, head.inspection_id) < head.last_seq
                if behind:
                    count = await self.catch_up(head.inspection_id)
                    taken += count
                    if on_progress is not None:
                        on_progress(head.inspection_id, count)
            page = heads.next_page
        return taken

    async def heal_forever(self) -> None:
        """Close gaps as they show, and compare everything recent now and then, until cancelled."""
        compare_at = datetime.now(UTC) + COMPARE_INTERVAL
        while True:
            await asyncio.sleep(HEAL_INTERVAL)
            try:
                await self.heal_gaps()
                if datetime.now(UTC) >= compare_at:
                    await self.catch_up_all(datetime.now(UTC) - COMPARE_WINDOW)
                    compare_at = datetime.now(UTC) + COMPARE_INTERVAL
            except (PeerUnavailable, NotFound) as error:
                log.warning("resync_postponed", error=str(error))
            except Exception as error:
                if not is_database_away(error):
                    # One event that cannot be applied must not stop the healing of all others.
                    log.exception("resync_failed")

    async def heal_gaps(self, patience: timedelta = GAP_PATIENCE) -> None:
        """Ask the peer for what aggregates with a set-aside event have been missing longer than `patience`."""
        async with self._database.reading() as session:
            now = await database_now(session)
            waiting = await self._inbox.waiting_since(session, now - patience, limit=100)
        for aggregate_id in waiting:
            count = await self.catch_up(aggregate_id)
            log.info("gap_healed", aggregate_id=str(aggregate_id), events=count)


def stream_routes(outbox: Outbox, *, noun: str) -> APIRouter:
    """The peer's side: `/internal/v1/{noun}` (heads) and `/internal/v1/{noun}/{id}/snapshot`."""
    router = APIRouter(prefix=f"/internal/v1/{noun}", tags=["internal"], dependencies=[Depends(only_peer)])

    @router.get("", name=f"list_{noun}_heads")
    async def list_heads(  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        session: Reading, after: Annotated[str | None, Query(max_length=400)] = None
    ) -> StreamHeads:
        moved_at, place = decode_cursor(after, instant, UUID) or (BEGINNING, UUID(int=0))
        rows = await outbox.heads_after(session, moved_at, place, HEADS_PAGE)
        heads = [
            StreamHead(inspection_id=row.aggregate_id, last_seq=row.last_seq, moved_at=row.moved_at)
            for row in rows
        ]
        last = heads[-1] if len(heads) == HEADS_PAGE else None
        return StreamHeads(
            heads=tuple(heads),
            next_page=encode_cursor(last.moved_at.isoformat(), last.inspection_id) if last else None,
        )

    @router.get("/{inspection_id}/snapshot", name=f"get_{noun}_snapshot")
    async def get_snapshot(  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        inspection_id: UUID, session: Reading, after_seq: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0
    ) -> Snapshot:
        events = await outbox.events_after(session, inspection_id, after_seq)
        last_seq = events[-1].aggregate_seq or 0 if events else after_seq
        return Snapshot(inspection_id=inspection_id, last_seq=last_seq, events=tuple(events))

    return router
