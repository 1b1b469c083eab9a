"""Invitations, for whoever makes them and for whoever has got one.

Their tokens are sent in bodies, never in an address: so no log has one.
"""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from cabinet_service.accounts import quotas
from cabinet_service.accounts.api import contact_to_reach
from cabinet_service.accounts.dependencies import CurrentClient, once
from cabinet_service.accounts.domain import Membership
from cabinet_service.api_ports import ApiPorts, PortsOfApp
from cabinet_service.audit import actors
from cabinet_service.companies import inviting, links, queries
from cabinet_service.companies.inviting import Invited
from cabinet_service.companies.models import Invitation
from cabinet_service.companies.schemas import (
    Acceptance,
    InvitationOut,
    InvitationToken,
    NewInvitation,
    OfferOut,
)
from service_kit import idempotency
from service_kit.db import SYSTEM, enter
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.edge import IdempotencyKey, Now, Reading, ServiceReading, WriteSession
from service_kit.http.route import CheckedRoute

_LINK: Final = "url"

router = APIRouter(prefix="/api/v1", tags=["companies"], route_class=CheckedRoute)


async def _once(
    request: Request,
    session: WriteSession,
    client: CurrentClient,
    key: IdempotencyKey,
    now: Now,
    ports: PortsOfApp,
) -> idempotency.Once:
    """As `once`; but the answer is kept without its link: whoever reads what is kept lets nobody in."""
    try:
        return await once(request, session, client, key, now, ports)
    except idempotency.Replay as earlier:
        made = await session.get(Invitation, UUID(earlier.body["id"]))
        link = {_LINK: _address(made, ports) if made and made.is_open(now) else None}
        raise idempotency.Replay(earlier.body | link, earlier.status) from None


Once = Annotated[idempotency.Once, Depends(_once, scope="function")]


@router.post("/companies/{company_id}/invitations", status_code=HTTPStatus.CREATED)
async def invite_member(
    body: NewInvitation,
    company_id: UUID,
    client: CurrentClient,
    once: Once,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
) -> InvitationOut:
    """A link by which one person becomes a member of the company: once, and for so many days."""
    await queries.administered(session, company_id, client=client)
    await quotas.count(ports.limits, "invitations", client)
    contact = contact_to_reach(body.contact, ports) if body.contact else None
    place = Membership(company_id, body.branch_id, body.role)
    wanted = Invited(place=place, contact=contact, note=body.note or None, days=body.days)
    by = actors.client(client.account_id)
    made = await inviting.invite(session, wanted, keys=ports.secrets, by=by, now=now)
    shown = InvitationOut.of(made, url=_address(made, ports))
    await once.keep(shown.model_copy(update={_LINK: None}))
    return shown


@router.get("/companies/{company_id}/invitations")
async def list_invitations(
    company_id: UUID, client: CurrentClient, session: Reading, now: Now, ports: PortsOfApp
) -> list[InvitationOut]:
    """The invitations that are open or ended lately, the youngest first."""
    await queries.administered(session, company_id, client=client)
    return [
        InvitationOut.of(one, url=_address(one, ports) if one.is_open(now) else None)
        for one in await queries.invitations(session, company_id, now=now)
    ]


@router.delete("/companies/{company_id}/invitations/{invitation_id}", status_code=HTTPStatus.NO_CONTENT)
async def withdraw_invitation(
    invitation_id: UUID, company_id: UUID, client: CurrentClient, session: WriteSession, now: Now
) -> None:
    """End an invitation: its link lets nobody in from now on."""
    await queries.administered(session, company_id, client=client)
    by = actors.client(client.account_id)
    await inviting.withdraw(session, company_id, invitation_id, by=by, now=now)


@router.post("/invitations/opened", dependencies=[ANYBODY])
async def open_invitation(
    body: InvitationToken, request: Request, session: ServiceReading, now: Now, ports: PortsOfApp
) -> OfferOut:
    """Who invites into what, for whoever has the link. It changes nothing."""
    await ports.limits.hit("invitations_per_address", network_of(request))
    return OfferOut.of(await inviting.offer(session, body.token, now=now))


@router.post("/invitations/accepted")
async def accept_invitation(
    body: Acceptance,
    request: Request,
    client: CurrentClient,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
) -> OfferOut:
    """Become a member of the company that invites. The link works no more afterwards."""
    await ports.limits.hit("invitations_per_address", network_of(request))
    await enter(session, SYSTEM)  # who is invited sees nothing of the company yet
    by = actors.client(client.account_id)
    offer = await inviting.accept(
        session, body.token, client=client, name=body.name, keys=ports.secrets, by=by, now=now
    )
    return OfferOut.of(offer)


def _address(invitation: Invitation, ports: ApiPorts) -> str | None:
    token = links.TOKENS.of(invitation.id, invitation.token_sha256, ports.secrets)
    return links.address(ports.settings.public_url, token) if token else None
