"""Drawing logos, as the API has it done: one process, one file at a time."""

import asyncio
from pathlib import Path
from typing import Final, NamedTuple

from cabinet_service.companies.logos.refusal import UNREADABLE
from service_kit.decoding import Decoder, FileRefused
from service_kit.http.problems import TemporarilyUnavailable
from service_kit.scratch import nameless_file
from service_kit.side_process import Interrupted

# Named, not imported: the decoders are for that process alone.
MODULE: Final = "cabinet_service.companies.logos.logo_process"
TIME_LIMIT_SECONDS: Final = 15.0
MOST_RECEIVED: Final = 2


class TookLong(Exception):
    """It was not drawn in time: the file is hostile, or the machine is busy."""


class Drawn(NamedTuple):
    """A logo as it is kept."""

    png: bytes
    width: int
    height: int


class LogoDrawer:
    """Draws one at a time. `receiving` bounds how many are on their way to it."""

    def __init__(self, *, seconds: float = TIME_LIMIT_SECONDS) -> None:
        self.process: Final = Decoder(
            MODULE, seconds=seconds, refused=FileRefused, undecodable=UNREADABLE, too_long=TookLong
        )
        self.receiving: Final = asyncio.Semaphore(MOST_RECEIVED)

    async def draw(self, sent: Path) -> Drawn:
        """Raises FileRefused, or TemporarilyUnavailable where it cannot be drawn now."""
        with nameless_file() as target:
            try:
                size = await self.process.decoded({"sent": str(sent), "target": str(target)})
            except (Interrupted, TookLong) as error:
                raise TemporarilyUnavailable(headers={"Retry-After": "2"}) from error
            png = await asyncio.to_thread(target.read_bytes)
        return Drawn(png, size["width"], size["height"])

    async def close(self) -> None:
        """End the process if it runs."""
        await self.process.close()
