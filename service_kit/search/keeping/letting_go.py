"""Whether an index has let go of what was erased: nobody is told that it is gone before."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from service_kit.bus import RetryLater
from service_kit.db import ReadSession
from service_kit.inbox import Incoming

log = structlog.get_logger(__name__)

WORTH_SAYING: Final = timedelta(minutes=1)
# No removal is fed to a copy that goes: what it still holds goes with it.
_MAY_HOLD: Final = """
SELECT EXISTS (SELECT FROM search_marks WHERE id = ANY ($1::uuid[]) AND version <> fed)
    OR EXISTS (SELECT FROM search_copies WHERE state = 'dropping')
"""


async def may_hold(session: ReadSession, ids: Collection[UUID]) -> bool:
    """Whether a copy of the index may hold one of these documents as it was before it changed last."""
    [[found]] = await session.fetch(_MAY_HOLD, list(ids))
    return bool(found)


async def wait_for(session: ReadSession, ids: Collection[UUID], incoming: Incoming) -> None:
    """For work that says that these were erased. Raises RetryLater while a copy of the index may hold one."""
    if not await may_hold(session, ids):
        return
    if incoming.now - incoming.occurred_at > WORTH_SAYING:
        log.warning("erasure_waits_for_index", documents=len(ids), since=incoming.occurred_at.isoformat())
    raise RetryLater("the search index may still hold what was erased")
