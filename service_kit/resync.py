"""Catching up: whatever was lost on the way, the peer's own log still has it.

Each side knows the number of the last event of every aggregate that took effect here. It asks the peer for the
events after it and takes them in through the same inbox as any other delivery.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import structlog
from sqlalchemy import text

from service_kit import logs
from service_kit.db import Database, database_now, is_database_away
from service_kit.http.peer import Peer, PeerUnavailable
from service_kit.http.problems import NotFound
from service_kit.inbox import Inbox
from service_kit.numbers import SKIP_AHEAD
from service_kit.paging import encode_cursor
from service_kit.stuck import Stuck
from shared_schemas.rest.streams import Snapshot, StreamHeads, StreamsTakenIn

log = structlog.get_logger(__name__)

# An event has at most 256 KiB, and most have one: a page is far from what a request may take.
SNAPSHOT_PAGE: Final = 100
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
        self.stuck = Stuck()

    async def go_on_after_a_restore(self) -> dict[UUID, int]:
        """Number the next events of this service so that the peer takes them for new ones, and pass over the
        numbers by which it may know things that are lost here.

        Returns, by aggregate, how many events the peer has taken in that are not in this log: none, unless the
        database was restored to an earlier moment than the peer's. Raises PeerUnavailable.
        """
        lost: dict[UUID, int] = {}
        page: str | None = encode_cursor(UUID(int=0))
        while page is not None:
            path = f"{self._path}/taken-in?{urlencode({'after': page})}"
            answer = await self._peer.get(path, StreamsTakenIn)
            taken_in = {one.inspection_id: one.last_seq for one in answer.streams}
            if taken_in:
                async with self._database.writing() as session:
                    lost_of_page = await self._inbox.outbox.go_on_after(session, taken_in)
                    if lost_of_page and not lost:
                        await session.execute(text(SKIP_AHEAD))
                    lost |= lost_of_page
            page = answer.next_page
        return lost

    async def catch_up(self, inspection_id: UUID) -> int:
        """Take in every event of one aggregate that is missing here; returns how many there were.

        Raises what the first one that cannot be taken in raises; those before it have taken effect.
        """
        async with self._database.reading() as session:
            last_seq = await self._inbox.last_seq(session, inspection_id)
        taken = 0
        after_seq: int | None = last_seq
        while after_seq is not None:
            path = f"{self._path}/{inspection_id}/snapshot?after_seq={after_seq}&limit={SNAPSHOT_PAGE}"
            snapshot = await self._peer.get(path, Snapshot)
            for envelope in snapshot.events:
                await self._inbox.receive_in_transaction(self._database, envelope)
            taken += len(snapshot.events)
            after_seq = snapshot.next_after_seq
        return taken

    async def catch_up_all(
        self, since: datetime = BEGINNING, *, on_progress: Callable[[UUID, int], None] | None = None
    ) -> int:
        """`catch_up` for every aggregate that moved at the peer after `since`; returns the events taken in.

        One that cannot be brought up to date is left out and rests for a while (`stuck`). Raises PeerUnavailable,
        and whatever says that the database is away.
        """
        taken = 0
        page: str | None = encode_cursor(since.isoformat(), UUID(int=0))
        while page is not None:
            heads = await self._peer.get(f"{self._path}?{urlencode({'after': page})}", StreamHeads)
            resting = set(self.stuck.resting(datetime.now(UTC)))
            for head in heads.heads:
                if head.inspection_id in resting:
                    continue
                async with self._database.reading() as session:
                    behind = await self._inbox.last_seq(session, head.inspection_id) < head.last_seq
                if behind:
                    count = await self._try_to_catch_up(head.inspection_id)
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
                    log.exception("resync_failed")

    async def heal_gaps(self, patience: timedelta = GAP_PATIENCE) -> None:
        """Ask the peer for what aggregates with a set-aside event have been missing longer than `patience`."""
        resting = self.stuck.resting(datetime.now(UTC))
        async with self._database.reading() as session:
            now = await database_now(session)
            waiting = await self._inbox.waiting_since(session, now - patience, limit=100, but=resting)
        for aggregate_id in waiting:
            count = await self._try_to_catch_up(aggregate_id)
            log.info("gap_healed", aggregate_id=str(aggregate_id), events=count)

    async def _try_to_catch_up(self, aggregate_id: UUID) -> int:
        """`catch_up`, which must not hold up any other. What would fail for all of them alike is raised."""
        with logs.correlated(""):  # or what is logged next would belong to the last event that was taken in
            try:
                count = await self.catch_up(aggregate_id)
            except PeerUnavailable:
                raise
            except Exception as error:
                if is_database_away(error):
                    raise
                self.stuck.failed(aggregate_id, error, datetime.now(UTC))
                return 0
        self.stuck.succeeded(aggregate_id)
        return count
