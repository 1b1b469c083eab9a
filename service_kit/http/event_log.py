"""The outbox as a log, for the peer that catches up (see `resync`)."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select

from service_kit.http.edge import Reading
from service_kit.http.peer_access import only_peer
from service_kit.http.route import CheckedRoute
from service_kit.inbox import IncomingStreamColumns
from service_kit.outbox import Outbox
from service_kit.paging import decode_cursor, encode_cursor, instant
from service_kit.resync import BEGINNING, SNAPSHOT_PAGE
from shared_schemas.rest.streams import (
    Snapshot,
    StreamHead,
    StreamHeads,
    StreamsTakenIn,
    StreamTakenIn,
)

HEADS_PAGE: Final = 500


def stream_routes(outbox: Outbox, incoming: type[IncomingStreamColumns], *, noun: str) -> APIRouter:
    """The peer's side: `/internal/v1/{noun}` (heads), `…/{id}/snapshot`, and `…/taken-in`."""
    router = APIRouter(
        prefix=f"/internal/v1/{noun}",
        tags=["internal"],
        dependencies=[Depends(only_peer)],
        route_class=CheckedRoute,
    )

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

    @router.get("/taken-in", name=f"list_{noun}_taken_in")
    async def list_taken_in(  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        session: Reading, after: Annotated[str | None, Query(max_length=400)] = None
    ) -> StreamsTakenIn:
        """How far the peer's own events took effect here: what it goes by after a restore."""
        (place,) = decode_cursor(after, UUID) or (UUID(int=0),)
        rows = (
            await session.scalars(
                select(incoming)
                .where(incoming.aggregate_id > place)
                .order_by(incoming.aggregate_id)
                .limit(HEADS_PAGE)
            )
        ).all()
        return StreamsTakenIn(
            streams=tuple(
                StreamTakenIn(inspection_id=row.aggregate_id, last_seq=row.last_seq) for row in rows
            ),
            next_page=encode_cursor(rows[-1].aggregate_id) if len(rows) == HEADS_PAGE else None,
        )

    @router.get("/{inspection_id}/snapshot", name=f"get_{noun}_snapshot")
    async def get_snapshot(  # pyright: ignore[reportUnusedFunction] - FastAPI calls it
        inspection_id: UUID,
        session: Reading,
        after_seq: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
        limit: Annotated[
            int | None,
            Query(ge=1, le=SNAPSHOT_PAGE, description="Without it all: older peers know no pages."),
        ] = None,
    ) -> Snapshot:
        found = await outbox.events_after(session, inspection_id, after_seq, limit=limit and limit + 1)
        events = found[:limit]
        last_seq = events[-1].aggregate_seq or 0 if events else after_seq
        return Snapshot(
            inspection_id=inspection_id,
            last_seq=last_seq,
            events=tuple(events),
            next_after_seq=last_seq if len(found) > len(events) else None,
        )

    return router
