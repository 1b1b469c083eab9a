"""What a process of bpa works with, as its slices see it. `wiring.py` builds it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from bpa_service.settings import Settings
from service_kit.backbone import Backbone
from service_kit.limiting import RateLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything a process works with."""

    settings: Settings
    backbone: Backbone
    limits: RateLimits


def _of_the_app(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


PortsOfApp = Annotated[Ports, Depends(_of_the_app)]
