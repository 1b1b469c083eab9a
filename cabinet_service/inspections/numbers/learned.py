"""What bpa's records teach of VINs that begin as one that somebody types: asked, kept, and done without."""

import asyncio
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
from shared_schemas.rest.vin_rules import BEGINNING, VinRules
from shared_schemas.vin.learned import Learned
from shared_schemas.words import IdentifierKind

log = structlog.get_logger(__name__)

PATIENCE: Final = timedelta(seconds=0.3)
STANDS_FOR: Final = timedelta(hours=1)
"""They are learned once a day."""
ASKED_AGAIN_AFTER: Final = timedelta(seconds=30)
"""Where there are none: anybody may type beginnings that nothing has, and they are many. Or where bpa is away, or
has not read them yet: then it is asked about nothing.
"""
_FORM: Final = 1
_KEY: Final = f"cabinet:vin_rules:{_FORM}"
# No beginning has such characters.
_AWAY: Final = f"{_KEY}:away"
# So much of the patience is bpa's; what is left is for the cache.
_SHARE: Final = 0.8


@dataclass(frozen=True, slots=True)
class LearnedRules:
    """Rules by how a VIN begins. bpa is told no more of it than that: so begin thousands of cars."""

    peer: Peer
    cache: Cache
    patience: timedelta = PATIENCE

    async def about(self, reading: Reading) -> Learned:
        """What is known of the number that was read; nothing, within `patience`, whatever is in the way."""
        beginning = reading.value[:BEGINNING]
        is_one = len(beginning) == BEGINNING and vin.ALPHABET.issuperset(beginning)
        if reading.kind is not IdentifierKind.VIN or not is_one:
            return Learned()
        found = VinRules()
        try:
            async with asyncio.timeout(self.patience.total_seconds()):
                if (kept := await self.cache.get(f"{_KEY}:{beginning}")) is not None:
                    return VinRules.model_validate_json(kept).as_learned()
                if await self.cache.get(_AWAY) is None:
                    found = await self._asked(beginning)
                    await self._keep(beginning, found)
        except (TimeoutError, ValidationError) as error:
            log.info("vin_rules_not_kept", error=type(error).__name__)
        return found.as_learned()

    async def _asked(self, beginning: str) -> VinRules:
        try:
            async with asyncio.timeout(self.patience.total_seconds() * _SHARE):
                return await self.peer.get(f"/internal/v1/vins/{beginning}/rules", VinRules)
        except (TimeoutError, PeerUnavailable, PeerRefused, NotFound) as error:
            log.info("vin_rules_unknown", error=type(error).__name__)
            return VinRules()

    async def _keep(self, beginning: str, found: VinRules) -> None:
        if found.learned_at is None:
            await self.cache.put(_AWAY, b"1", lasts=ASKED_AGAIN_AFTER)
            return
        lasts = STANDS_FOR if found.rules else ASKED_AGAIN_AFTER
        await self.cache.put(f"{_KEY}:{beginning}", found.model_dump_json().encode(), lasts=lasts)
