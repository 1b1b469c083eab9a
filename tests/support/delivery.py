"""What a service announced, and its own work done here and now instead of by a relay and a worker."""

from sqlalchemy import func, select, update

from service_kit.backbone import Backbone
from service_kit.inbox import Handlers, Outcome
from service_kit.outbox import envelope_of
from shared_schemas.envelope import Envelope

MAX_ROUNDS = 20


async def announced(backbone: Backbone) -> list[Envelope]:
    """Every event for the peer, in the order of the outbox."""
    table = backbone.tables.outbox.table
    async with backbone.database.reading() as session:
        rows = await session.scalars(
            select(table).where(table.queue == backbone.tables.queues.peer).order_by(table.position)
        )
        return [envelope_of(row) for row in rows]


async def waiting_work(backbone: Backbone) -> list[Envelope]:
    """The service's own work that is not done yet, in the order of the outbox."""
    table = backbone.tables.outbox.table
    async with backbone.database.reading() as session:
        rows = await session.scalars(
            select(table)
            .where(table.queue == backbone.tables.queues.work, table.sent_at.is_(None))
            .order_by(table.position)
        )
        return [envelope_of(row) for row in rows]


async def do_work(backbone: Backbone, handlers: Handlers) -> list[str]:
    """Do all waiting work, and the work that this makes; returns the names of what was done.

    Raises what a handler raises; that piece of work then waits as before.
    """
    done: list[str] = []
    inbox = backbone.inbox(handlers)
    for _ in range(MAX_ROUNDS):
        waiting = await waiting_work(backbone)
        if not waiting:
            return done
        for envelope in waiting:
            if await inbox.receive_in_transaction(backbone.database, envelope) is Outcome.APPLIED:
                done.append(envelope.name)
            await _mark_done(backbone, envelope)
    raise AssertionError(f"the work makes more work without end: {done}")


async def _mark_done(backbone: Backbone, envelope: Envelope) -> None:
    table = backbone.tables.outbox.table
    async with backbone.database.writing() as session:
        await session.execute(
            update(table)
            .where(table.event_id == envelope.event_id)
            .values(sent_at=func.transaction_timestamp())
        )
