"""What the routes of the kit work with, whichever service they are of."""

from typing import Annotated, Protocol

from fastapi import Depends, Request

from service_kit.backbone import Backbone
from service_kit.http.known_device import KnownDevices
from service_kit.limiting import RateLimits
from service_kit.settings import ServiceSettings
from service_kit.token_signer import TokenSigner


class ServicePorts(Protocol):
    """What the API of either service works with. `tokens` signs what people show who they are with."""

    @property
    def settings(self) -> ServiceSettings: ...
    @property
    def backbone(self) -> Backbone: ...
    @property
    def limits(self) -> RateLimits: ...
    @property
    def tokens(self) -> TokenSigner: ...
    @property
    def devices(self) -> KnownDevices: ...


async def _of_the_app(request: Request) -> ServicePorts:
    ports: ServicePorts = request.app.state.ports
    return ports


SharedPorts = Annotated[ServicePorts, Depends(_of_the_app)]
