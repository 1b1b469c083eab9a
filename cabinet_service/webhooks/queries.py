"""Reads of a company's addresses, and of what was sent there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, func, literal_column, select, tuple_

from cabinet_service.webhooks.domain import WebhookDeliveryState
from cabinet_service.webhooks.models import (
    IS_MISSED,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookSecret,
)
from service_kit.db import ReadSession
from service_kit.http.problems import NotFound
from service_kit.paging import Page

MISSED: Final = frozenset({WebhookDeliveryState.FAILED, WebhookDeliveryState.SKIPPED})


def is_missed() -> ColumnElement[bool]:
    """Whether a delivery failed or was skipped, said so that its index is used."""
    return literal_column(IS_MISSED, Boolean)


async def endpoints(session: ReadSession, company_id: UUID) -> Sequence[WebhookEndpoint]:
    """The oldest first."""
    rows = await session.scalars(
        select(WebhookEndpoint)
        .where(WebhookEndpoint.company_id == company_id, WebhookEndpoint.removed_at.is_(None))
        .order_by(WebhookEndpoint.created_at, WebhookEndpoint.id)
    )
    return rows.all()


async def endpoint(session: ReadSession, company_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    """Raises NotFound."""
    found = await session.get(WebhookEndpoint, endpoint_id)
    if found is None or found.company_id != company_id or found.removed_at is not None:
        raise NotFound
    return found


async def count(session: ReadSession, company_id: UUID) -> int:
    of_company = select(func.count()).where(
        WebhookEndpoint.company_id == company_id, WebhookEndpoint.removed_at.is_(None)
    )
    return await session.scalar(of_company) or 0


async def secrets(session: ReadSession, endpoint_id: UUID, *, now: datetime) -> Sequence[WebhookSecret]:
    """Those that sign, the newest first."""
    rows = await session.scalars(
        select(WebhookSecret)
        .where(
            WebhookSecret.endpoint_id == endpoint_id,
            WebhookSecret.expires_at.is_(None) | (WebhookSecret.expires_at > now),
        )
        .order_by(WebhookSecret.created_at.desc(), WebhookSecret.id.desc())
    )
    return rows.all()


async def deliveries(
    session: ReadSession, endpoint_id: UUID, page: Page, *, state: WebhookDeliveryState | None
) -> list[tuple[WebhookDelivery, WebhookEvent]]:
    """One more than the page holds, the youngest first."""
    place = tuple_(WebhookDelivery.created_at, WebhookDelivery.event_id)
    statement = (
        select(WebhookDelivery, WebhookEvent)
        .join(WebhookEvent, WebhookEvent.id == WebhookDelivery.event_id)
        .where(WebhookDelivery.endpoint_id == endpoint_id)
        .order_by(WebhookDelivery.created_at.desc(), WebhookDelivery.event_id.desc())
        .limit(page.limit + 1)
    )
    if state is not None:
        statement = statement.where(WebhookDelivery.state == state)
    if state in MISSED:
        statement = statement.where(is_missed())
    if page.after is not None:
        statement = statement.where(place < page.after)
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def event(session: ReadSession, event_id: UUID) -> WebhookEvent:
    return await session.get_one(WebhookEvent, event_id)


async def delivery(
    session: ReadSession, endpoint_id: UUID, event_id: UUID, *, lock: bool = False
) -> WebhookDelivery:
    """Raises NotFound."""
    found = await session.get(WebhookDelivery, (endpoint_id, event_id), lock=lock)
    if found is None:
        raise NotFound
    return found


async def attempts(session: ReadSession, endpoint_id: UUID, event_id: UUID) -> Sequence[WebhookAttempt]:
    """The first try first."""
    rows = await session.scalars(
        select(WebhookAttempt)
        .where(WebhookAttempt.endpoint_id == endpoint_id, WebhookAttempt.event_id == event_id)
        .order_by(WebhookAttempt.number)
    )
    return rows.all()
