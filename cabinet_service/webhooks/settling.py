"""What comes of a try: the delivery ends or is due again, and an address that fails for days is turned off."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import UUID

from sqlalchemy import select, update

from cabinet_service.accounts import queries as accounts
from cabinet_service.db.tables import outbox
from cabinet_service.notifications.kinds import WebhookNews
from cabinet_service.webhooks import domain
from cabinet_service.webhooks.domain import WebhookDeliveryState, WhyOff
from cabinet_service.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from cabinet_service.webhooks.receiver import Answer
from cabinet_service.webhooks.work import SendWebhookNews
from service_kit import audit
from service_kit.db import Session


@dataclass(frozen=True, slots=True)
class Tried:
    """One try. `number` names it among those of its delivery."""

    endpoint_id: UUID
    event_id: UUID
    number: int
    began_at: datetime
    took: timedelta
    answer: Answer


async def settle(session: Session, tried: Tried, *, now: datetime) -> None:
    """Write down what came of a try, unless somebody else has claimed the delivery since."""
    endpoint = await locked(session, tried.endpoint_id)
    delivery = await session.get(WebhookDelivery, (tried.endpoint_id, tried.event_id), lock=True)
    if endpoint is None or delivery is None or delivery.attempts != tried.number:
        return
    answer = tried.answer
    session.add(
        WebhookAttempt(
            endpoint_id=tried.endpoint_id,
            event_id=tried.event_id,
            number=tried.number,
            began_at=tried.began_at,
            took_ms=round(tried.took.total_seconds() * 1000),
            status=answer.status,
            error=answer.error,
            answer=answer.body,
        )
    )
    if delivery.state is not WebhookDeliveryState.PENDING:
        return  # turned off meanwhile
    delivery.tries += 1
    if domain.is_taken(answer.status):
        _end(delivery, WebhookDeliveryState.DELIVERED, now=now)
        endpoint.failing_since = endpoint.warned_at = None
        if delivery.tries > 1:
            await _move_line(session, delivery, now)
        return
    wait = domain.wait_after(delivery.tries, retry_after=answer.retry_after, chance=random.random)
    if wait is None or delivery.is_test:
        _end(delivery, WebhookDeliveryState.FAILED, now=now)
        await _move_line(session, delivery, now)
    else:
        delivery.due_at = now + wait
        await _move_line(session, delivery, delivery.due_at)
    if not delivery.is_test:
        await _note_failure(session, endpoint, answer.status, now=now)


async def locked(session: Session, endpoint_id: UUID) -> WebhookEndpoint | None:
    """The address, locked for whoever wants to change it, and not for what refers to it; None once removed."""
    one = select(WebhookEndpoint).where(
        WebhookEndpoint.id == endpoint_id, WebhookEndpoint.removed_at.is_(None)
    )
    return await session.scalar(one.with_for_update(key_share=True))


async def turn_off(session: Session, endpoint: WebhookEndpoint, why: WhyOff, *, now: datetime) -> None:
    """Tell it of nothing any more. What waited for it is skipped, and can be replayed."""
    endpoint.disabled_at, endpoint.disabled_why = now, why
    await session.execute(
        update(WebhookDelivery)
        .where(
            WebhookDelivery.endpoint_id == endpoint.id,
            WebhookDelivery.state == WebhookDeliveryState.PENDING,
            ~WebhookDelivery.is_test,
        )
        .values(state=WebhookDeliveryState.SKIPPED, finished_at=now)
    )


async def _move_line(session: Session, first: WebhookDelivery, due_at: datetime) -> None:
    """Have what stands behind it, and was never tried, wait as long as it does.

    It could not be sent before anyway, and of a heap that waits a claim would look at each in vain.
    """
    if first.inspection_id is None:
        return
    row = WebhookDelivery
    await session.execute(
        update(row)
        .where(
            row.endpoint_id == first.endpoint_id,
            row.inspection_id == first.inspection_id,
            row.state == WebhookDeliveryState.PENDING,
            row.attempts == 0,
        )
        .values(due_at=due_at)
    )


def _end(delivery: WebhookDelivery, state: WebhookDeliveryState, *, now: datetime) -> None:
    delivery.state, delivery.finished_at = state, now


async def _note_failure(
    session: Session, endpoint: WebhookEndpoint, status: int | None, *, now: datetime
) -> None:
    if endpoint.disabled_at is not None:
        return
    failing_since = endpoint.failing_since = endpoint.failing_since or now
    if status == HTTPStatus.GONE:
        news = WebhookNews.GONE
    else:
        news = domain.news_of_failure(
            now=now, failing_since=failing_since, is_warned=endpoint.warned_at is not None
        )
    if news is None:
        return
    endpoint.warned_at = now
    if news is not WebhookNews.FAILING:
        await turn_off(
            session, endpoint, WhyOff.GONE if news is WebhookNews.GONE else WhyOff.FAILING, now=now
        )
        details = {"endpoint_id": endpoint.id, "why": news}
        audit.record(
            session, "webhook_disabled", by=None, now=now, subject_id=endpoint.company_id, details=details
        )
    await tell_admins(session, endpoint, news, now=now)


async def tell_admins(
    session: Session, endpoint: WebhookEndpoint, news: WebhookNews, *, now: datetime
) -> None:
    """Have the company's administrators written to about an address."""
    for account_id in await accounts.admins_of(session, endpoint.company_id):
        work = SendWebhookNews(account_id=account_id, endpoint_id=endpoint.id, news=news)
        await outbox.enqueue(session, work, now=now)
