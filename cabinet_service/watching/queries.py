"""Reads of watched cars, scoped by the client who asks."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select

from cabinet_service.accounts.domain import Client
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.viewing.queries import lines_of
from cabinet_service.watching.models import Watch
from service_kit.db import ReadSession, Session


class Watched(NamedTuple):
    """A watch, and the inspection whose car it is."""

    watch: Watch
    inspection: Inspection


async def all_of(session: ReadSession, client: Client) -> Sequence[Watched]:
    """What the client watches, and still sees; the newest first. There are not many."""
    rows = await session.execute(
        select(Watch, Inspection)
        .join(Inspection, Inspection.id == Watch.inspection_id)
        .where(Watch.account_id == client.account_id, or_(*lines_of(client)))
        .order_by(Watch.started_at.desc(), Watch.inspection_id)
    )
    return [Watched(watch, inspection) for watch, inspection in rows]


async def watch_of(session: ReadSession, account_id: UUID, inspection_id: UUID) -> Watch | None:
    return await session.get(Watch, (account_id, inspection_id))


async def locked(session: Session, account_id: UUID, inspection_id: UUID) -> Watch | None:
    """The same, locked until the transaction ends."""
    return await session.get(Watch, (account_id, inspection_id), lock=True)


async def count_of(session: ReadSession, account_id: UUID) -> int:
    return await session.scalar(select(func.count()).where(Watch.account_id == account_id)) or 0
