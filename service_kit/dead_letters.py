"""Dead letters: messages that were given up on, kept in the consumer's database until somebody replays them.

They are kept there and not in the broker because a look at a broker's queue is a delivery: RabbitMQ counts it,
and drops the message when it has been looked at too often.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from service_kit.bus import DeadLetter, EventBus, Message
from service_kit.bus.tables import DeadLetterColumns
from service_kit.pool import Pool

LIST_LIMIT: Final = 100


class UnknownDeadLetter(LookupError):
    """There is no dead letter with this queue and id."""

    def __init__(self, queue: str, message_id: UUID) -> None:
        super().__init__(f"no dead letter {message_id} of the queue {queue}")


class DeadLetters:
    """The dead letters of one service."""

    def __init__(self, pool: Pool, table: type[DeadLetterColumns]) -> None:
        self._pool = pool
        self._table = table

    async def bury(self, letter: DeadLetter) -> None:
        """Keep the letter, in a transaction of its own. One that was replayed and died again is overwritten."""
        values = {
            "body": letter.body,
            "correlation_id": letter.correlation_id[:64],
            "reason": letter.reason,
            "attempts": letter.attempts,
            "died_at": func.clock_timestamp(),
            "replayed_at": None,
        }
        table = self._table
        statement = insert(table).values(queue=letter.queue, message_id=letter.message_id, **values)
        async with self._pool.statements() as session:
            await session.execute(
                statement.on_conflict_do_update(index_elements=[table.queue, table.message_id], set_=values)
            )

    async def list(
        self, *, queue: str | None = None, replayed: bool = False, limit: int = LIST_LIMIT
    ) -> Sequence[DeadLetterColumns]:
        """The youngest first; only those that wait for a replay, or with `replayed` all."""
        table = self._table
        statement = select(table).order_by(table.died_at.desc()).limit(limit)
        if queue is not None:
            statement = statement.where(table.queue == queue)
        if not replayed:
            statement = statement.where(table.replayed_at.is_(None))
        async with self._pool.statements() as session:
            return (await session.scalars(statement)).all()

    async def show(self, queue: str, message_id: UUID) -> DeadLetterColumns:
        """Raises UnknownDeadLetter."""
        async with self._pool.statements() as session:
            letter = await session.get(self._table, (queue, message_id))
        if letter is None:
            raise UnknownDeadLetter(queue, message_id)
        return letter

    async def replay(self, bus: EventBus, queue: str, message_id: UUID) -> None:
        """Publish the message again under its old id.

        The inbox does not drop it: what a failed handler had claimed was rolled back. If it dies again, it is a
        dead letter again. Raises UnknownDeadLetter, and BusUnavailable, after which nothing has changed.
        """
        letter = await self.show(queue, message_id)
        await bus.publish(Message(queue, message_id, letter.body, letter.correlation_id))
        # Published first: marked first and then killed, the letter would look replayed and never be. By now the
        # message may have died again; then the mark would hide that.
        table = self._table
        async with self._pool.statements() as session:
            await session.execute(
                update(table)
                .where(table.queue == queue, table.message_id == message_id, table.died_at == letter.died_at)
                .values(replayed_at=func.clock_timestamp())
            )
