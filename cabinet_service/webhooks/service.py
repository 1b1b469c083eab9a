"""What an administrator does with the addresses of a company, and what time does with what was sent there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import delete, func, select, tuple_, update

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.domain import Client
from cabinet_service.audit import actors
from cabinet_service.companies import queries as companies
from cabinet_service.notifications.kinds import WebhookNews
from cabinet_service.webhooks import announcing, domain, errors, queries, settling, signing
from cabinet_service.webhooks.domain import WebhookDeliveryState, WhyOff
from cabinet_service.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookSecret
from cabinet_service.webhooks.schemas import WebhookChangeIn, WebhookIn, WebhookReplayIn
from service_kit import audit, locks, pruning
from service_kit.db import Session, as_system
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.webhooks import TestNotice, WebhookType

if TYPE_CHECKING:
    # Not at the top: a consumer, which seals nothing, need not load it.
    from service_kit.sealing import Seal

FORGOTTEN_EVERY: Final = timedelta(hours=1)
REMOVED_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Managing:
    """An act on the addresses of a company, by a client who may."""

    session: Session
    now: datetime
    company_id: UUID
    client: Client

    async def hold(self) -> None:
        """Let whoever takes the right away wait for this act. Raises as `companies.lock_for`, or KeyRevoked."""
        if self.client.key is not None:
            await accounts.hold_key(self.session, self.client.key)
        else:
            by = actors.client(self.client.account_id)
            await companies.lock_for(self.session, self.company_id, by=by)

    async def endpoint(self, endpoint_id: UUID) -> WebhookEndpoint:
        """An address of the company, locked. Raises NotFound, or as `hold`."""
        await self.hold()
        found = await settling.locked(self.session, endpoint_id)
        if found is None or found.company_id != self.company_id:
            raise NotFound
        return found

    def record(self, act: str, endpoint_id: UUID) -> None:
        by, details = actors.client(self.client.account_id), {"endpoint_id": endpoint_id}
        audit.record(self.session, act, by=by, now=self.now, subject_id=self.company_id, details=details)

    async def tell(self, endpoint: WebhookEndpoint, news: WebhookNews) -> None:
        """Have administrators written to of what a program did: no key that is stolen does it unseen."""
        if self.client.key is None:
            return
        await self.session.flush()
        async with as_system(self.session):  # a program sees nobody of its company
            await settling.tell_admins(self.session, endpoint, news, now=self.now)
            await self.session.flush()


async def create(
    managing: Managing, wanted: WebhookIn, url: str, *, seal: "Seal"
) -> tuple[WebhookEndpoint, str]:
    """A new address and its secret. Raises TooManyWebhooks, or as `Managing.hold`."""
    session, now = managing.session, managing.now
    await managing.hold()
    await locks.hold(session, f"webhooks of {managing.company_id}")  # or two would both be the last
    if await queries.count(session, managing.company_id) >= domain.MOST_ENDPOINTS:
        raise errors.TooManyWebhooks(most=domain.MOST_ENDPOINTS)
    made = WebhookEndpoint(
        id=new_id(),
        company_id=managing.company_id,
        url=url,
        description=wanted.description,
        events=list(wanted.events),
        created_by=managing.client.account_id,
        created_at=now,
    )
    session.add(made)
    managing.record("webhook_created", made.id)
    secret = _new_secret(managing, made.id, seal)
    await managing.tell(made, WebhookNews.ADDED)
    return made, secret


async def change(
    managing: Managing, endpoint_id: UUID, wanted: WebhookChangeIn, url: str | None
) -> WebhookEndpoint:
    """Change what is said of it. What waits for the address goes to the new one. Raises NotFound."""
    endpoint = await managing.endpoint(endpoint_id)
    if url is not None:
        endpoint.url = url
    if wanted.events is not None:
        endpoint.events = list(wanted.events)
    if "description" in wanted.model_fields_set:
        endpoint.description = wanted.description
    if wanted.enabled is False and endpoint.disabled_at is None:
        await settling.turn_off(managing.session, endpoint, WhyOff.BY_ADMIN, now=managing.now)
    if wanted.enabled and endpoint.disabled_at is not None:
        endpoint.disabled_at = endpoint.disabled_why = None
        endpoint.failing_since = endpoint.warned_at = None
    managing.record("webhook_changed", endpoint.id)
    if wanted.model_fields_set != {"description"}:
        await managing.tell(endpoint, WebhookNews.CHANGED)
    return endpoint


async def turn_off_all(session: Session, company_id: UUID, *, now: datetime) -> None:
    """No address of the company is told of anything any more."""
    for one in await queries.endpoints(session, company_id):
        endpoint = await settling.locked(session, one.id)
        if endpoint is not None and endpoint.disabled_at is None:
            await settling.turn_off(session, endpoint, WhyOff.BY_ADMIN, now=now)
            details = {"endpoint_id": endpoint.id}
            audit.record(
                session, "webhook_disabled", by=None, now=now, subject_id=company_id, details=details
            )


async def remove(managing: Managing, endpoint_id: UUID) -> None:
    """It is told of nothing any more, and signs nothing; its log goes by and by. Raises NotFound."""
    endpoint = await managing.endpoint(endpoint_id)
    endpoint.removed_at = managing.now
    await managing.session.execute(delete(WebhookSecret).where(WebhookSecret.endpoint_id == endpoint.id))
    managing.record("webhook_removed", endpoint.id)


async def rotate(
    managing: Managing, endpoint_id: UUID, *, overlap: timedelta, seal: "Seal"
) -> tuple[WebhookEndpoint, str]:
    """A new secret. The one so far signs beside it for `overlap`, and none before that. Raises NotFound."""
    endpoint = await managing.endpoint(endpoint_id)
    secrets, now = WebhookSecret, managing.now
    await managing.session.execute(
        delete(secrets).where(secrets.endpoint_id == endpoint.id, secrets.expires_at.is_not(None))
    )
    await managing.session.execute(
        update(secrets).where(secrets.endpoint_id == endpoint.id).values(expires_at=now + overlap)
    )
    managing.record("webhook_secret_rotated", endpoint.id)
    secret = _new_secret(managing, endpoint.id, seal)
    await managing.tell(endpoint, WebhookNews.ROTATED)
    return endpoint, secret


def _new_secret(managing: Managing, endpoint_id: UUID, seal: "Seal") -> str:
    secret = signing.new_secret()
    managing.session.add(
        WebhookSecret(id=new_id(), endpoint_id=endpoint_id, sealed=seal.seal(secret), created_at=managing.now)
    )
    return secret


async def send_test(managing: Managing, endpoint_id: UUID) -> tuple[WebhookDelivery, WebhookEvent]:
    """Have a test sent there, once, also where it is turned off. Raises NotFound."""
    endpoint = await managing.endpoint(endpoint_id)
    session, now, event_id = managing.session, managing.now, new_id()
    notice = TestNotice(company_id=managing.company_id, endpoint_id=endpoint.id)
    event = WebhookEvent(
        id=event_id,
        company_id=managing.company_id,
        inspection_id=None,
        type=WebhookType.TEST,
        body=announcing.body_of(event_id, WebhookType.TEST, notice, occurred_at=now),
        occurred_at=now,
        created_at=now,
    )
    delivery = WebhookDelivery(
        endpoint_id=endpoint.id,
        event_id=event_id,
        inspection_id=None,
        sequence=0,
        is_test=True,
        state=WebhookDeliveryState.PENDING,
        due_at=now,
        tries=0,
        attempts=0,
        created_at=now,
    )
    session.add_all((event, delivery))
    await _wake(session)
    return delivery, event


async def replay_one(managing: Managing, endpoint_id: UUID, event_id: UUID) -> WebhookDelivery:
    """Have it sent again, with the same id. Raises NotFound, WebhookDisabled, or DeliveryUnderWay."""
    endpoint = await managing.endpoint(endpoint_id)
    delivery = await queries.delivery(managing.session, endpoint.id, event_id, lock=True)
    if endpoint.disabled_at is not None and not delivery.is_test:
        raise errors.WebhookDisabled
    if delivery.state is WebhookDeliveryState.PENDING:
        raise errors.DeliveryUnderWay
    delivery.state, delivery.due_at, delivery.tries = WebhookDeliveryState.PENDING, managing.now, 0
    delivery.finished_at = None
    await _wake(managing.session)
    managing.record("webhook_replayed", endpoint.id)
    return delivery


async def replay(managing: Managing, endpoint_id: UUID, wanted: WebhookReplayIn) -> tuple[int, bool]:
    """Put a range in line again, the oldest first; how many, and whether there are more.

    Raises NotFound or WebhookDisabled.
    """
    endpoint = await managing.endpoint(endpoint_id)
    if endpoint.disabled_at is not None:
        raise errors.WebhookDisabled
    row = WebhookDelivery
    chosen = (
        select(row.endpoint_id, row.event_id)
        .where(
            row.endpoint_id == endpoint.id, queries.is_missed(), row.state.in_(wanted.states), ~row.is_test
        )
        .where(row.created_at >= wanted.since, row.created_at < wanted.until)
        .order_by(row.created_at, row.event_id)
        .limit(domain.MOST_REPLAYED + 1)
        .with_for_update()
    )
    found = [tuple(key) for key in await managing.session.execute(chosen)]
    keys = found[: domain.MOST_REPLAYED]
    if not keys:
        return 0, False
    await managing.session.execute(
        update(row)
        .where(tuple_(row.endpoint_id, row.event_id).in_(keys))
        .values(state=WebhookDeliveryState.PENDING, due_at=managing.now, tries=0, finished_at=None)
    )
    await _wake(managing.session)
    managing.record("webhook_range_replayed", endpoint.id)
    return len(keys), len(found) > len(keys)


async def _wake(session: Session) -> None:
    await session.execute(select(func.pg_notify(announcing.CHANNEL, "")))


async def forget_inspection(session: Session, inspection_id: UUID) -> None:
    """Nothing is kept or sent any more of an inspection that is erased."""
    await session.execute(delete(WebhookEvent).where(WebhookEvent.inspection_id == inspection_id))


async def forget_old(session: Session, now: datetime) -> bool:
    """What was sent is forgotten after `KEPT_FOR`, and a secret when it has lapsed. Whether there may be more."""
    secrets, over = WebhookSecret, now - domain.KEPT_FOR
    await session.execute(delete(secrets).where(secrets.expires_at <= now))
    return await pruning.prune(session, WebhookEvent, pruning.made_before(WebhookEvent.id, over))


async def forget_removed(session: Session, now: datetime) -> bool:
    """Forget some of the log of removed addresses, and these when none is left. Whether there may be more."""
    del now
    endpoint, delivery = WebhookEndpoint, WebhookDelivery
    removed = select(endpoint.id).where(endpoint.removed_at.is_not(None))
    if await pruning.prune(session, delivery, delivery.endpoint_id.in_(removed)):
        return True
    is_empty = ~select(delivery.event_id).where(delivery.endpoint_id == endpoint.id).exists()
    await session.execute(delete(endpoint).where(endpoint.removed_at.is_not(None), is_empty))
    return False


async def reseal(session: Session, seal: "Seal") -> int:
    """Seal every secret with the newest key of ours; how many there are."""
    rows = (await session.scalars(select(WebhookSecret).with_for_update())).all()
    for row in rows:
        row.sealed = seal.renew(row.sealed)
    return len(rows)
