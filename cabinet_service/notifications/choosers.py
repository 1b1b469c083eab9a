"""Clients as people who choose how they are told: the kit's routes for them."""

from typing import Any, Final

from fastapi import Depends

from cabinet_service.accounts.dependencies import CurrentClient, sent_token
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.audit import actors
from cabinet_service.audit.actors import Actor
from cabinet_service.notifications.kinds import URGENCY, NotificationKind
from cabinet_service.notifications.notices import notices
from service_kit.notifying.choosing import Choosers, choice_routes, device_routes, receipt_routes
from service_kit.signing import KeyRing


async def _me(client: CurrentClient) -> Actor:
    return actors.client(client.account_id)


async def _secrets(ports: PortsOfApp) -> KeyRing:
    return ports.secrets


ME: Final[Any] = Depends(_me, scope="function")
"""Who sends the request, as the kit's routes ask for it."""

_CHOOSERS: Final = Choosers(
    notices=notices,
    kinds=list(NotificationKind),
    urgency=URGENCY,
    channels=("telegram", "push", "email", "phone"),
    secrets=Depends(_secrets),
    token=Depends(sent_token),
    me=ME,
)
ROUTERS: Final = (choice_routes(_CHOOSERS), device_routes(_CHOOSERS), receipt_routes(_CHOOSERS))
