"""What cabinet's API works with. Not in `ports`: it takes FastAPI, which other processes do without."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from cabinet_service.ports import Ports
from service_kit.caching import Cache
from service_kit.http.known_device import KnownDevices
from service_kit.limiting import RateLimits
from service_kit.search.port import SearchIndex
from service_kit.token_signer import TokenSigner


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiPorts(Ports):
    """`tokens` signs what clients show who they are with; `search` finds inspections."""

    limits: RateLimits
    cache: Cache
    tokens: TokenSigner
    devices: KnownDevices
    search: SearchIndex


async def _of_the_app(request: Request) -> ApiPorts:
    ports: ApiPorts = request.app.state.ports
    return ports


PortsOfApp = Annotated[ApiPorts, Depends(_of_the_app)]
