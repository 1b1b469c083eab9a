"""Server-sent events out of the hub of live hints."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Final
from uuid import UUID

from fastapi.sse import ServerSentEvent
from pydantic import BaseModel

from service_kit.db import is_database_away
from service_kit.live import Hub, Resync

RECONNECT_MILLISECONDS: Final = 2000
# An ended session is a closed screen within a minute.
ASKED_AGAIN_AFTER: Final = 45.0
# A screen that hears nothing for two and a half times as long takes the connection for dead. It has to be an
# event: browsers keep comments to themselves.
HEARTBEAT_EVERY: Final = 15.0
HEADERS: Final = {"X-Accel-Buffering": "no"}  # a proxy that buffers would hold the news back


class HeartbeatBody(BaseModel):
    """The stream lives; the next sign of that comes after so many seconds at the latest."""

    every_seconds: float


class HintBody(BaseModel):
    """Something about `subject_id` changed: fetch it again."""

    kind: str
    subject_id: UUID


def last_event_id(header: str | None) -> int | None:
    """The id after which to go on; None (from now on) for no header or one that we did not give out."""
    if header and header.isascii() and header.isdigit() and len(header) < len(str(2**63)):
        return int(header)
    return None


async def events(
    hub: Hub, audience: str, last_id: int | None, *, may_go_on: Callable[[], Awaitable[bool]]
) -> AsyncGenerator[ServerSentEvent]:
    """The stream of one screen: `hint` events with ids, `resync` where too much was missed to replay, and
    `heartbeat` where there is nothing to say.

    It begins with an id, so that a screen that is cut off before the first event can go on from there, too.
    Whether its reader may go on reading is asked again every `ASKED_AGAIN_AFTER` seconds; if not, it ends.
    """
    if last_id is None:
        last_id = await hub.newest_id(audience)
    yield ServerSentEvent(comment="open", id=str(last_id), retry=RECONNECT_MILLISECONDS)
    heartbeat = ServerSentEvent(event="heartbeat", data=HeartbeatBody(every_seconds=HEARTBEAT_EVERY))
    ask_at = time.monotonic() + ASKED_AGAIN_AFTER
    async for hint in hub.stream(audience, last_id, patience=HEARTBEAT_EVERY):
        if time.monotonic() >= ask_at:
            if not await _or_nobody_knows(may_go_on):
                return
            ask_at = time.monotonic() + ASKED_AGAIN_AFTER
        if hint is None:
            yield heartbeat
        elif isinstance(hint, Resync):
            yield ServerSentEvent(event="resync", id=str(hint.last_id), data={})
        else:
            body = HintBody(kind=hint.kind, subject_id=hint.subject_id)
            yield ServerSentEvent(event="hint", id=str(hint.id), data=body)


async def _or_nobody_knows(may_go_on: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await may_go_on()
    except Exception as error:
        if not is_database_away(error):
            raise
        return True  # nor is there any news while the database is away
