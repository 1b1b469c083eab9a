"""The reader of photos as the API sees it: one process, one photo at a time, and a short queue before it."""

import asyncio
import shutil
from pathlib import Path
from typing import Any, BinaryIO, Final

from cabinet_service.photos.refusal import PhotoRefused
from cabinet_service.readings.domain import Seen, Source
from cabinet_service.readings.errors import ReaderBusy
from cabinet_service.readings.layout import Box
from service_kit.scratch import nameless_file
from service_kit.side_process import BroughtDown, SideProcess, TookTooLong

# Not imported: what it reads with would take some 150 MB of every process that does.
MODULE: Final = "cabinet_service.readings.reading_process"
# A page full of text takes three seconds of a processor, and starting takes two; others may want it as well.
TIME_LIMIT_SECONDS: Final = 40.0
# Somebody stands beside the car: sooner than this they type the number.
PATIENCE_SECONDS: Final = 8.0
MOST_WAITING: Final = 4


class PhotoReader:
    """Reads one photo at a time. Keeps nothing."""

    def __init__(self, *, patience: float = PATIENCE_SECONDS, most_waiting: int = MOST_WAITING) -> None:
        self.process: Final = SideProcess(MODULE, seconds=TIME_LIMIT_SECONDS)
        self._patience = patience
        self._most_waiting = most_waiting
        self._waiting = 0
        self._turn = asyncio.Lock()

    async def read(self, upload: BinaryIO) -> list[Seen]:
        """What texts and barcodes the photo shows. Raises ReaderBusy, PhotoRefused or Interrupted."""
        await self._take_turn()
        try:
            with nameless_file() as photo:
                await asyncio.to_thread(_copy, upload, photo)
                return await self._look_at(photo)
        finally:
            self._turn.release()

    async def close(self) -> None:
        """End the process if it runs."""
        await self.process.close()

    async def _take_turn(self) -> None:
        if self._waiting >= self._most_waiting:
            raise ReaderBusy
        self._waiting += 1
        try:
            async with asyncio.timeout(self._patience):
                await self._turn.acquire()
        except TimeoutError:
            raise ReaderBusy from None
        finally:
            self._waiting -= 1

    async def _look_at(self, photo: Path) -> list[Seen]:
        try:
            answer: dict[str, Any] = await self.process.ask(str(photo))
        except TookTooLong:
            raise ReaderBusy from None
        except BroughtDown as down:
            raise PhotoRefused("photo_undecodable") from down
        if "refused" in answer:
            raise PhotoRefused(answer["refused"], **answer["params"])
        return [
            Seen(one["text"], one["confidence"], Box(**one["box"]), Source(one["source"]))
            for one in answer["seen"]
        ]


def _copy(upload: BinaryIO, target: Path) -> None:
    upload.seek(0)
    with target.open("wb") as file:
        shutil.copyfileobj(upload, file)
