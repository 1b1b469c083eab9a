"""Clients as people who choose how they are told: the kit's routes for them."""

from typing import Any, Final
from uuid import UUID

from fastapi import Depends

from cabinet_service.accounts.dependencies import (
    ClientJustSignedIn,
    CurrentClient,
    SentToken,
    require_just_signed_in,
    sent_token,
)
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.audit import actors
from cabinet_service.audit.actors import Actor
from cabinet_service.notifications.kinds import NEWS_KINDS, URGENCY
from cabinet_service.notifications.notices import CHATS, bound_chats, notices
from service_kit.http.edge import Now, Reading
from service_kit.notifying.choosing import Choosers, choice_routes, device_routes, push_routes, receipt_routes
from service_kit.signing import KeyRing


async def _me(client: CurrentClient) -> Actor:
    return actors.client(client.account_id)


async def _me_just_signed_in(client: ClientJustSignedIn) -> Actor:
    return actors.client(client.account_id)


async def _who_removes(
    device_id: UUID, client: CurrentClient, token: SentToken, session: Reading, now: Now
) -> Actor:
    """A chat signs in, and is untied here under the same rule as among the chats; a browser is not."""
    if device_id in [one.id for one in await bound_chats(session, client.account_id, even_dead=True)]:
        await require_just_signed_in(session, token, now=now)
    return actors.client(client.account_id)


async def _secrets(ports: PortsOfApp) -> KeyRing:
    return ports.secrets


async def _count_try(client: CurrentClient, ports: PortsOfApp) -> None:
    await ports.limits.hit("test_messages_per_account", str(client.account_id))


ME: Final[Any] = Depends(_me, scope="function")
"""Who sends the request, as the kit's routes ask for it."""
ME_JUST_SIGNED_IN: Final[Any] = Depends(_me_just_signed_in, scope="function")
"""The same for what takes a sign-in of just now."""

_CHOOSERS: Final = Choosers(
    notices=notices,
    kinds=list(NEWS_KINDS),
    urgency=URGENCY,
    channels=(*CHATS, "push", "email", "phone"),
    secrets=Depends(_secrets),
    token=Depends(sent_token),
    me=ME,
    removing=Depends(_who_removes, scope="function"),
    counted_try=Depends(_count_try, scope="function"),
)
ROUTERS: Final = tuple(
    routes(_CHOOSERS) for routes in (choice_routes, device_routes, push_routes, receipt_routes)
)
