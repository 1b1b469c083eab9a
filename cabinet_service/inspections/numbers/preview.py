"""A first look at a car that nobody has ordered yet: the experts' side is asked, and hardly waited for."""

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from pydantic import ValidationError

from service_kit.caching import Cache
from service_kit.http.peer import Peer, PeerRefused, PeerUnavailable
from service_kit.http.problems import NotFound
from shared_schemas import vin
from shared_schemas.identifiers import Reading
from shared_schemas.rest.previews import PreviewState, VehiclePreview
from shared_schemas.words import IdentifierKind

log = structlog.get_logger(__name__)

PATIENCE: Final = timedelta(seconds=1)
STANDS_FOR: Final = timedelta(hours=1)
_UNKNOWN: Final = VehiclePreview(state=PreviewState.UNKNOWN)
_FORM: Final = 1


def target_of(reading: Reading) -> str:
    """Where bpa is asked. A number that can be sent has letters, digits and hyphens: none ends the path early."""
    return f"/internal/v1/vehicles/{reading.kind}/{reading.value}/preview"


@dataclass(frozen=True, slots=True)
class Previews:
    """Previews, each asked for at most once within STANDS_FOR as long as `cache` is there."""

    peer: Peer
    cache: Cache
    patience: timedelta = PATIENCE

    async def of(self, reading: Reading) -> VehiclePreview:
        """What is known of the car with that number; UNKNOWN within `patience` whatever is in the way."""
        is_nobodys = reading.kind is IdentifierKind.VIN and vin.is_placeholder(reading.value)
        if not reading.ok or reading.breaks_rules or is_nobodys:
            return _UNKNOWN
        digest = hashlib.sha256(f"{reading.kind}\n{reading.value}".encode()).hexdigest()
        key = f"cabinet:preview:{_FORM}:{digest}"
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                if (kept := await self.cache.get(key)) is not None:
                    return VehiclePreview.model_validate_json(kept)
                found = await self.peer.get(target_of(reading), VehiclePreview)
        except (TimeoutError, PeerUnavailable, PeerRefused, NotFound, ValidationError) as error:
            log.info("preview_unknown", error=type(error).__name__)
            return _UNKNOWN
        if found.state is not PreviewState.UNKNOWN:
            await self.cache.put(key, found.model_dump_json().encode(), lasts=STANDS_FOR)
        return found
