"""The addresses of a company's own servers, and the log of what was sent there: for who manages them."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from cabinet_service.accounts.dependencies import CurrentClient, once
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.api_ports import ApiPorts, PortsOfApp
from cabinet_service.companies import queries as companies
from cabinet_service.webhooks import addresses, queries, service, signing
from cabinet_service.webhooks.domain import WebhookDeliveryState
from cabinet_service.webhooks.models import WebhookEndpoint
from cabinet_service.webhooks.schemas import (
    WebhookAttemptOut,
    WebhookChangeIn,
    WebhookDeliveryDetail,
    WebhookDeliveryOut,
    WebhookIn,
    WebhookMade,
    WebhookOut,
    WebhookReplayIn,
    WebhookSecretRotationIn,
    WebhooksReplayed,
)
from cabinet_service.webhooks.service import Managing
from service_kit import idempotency, paging
from service_kit.http import pages
from service_kit.http.access import by_key
from service_kit.http.edge import IdempotencyKey, Now, WriteSession
from service_kit.http.route import CheckedRoute
from service_kit.paging import PageOf
from service_kit.sealing import Seal

router = APIRouter(
    prefix="/api/v1/companies/{company_id}/webhooks", tags=["webhooks"], route_class=CheckedRoute
)
_BY_KEY: Final = [by_key(KeyScope.WEBHOOKS_MANAGE)]
_SECRET: Final = "secret"  # noqa: S105 - the name of a field


async def _managing(company_id: UUID, client: CurrentClient, session: WriteSession, now: Now) -> Managing:
    """Its administrators, and programs of all of it: of another company nothing is there."""
    companies.check_manages_webhooks(client, company_id)
    return Managing(session, now, company_id, client)


CurrentManaging = Annotated[Managing, Depends(_managing, scope="function")]


async def _once(
    request: Request,
    managing: CurrentManaging,  # first: who may not manage any more gets no secret again
    client: CurrentClient,
    key: IdempotencyKey,
    ports: PortsOfApp,
) -> idempotency.Once:
    """As `once`; but the answer is kept without its secret: whoever reads what is kept signs nothing."""
    session, now = managing.session, managing.now
    try:
        return await once(request, session, client, key, now, ports)
    except idempotency.Replay as earlier:
        endpoint_id, made = UUID(earlier.body["id"]), earlier.body["secrets"][0]["id"]
        sealed = {str(one.id): one.sealed for one in await queries.secrets(session, endpoint_id, now=now)}
        if made not in sealed:
            raise
        told = {_SECRET: _seal(ports).open(sealed[made])}
        raise idempotency.Replay(earlier.body | told, earlier.status) from None


OnceWithSecret = Annotated[idempotency.Once, Depends(_once, scope="function")]
Once = Annotated[idempotency.Once, Depends(once, scope="function")]


@router.get("", dependencies=_BY_KEY)
async def list_webhooks(managing: CurrentManaging) -> list[WebhookOut]:
    """The addresses that are told what happens to the company's inspections."""
    found = await queries.endpoints(managing.session, managing.company_id)
    return [await _shown(managing, one) for one in found]


@router.post("", status_code=HTTPStatus.CREATED, dependencies=_BY_KEY)
async def create_webhook(
    body: WebhookIn, managing: CurrentManaging, once: OnceWithSecret, ports: PortsOfApp
) -> WebhookMade:
    """Have an address told of what happens from now on. Its secret is shown in this answer alone."""
    await _count(ports, "changes", managing)
    url = _address(body.url, ports)
    endpoint, secret = await service.create(managing, body, url, seal=_seal(ports))
    return await _with_secret(managing, endpoint, secret, once)


@router.get("/{endpoint_id}", dependencies=_BY_KEY)
async def get_webhook(endpoint_id: UUID, managing: CurrentManaging) -> WebhookOut:
    """One address."""
    return await _shown(managing, await queries.endpoint(managing.session, managing.company_id, endpoint_id))


@router.patch("/{endpoint_id}", dependencies=_BY_KEY)
async def change_webhook(
    endpoint_id: UUID, body: WebhookChangeIn, managing: CurrentManaging, ports: PortsOfApp
) -> WebhookOut:
    """Change where it is and what it is told of, or turn it off and on. What waits goes to the new address."""
    await _count(ports, "changes", managing)
    url = None if body.url is None else _address(body.url, ports)
    return await _shown(managing, await service.change(managing, endpoint_id, body, url))


@router.delete("/{endpoint_id}", status_code=HTTPStatus.NO_CONTENT, dependencies=_BY_KEY)
async def remove_webhook(endpoint_id: UUID, managing: CurrentManaging) -> None:
    """Tell it of nothing any more, and forget what it was told, within minutes."""
    await service.remove(managing, endpoint_id)


@router.post("/{endpoint_id}/secret-rotations", status_code=HTTPStatus.CREATED, dependencies=_BY_KEY)
async def rotate_webhook_secret(
    endpoint_id: UUID,
    body: WebhookSecretRotationIn,
    managing: CurrentManaging,
    once: OnceWithSecret,
    ports: PortsOfApp,
) -> WebhookMade:
    """A new secret, shown in this answer alone. For a time notices carry both signatures."""
    await _count(ports, "changes", managing)
    overlap = timedelta(hours=body.overlap_hours)
    endpoint, secret = await service.rotate(managing, endpoint_id, overlap=overlap, seal=_seal(ports))
    return await _with_secret(managing, endpoint, secret, once)


@router.post("/{endpoint_id}/tests", status_code=HTTPStatus.ACCEPTED, dependencies=_BY_KEY)
async def send_test_webhook(
    endpoint_id: UUID, managing: CurrentManaging, once: Once, ports: PortsOfApp
) -> WebhookDeliveryOut:
    """Have a `webhook.test` sent, once. What came back is found with the delivery."""
    await _count(ports, "tests", managing)
    delivery, event = await service.send_test(managing, endpoint_id)
    return await once.keep(WebhookDeliveryOut.of(delivery, event), status=HTTPStatus.ACCEPTED)


@router.get("/{endpoint_id}/deliveries", dependencies=_BY_KEY)
async def list_webhook_deliveries(
    endpoint_id: UUID,
    managing: CurrentManaging,
    paged: pages.PagedByHundred,
    state: WebhookDeliveryState | None = None,
) -> PageOf[WebhookDeliveryOut]:
    """What was sent to the address or waits for that, the youngest first; kept for 30 days."""
    endpoint = await queries.endpoint(managing.session, managing.company_id, endpoint_id)
    page = paged.page(paging.instant, UUID)
    found = await queries.deliveries(managing.session, endpoint.id, page, state=state)
    rows = paged.cut(found, lambda row: (row[0].created_at.isoformat(), row[0].event_id))
    return paged.answer([WebhookDeliveryOut.of(delivery, event) for delivery, event in rows])


@router.get("/{endpoint_id}/deliveries/{event_id}", dependencies=_BY_KEY)
async def get_webhook_delivery(
    endpoint_id: UUID, event_id: UUID, managing: CurrentManaging
) -> WebhookDeliveryDetail:
    """A notice as it is sent, and what became of each try."""
    session = managing.session
    endpoint = await queries.endpoint(session, managing.company_id, endpoint_id)
    delivery = await queries.delivery(session, endpoint.id, event_id)
    event = await queries.event(session, event_id)
    tries = await queries.attempts(session, endpoint.id, event_id)
    return WebhookDeliveryDetail(
        delivery=WebhookDeliveryOut.of(delivery, event),
        body=event.body,
        tries=[WebhookAttemptOut.of(one) for one in tries],
    )


@router.post(
    "/{endpoint_id}/deliveries/{event_id}/replays", status_code=HTTPStatus.ACCEPTED, dependencies=_BY_KEY
)
async def replay_webhook_delivery(
    endpoint_id: UUID, event_id: UUID, managing: CurrentManaging, once: Once, ports: PortsOfApp
) -> WebhookDeliveryOut:
    """Send a notice again, with the same id."""
    await _count(ports, "replays", managing)
    delivery = await service.replay_one(managing, endpoint_id, event_id)
    event = await queries.event(managing.session, event_id)
    return await once.keep(WebhookDeliveryOut.of(delivery, event), status=HTTPStatus.ACCEPTED)


@router.post("/{endpoint_id}/replays", status_code=HTTPStatus.ACCEPTED, dependencies=_BY_KEY)
async def replay_webhook_deliveries(
    endpoint_id: UUID, body: WebhookReplayIn, managing: CurrentManaging, once: Once, ports: PortsOfApp
) -> WebhooksReplayed:
    """Send again what failed or was skipped in a stretch of time: the oldest 1,000, and how to get the rest."""
    await _count(ports, "replays", managing)
    count, more = await service.replay(managing, endpoint_id, body)
    return await once.keep(WebhooksReplayed(count=count, more=more), status=HTTPStatus.ACCEPTED)


async def _shown(managing: Managing, endpoint: WebhookEndpoint) -> WebhookOut:
    secrets = await queries.secrets(managing.session, endpoint.id, now=managing.now)
    return WebhookOut.of(endpoint, secrets)


async def _with_secret(
    managing: Managing, endpoint: WebhookEndpoint, secret: str, once: idempotency.Once
) -> WebhookMade:
    shown = await _shown(managing, endpoint)
    await once.keep(shown)
    return WebhookMade(**shown.model_dump(), secret=secret)


async def _count(ports: ApiPorts, what: str, managing: Managing) -> None:
    await ports.limits.hit(f"webhook_{what}_per_company", str(managing.company_id))


def _address(text: str, ports: ApiPorts) -> str:
    settings = ports.settings
    return addresses.read(text, own=settings.public_url, is_development=settings.is_development)


def _seal(ports: ApiPorts) -> Seal:
    return Seal(ports.settings.secret_keys, purpose=signing.SEALED)
