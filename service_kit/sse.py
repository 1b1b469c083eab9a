"""Server-sent events out of the hub of live hints."""

from collections.abc import AsyncGenerator
from typing import Final
from uuid import UUID

from fastapi.sse import ServerSentEvent
from pydantic import BaseModel

from service_kit.live import Hub, Resync

RECONNECT_MILLISECONDS: Final = 2000
HEADERS: Final = {"X-Accel-Buffering": "no"}  # a proxy that buffers would hold the news back


class HintBody(BaseModel):
    """Something about `subject_id` changed: fetch it again."""

    kind: str
    subject_id: UUID


def last_event_id(header: str | None) -> int | None:
    """The id after which to go on; None (from now on) for no header or one that we did not give out."""
    if header and header.isascii() and header.isdigit() and len(header) < len(str(2**63)):
        return int(header)
    return None


async def events(hub: Hub, audience: str, last_id: int | None) -> AsyncGenerator[ServerSentEvent]:
    """The stream of one screen: `hint` events with ids, and `resync` where too much was missed to replay."""
    yield ServerSentEvent(comment="open", retry=RECONNECT_MILLISECONDS)
    async for hint in hub.stream(audience, last_id):
        if isinstance(hint, Resync):
            yield ServerSentEvent(event="resync", id=str(hint.last_id), data={})
        else:
            body = HintBody(kind=hint.kind, subject_id=hint.subject_id)
            yield ServerSentEvent(event="hint", id=str(hint.id), data=body)
