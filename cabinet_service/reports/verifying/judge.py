"""The judge of files as the API sees it: one process, one file at a time, and a short queue before it."""

import asyncio
from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

from cabinet_service.reports.verifying.marks import code_in_links
from cabinet_service.reports.verifying.refusal import UNREADABLE
from service_kit.decoding import Decoder, FileRefused
from service_kit.http.problems import TemporarilyUnavailable
from service_kit.side_process import Interrupted

# Named, not imported: what it reads with is for that process alone.
MODULE: Final = "cabinet_service.reports.verifying.judging_process"
# Starting takes a second, and judging a tenth of one.
TIME_LIMIT_SECONDS: Final = 10.0
MOST_WAITING: Final = 8
MOST_RECEIVED: Final = 8


class TookLong(Exception):
    """The file was not looked into in time: it is hostile, or the machine is busy."""


class Looked(NamedTuple):
    """What a file says: the code of a report, that a key of ours signed it, and that it is as it was signed."""

    code: str | None = None
    signed: bool = False
    whole: bool = False


class Judge:
    """Looks into one file at a time. Keeps nothing. `receiving` bounds how many are on their way to it."""

    def __init__(self, *, seconds: float = TIME_LIMIT_SECONDS) -> None:
        self.process: Final = Decoder(
            MODULE, seconds=seconds, refused=FileRefused, undecodable=UNREADABLE, too_long=TookLong
        )
        self.receiving: Final = asyncio.Semaphore(MOST_RECEIVED)
        self._waiting = 0
        self._turn = asyncio.Lock()

    async def look_into(self, file: Path, certificates: Collection[str]) -> Looked:
        """What it says; where it cannot be read, no more than which report it says it is.

        Raises TemporarilyUnavailable where too many wait, or the machine is busy: of a file that nobody has
        looked into it is not said that it is none of ours.
        """
        if self._waiting >= MOST_WAITING:
            raise TemporarilyUnavailable(headers={"Retry-After": "5"})
        self._waiting += 1
        try:
            async with self._turn:
                question = {"file": str(file), "certificates": list(certificates)}
                return Looked(**await self.process.decoded(question))
        except FileRefused:
            return Looked(code=code_in_links(await asyncio.to_thread(file.read_bytes)))
        except (Interrupted, TookLong) as error:
            raise TemporarilyUnavailable(headers={"Retry-After": "2"}) from error
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """End the process if it runs."""
        await self.process.close()
