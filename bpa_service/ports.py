"""What a process of bpa works with, as its slices see it. `wiring.py` builds it."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Protocol

from bpa_service.settings import Settings
from service_kit.backbone import Backbone
from service_kit.notifying.channels import Channel, Manners
from service_kit.signing import KeyRing


class Passwords(Protocol):
    """Hashes and verifies passwords. Both take long, and raise TemporarilyUnavailable when too many wait."""

    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether it is the password of that hash. No hash takes as long as a wrong password, and is False."""
        ...

    def is_outdated(self, stored: str) -> bool:
        """Whether the hash was made with less effort than is made now."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything a process works with; the API has more: `api_ports`. `channels` are the configured ones.

    `secrets` signs what only bpa itself reads again. `closing` takes what a process opens later. `nudged` tells
    the jobs of this process, by source, that there may be something to ask.
    """

    settings: Settings
    backbone: Backbone
    secrets: KeyRing
    channels: Mapping[str, tuple[Channel, Manners]]
    closing: AsyncExitStack
    nudged: defaultdict[str, asyncio.Event]
