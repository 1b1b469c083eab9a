"""Where messages come in that the peer, or this service itself, sends over `bus.http`."""

from collections.abc import Collection
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request

from service_kit import failpoints
from service_kit.bus import MAX_BODY_BYTES, Message
from service_kit.bus.http import PREFIX, target_of
from service_kit.bus.queue_table import accept
from service_kit.bus.tables import QueuedMessageColumns
from service_kit.http.problems import NotFound, NotSignedIn
from service_kit.logs import CORRELATION_HEADER
from service_kit.pool import Pool
from service_kit.signing import BadSignature, KeyRing


def inbound_router(
    pool: Pool, table: type[QueuedMessageColumns], *, queues: Collection[str], keys: KeyRing
) -> APIRouter:
    """The address at which a service takes messages for the queues that it owns.

    Answers 202 once the message is committed. A request recorded and sent again within the replay window does no
    harm: the message is delivered a second time, and the inbox drops it.
    """
    router = APIRouter(prefix=PREFIX, include_in_schema=False)

    @router.post("/queues/{queue}/messages", status_code=HTTPStatus.ACCEPTED, max_body_size=MAX_BODY_BYTES)
    async def receive_message(queue: str, message_id: UUID, request: Request) -> None:  # pyright: ignore[reportUnusedFunction] - the router keeps it
        body = await request.body()
        try:
            keys.verify_request(
                "POST", target_of(queue, message_id), request.headers, body, datetime.now(UTC)
            )
        except BadSignature:
            raise NotSignedIn from None
        if queue not in queues:
            raise NotFound
        correlation_id = request.headers.get(CORRELATION_HEADER, "")[:64]
        async with pool.statements() as session:
            await accept(session, table, Message(queue, message_id, body, correlation_id))
        failpoints.reach(failpoints.Point.ACCEPTED)

    return router
