"""Events of the toy service, and what came of them."""

from uuid import UUID

from sqlalchemy import select

from service_kit.db import Database
from service_kit.listen import Listener
from service_kit.relay import Relay
from shared_schemas.envelope import Envelope
from tests.service.kit.conftest import (
    NOW,
    Effect,
    RecordingBus,
    Stepped,
    outbox,
)


async def announce(database: Database, inspection_id: UUID, *steps: int) -> None:
    for step in steps:
        async with database.writing() as session:
            await outbox.add(session, Stepped(inspection_id=inspection_id, step=step), now=NOW)


async def announced(database: Database, inspection_id: UUID) -> list[Envelope]:
    async with database.reading() as session:
        return await outbox.events_after(session, inspection_id, 0)


async def effects(database: Database, inspection_id: UUID) -> list[int]:
    async with database.reading() as session:
        rows = await session.scalars(
            select(Effect.step).where(Effect.inspection_id == inspection_id).order_by(Effect.id)
        )
        return list(rows)


def relay_to(database: Database, bus: RecordingBus) -> Relay:
    return Relay(database, outbox, bus, Listener(database.pool.url))
