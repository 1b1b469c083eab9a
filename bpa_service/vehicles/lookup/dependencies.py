"""Who finds vehicles for a request, and how often somebody may have one looked up."""

from typing import Annotated

from fastapi import Depends, Request

from bpa_service.api_ports import PortsOfApp
from bpa_service.experts.dependencies import StreamingExpert
from bpa_service.experts.domain import Expert
from bpa_service.vehicles.lookup.finding import Finder


async def _of_the_app(request: Request) -> Finder:
    finder: Finder = request.app.state.vehicles
    return finder


async def _not_too_often(expert: StreamingExpert, ports: PortsOfApp) -> Expert:
    """Raises TooManyRequests."""
    await ports.limits.hit("vehicle_lookups_per_expert", str(expert.id))
    return expert


FinderOfApp = Annotated[Finder, Depends(_of_the_app)]
LookingUp = Annotated[Expert, Depends(_not_too_often)]
"""Whoever is signed in, in a transaction that is over: the store that is asked may be slow."""
