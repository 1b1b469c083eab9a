"""Experts as people who choose how they are told: the kit's routes for them."""

from typing import Any, Final

from fastapi import Depends

from bpa_service.api_ports import PortsOfApp
from bpa_service.experts.dependencies import CurrentExpert, sent_token
from bpa_service.experts.domain import Expert
from bpa_service.notifications.kinds import NEWS_KINDS, URGENCY
from bpa_service.notifications.notices import notices
from service_kit.notifying.choosing import Choosers, choice_routes, device_routes, push_routes, receipt_routes
from service_kit.signing import KeyRing


async def _me(expert: CurrentExpert) -> Expert:
    return expert


async def _secrets(ports: PortsOfApp) -> KeyRing:
    return ports.secrets


async def _count_try(expert: CurrentExpert, ports: PortsOfApp) -> None:
    await ports.limits.hit("test_messages_per_expert", str(expert.id))


ME: Final[Any] = Depends(_me, scope="function")
"""Who sends the request, as the kit's routes ask for it."""

_CHOOSERS: Final = Choosers(
    notices=notices,
    kinds=list(NEWS_KINDS),
    urgency=URGENCY,
    channels=("telegram", "push"),
    secrets=Depends(_secrets),
    token=Depends(sent_token),
    me=ME,
    removing=ME,
    counted_try=Depends(_count_try, scope="function"),
)
ROUTERS: Final = tuple(
    routes(_CHOOSERS) for routes in (choice_routes, device_routes, push_routes, receipt_routes)
)
