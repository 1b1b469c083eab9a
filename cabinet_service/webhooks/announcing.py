"""Putting down what happened for whoever wants to be told, in the transaction in which it happens."""

from datetime import datetime
from typing import Final
from uuid import UUID

from service_kit.db import ReadSession, Session
from service_kit.ids import new_id
from service_kit.writes import Write
from shared_schemas.webhooks import MOST_BYTES, InspectionNotice, Notice, Webhook, WebhookType

CHANNEL: Final = "webhooks"
"""NOTIFY: there is something to send."""

_WANTED: Final = """
SELECT FROM webhook_endpoints WHERE company_id = $1 AND $2 = ANY (events) AND removed_at IS NULL LIMIT 1
"""
_EVENT: Final = """
INSERT INTO webhook_events (id, company_id, inspection_id, type, body, occurred_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING 1
"""
_DELIVERIES: Final = """
INSERT INTO webhook_deliveries
    (endpoint_id, event_id, inspection_id, sequence, state, due_at, tries, attempts, created_at)
SELECT endpoint.id, $1, $3, $8,
    CASE WHEN endpoint.disabled_at IS NULL THEN 'pending' ELSE 'skipped' END,
    $7, 0, 0, $7
FROM webhook_endpoints AS endpoint
WHERE endpoint.company_id = $2 AND $4 = ANY (endpoint.events) AND endpoint.removed_at IS NULL
RETURNING pg_notify('webhooks', '')
"""
_TABLES: Final = frozenset(("webhook_events", "webhook_deliveries"))
_REFERS: Final = frozenset(("inspections",))


async def is_wanted(session: ReadSession, company_id: UUID, kind: WebhookType) -> bool:
    """Whether an address of the company is to be told of such a thing."""
    return bool(await session.fetch(_WANTED, company_id, kind))


def announce(
    session: Session, kind: WebhookType, notice: InspectionNotice, *, occurred_at: datetime, now: datetime
) -> None:
    """Have it told to each address of the company that wants it. The inspection is locked by the caller.

    What happened to an inspection is sent in the order in which it was put down.
    """
    event_id = new_id()
    values = (
        event_id,
        notice.company_id,
        notice.inspection_id,
        kind,
        body_of(event_id, kind, notice, occurred_at=occurred_at),
        occurred_at,
        now,
        notice.sequence,
    )
    session.hold(Write(_DELIVERIES, values, _TABLES, before=(_EVENT,), refers_to=_REFERS))


def body_of(event_id: UUID, kind: WebhookType, notice: Notice, *, occurred_at: datetime) -> str:
    """The body of the request, as it is kept, signed and sent. Raises ValueError if it is too large."""
    webhook = Webhook(id=event_id, type=kind, timestamp=occurred_at, data=notice)
    body = webhook.model_dump_json()
    if len(body.encode()) > MOST_BYTES:
        raise ValueError(f"{kind} is larger than a webhook may be")
    return body
