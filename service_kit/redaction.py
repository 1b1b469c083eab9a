"""Taking what is personal out of the log.

Events are kept for ever (`outbox`), and wait in several places on their way. Erasing somebody's data redacts the
events of what was theirs in all of those places; ids, numbers, times and states stay, so that the log can still
be read, counted and sent again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import delete, func, select, update

from service_kit.bus.tables import DeadLetterColumns, QueuedMessageColumns
from service_kit.db import Session
from service_kit.inbox import ParkedEventColumns
from service_kit.outbox import OutboxColumns
from shared_schemas.envelope import Envelope, Event, name_of
from shared_schemas.events import BPA_EVENTS, CABINET_EVENTS
from shared_schemas.personal import redact

_EVENTS: Final[Mapping[str, type[Event]]] = {
    name_of(event): event for event in (*CABINET_EVENTS, *BPA_EVENTS)
}


def redacted(envelope: Envelope) -> Envelope:
    """The envelope without what is personal in its event. Of one that cannot be read only the id is left."""
    try:
        data = redact(_EVENTS[envelope.name].model_validate(envelope.data)).model_dump(mode="json")
    except (KeyError, ValidationError):
        data = {"inspection_id": str(envelope.aggregate_id)}
    return envelope.model_copy(update={"data": data})


@dataclass(frozen=True, slots=True)
class Redaction:
    """The places of one service in which events are kept, or wait."""

    outbox: type[OutboxColumns]
    parked: type[ParkedEventColumns]
    queued: type[QueuedMessageColumns]
    dead: type[DeadLetterColumns]

    async def redact(self, session: Session, aggregate_id: UUID) -> None:
        """Redact every event of the aggregate, own and peer's, sent or not. Done again it does no harm."""
        await self._redact_outbox(session, aggregate_id)
        await self._redact_parked(session, aggregate_id)
        await self._redact_bodies(session, self.queued, aggregate_id, {"last_error": None})
        await self._redact_bodies(session, self.dead, aggregate_id, {"reason": "erased"})

    async def _redact_outbox(self, session: Session, aggregate_id: UUID) -> None:
        outbox = self.outbox
        columns = (outbox.event_id, outbox.type, outbox.version, outbox.occurred_at, outbox.correlation_id)
        rows = await session.execute(select(*columns, outbox.data).where(outbox.aggregate_id == aggregate_id))
        for row in rows.mappings().all():
            envelope = redacted(Envelope(aggregate_id=aggregate_id, **row))
            await session.execute(
                update(outbox)
                .where(outbox.event_id == envelope.event_id)
                .values(data=envelope.data, last_error=None)
            )

    async def _redact_parked(self, session: Session, aggregate_id: UUID) -> None:
        parked = self.parked
        found = await session.scalars(select(parked.envelope).where(parked.aggregate_id == aggregate_id))
        for envelope in map(Envelope.model_validate, found.all()):
            await session.execute(
                update(parked)
                .where(parked.aggregate_id == aggregate_id, parked.aggregate_seq == envelope.aggregate_seq)
                .values(envelope=redacted(envelope).model_dump(mode="json"))
            )

    async def _redact_bodies(
        self,
        session: Session,
        table: type[QueuedMessageColumns] | type[DeadLetterColumns],
        aggregate_id: UUID,
        errors: dict[str, Any],
    ) -> None:
        """Bodies have no index by aggregate: both tables are short, or there is an alarm."""
        mentions_it = func.encode(table.body, "escape").contains(str(aggregate_id))
        rows = await session.execute(select(table.queue, table.message_id, table.body).where(mentions_it))
        for queue, message_id, body in rows.all():
            this = (table.queue == queue) & (table.message_id == message_id)
            try:
                envelope = Envelope.model_validate_json(body)
            except ValidationError:
                await session.execute(delete(table).where(this))  # no replay could ever help it
                continue
            if envelope.aggregate_id != aggregate_id:
                continue  # work that names it, by its id
            values: dict[str, Any] = {"body": redacted(envelope).model_dump_json().encode(), **errors}
            await session.execute(update(table).where(this).values(values))
