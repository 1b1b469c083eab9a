"""Links to the car of an inspection, for whoever sees the inspection."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import CurrentClient, once
from cabinet_service.accounts.domain import Client, KeyScope
from cabinet_service.api_ports import ApiPorts, PortsOfApp
from cabinet_service.inspections.core import queries as inspections
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.yard import links, queries, service
from cabinet_service.inspections.yard.models import YardLink
from cabinet_service.inspections.yard.opening import NOTHING_TO_DO
from cabinet_service.inspections.yard.schemas import YardLinkIn, YardLinkOut
from service_kit import idempotency
from service_kit.http.access import by_key
from service_kit.http.edge import IdempotencyKey, Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(
    prefix="/api/v1/inspections/{inspection_id}/yard-links", tags=["yard"], route_class=CheckedRoute
)
_LINK: Final = "url"


async def _once(
    request: Request,
    session: WriteSession,
    client: CurrentClient,
    key: IdempotencyKey,
    now: Now,
    ports: PortsOfApp,
) -> idempotency.Once:
    """As `once`; but the answer is kept without its link: whoever reads what is kept opens nothing."""
    try:
        return await once(request, session, client, key, now, ports)
    except idempotency.Replay as earlier:
        made = await session.get_one(YardLink, UUID(earlier.body["id"]))
        link = {_LINK: _address(made, client, ports)}
        raise idempotency.Replay(earlier.body | link, earlier.status) from None


Once = Annotated[idempotency.Once, Depends(_once, scope="function")]


@router.post("", status_code=HTTPStatus.CREATED, dependencies=[by_key(KeyScope.PHOTOS_WRITE)])
async def give_yard_link(
    inspection_id: UUID, body: YardLinkIn, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> YardLinkOut:
    """A link by which whoever stands at the car photographs it, without an account.

    It shows the car's numbers, what to photograph and the experts' open questions: nothing of the client, and no
    other inspection. It works until it expires, is ended, or the inspection is answered or over. A key
    gives none that opens more than itself or lasts longer: it needs `inspections:read`, and `inspections:write`
    to let it submit.
    """
    await quotas.count(ports.limits, "yard_links", acting.client)
    made = await service.give(acting, inspection_id, body, keys=ports.secrets)
    return await _given(made, acting, once, ports)


@router.post(
    "/{link_id}/renewal", status_code=HTTPStatus.CREATED, dependencies=[by_key(KeyScope.PHOTOS_WRITE)]
)
async def give_yard_link_anew(
    inspection_id: UUID, link_id: UUID, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> YardLinkOut:
    """The same link with another secret, for as long again. The old one opens nothing from then on."""
    await quotas.count(ports.limits, "yard_links", acting.client)
    made = await service.give_anew(acting, inspection_id, link_id, keys=ports.secrets)
    return await _given(made, acting, once, ports)


async def _given(
    made: YardLink, acting: ClientActing, once: idempotency.Once, ports: ApiPorts
) -> YardLinkOut:
    shown = YardLinkOut.of(made, url=_address(made, acting.client, ports), now=acting.now)
    await once.keep(shown.model_copy(update={_LINK: None}))
    return shown


@router.get("", dependencies=[by_key(KeyScope.PHOTOS_WRITE)])
async def list_yard_links(
    inspection_id: UUID, client: CurrentClient, session: Reading, now: Now, ports: PortsOfApp
) -> list[YardLinkOut]:
    """The links to the car, the youngest first, with what was done by each."""
    inspection = await inspections.inspection(session, inspection_id, client=client)
    rows = await queries.links(session, inspection.id)
    uses = await queries.uses(session, inspection.id)
    is_over = inspection.state in NOTHING_TO_DO
    return [
        YardLinkOut.of(
            row, url=_address(row, client, ports), uses=uses.get(str(row.id), ()), is_over=is_over, now=now
        )
        for row in rows
    ]


@router.delete("/{link_id}", status_code=HTTPStatus.NO_CONTENT, dependencies=[by_key(KeyScope.PHOTOS_WRITE)])
async def revoke_yard_link(inspection_id: UUID, link_id: UUID, acting: CurrentAct) -> None:
    """End a link: from the next request on it opens nothing to anybody, and takes no photo."""
    inspection = await inspections.inspection(acting.session, inspection_id, client=acting.client)
    await service.revoke(acting, inspection.id, link_id)


def _address(link: YardLink, client: Client, ports: ApiPorts) -> str | None:
    """None where it cannot be shown any more, or opens what the program that asks may not itself."""
    if service.scope_missing(client, may_submit=link.may_submit) is not None:
        return None
    token = links.TOKENS.of(link.id, link.token_sha256, ports.secrets)
    return links.address(ports.settings.public_url, token) if token else None
