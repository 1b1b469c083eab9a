"""The reader of photos as the API sees it: one process, one photo at a time, and a short queue before it."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, BinaryIO, Final

from cabinet_service.photos.refusal import UNDECODABLE, PhotoRefused
from cabinet_service.readings.domain import Seen, Source
from cabinet_service.readings.errors import ReaderBusy
from cabinet_service.readings.layout import Box
from service_kit.decoding import Decoder
from service_kit.scratch import nameless_file

# Not imported: what it reads with would take some 150 MB of every process that does.
MODULE: Final = "cabinet_service.readings.reading_process"
# A page full of text takes three seconds of a processor, and starting takes two; others may want it as well.
TIME_LIMIT_SECONDS: Final = 40.0
# Somebody stands beside the car: sooner than this they type the number.
PATIENCE_SECONDS: Final = 8.0
MOST_WAITING: Final = 4
# So long does somebody wait for a reading that was begun only because nobody wanted the reader.
GIVES_WAY_SECONDS: Final = 2.0


class PhotoReader:
    """Reads one photo at a time. Keeps nothing."""

    def __init__(self, *, patience: float = PATIENCE_SECONDS, most_waiting: int = MOST_WAITING) -> None:
        self.process: Final = Decoder(
            MODULE,
            seconds=TIME_LIMIT_SECONDS,
            refused=PhotoRefused,
            undecodable=UNDECODABLE,
            too_long=ReaderBusy,
        )
        self._patience = patience
        self._most_waiting = most_waiting
        self._waiting = 0
        self._turn = asyncio.Lock()
        self._aside: asyncio.Timeout | None = None

    async def read(self, upload: BinaryIO) -> list[Seen]:
        """What texts and barcodes the photo shows. Raises ReaderBusy, PhotoRefused or Interrupted."""
        await self._take_turn()
        try:
            with nameless_file() as photo:
                await asyncio.to_thread(_copy, upload, photo)
                return [_seen(one) for one in await self.process.decoded(str(photo))]
        finally:
            self._turn.release()

    async def read_if_free(self, fetch: Callable[[Path], Awaitable[None]], *, seconds: float) -> list[Seen]:
        """The same for whoever is in no hurry: while nobody else wants the reader, and for `seconds` at most.

        It is given up for anybody who comes meanwhile and has waited for GIVES_WAY_SECONDS. `fetch` writes the
        photo to a file. Raises ReaderBusy, PhotoRefused or Interrupted, and what `fetch` raises.
        """
        if self._turn.locked() or self._waiting:
            raise ReaderBusy
        try:
            async with self._turn, asyncio.timeout(seconds) as self._aside:
                with nameless_file() as photo:
                    await fetch(photo)
                    return [_seen(one) for one in await self.process.decoded(str(photo))]
        except TimeoutError:
            raise ReaderBusy from None
        finally:
            self._aside = None

    async def close(self) -> None:
        """End the process if it runs."""
        await self.process.close()

    async def _take_turn(self) -> None:
        if self._waiting >= self._most_waiting:
            raise ReaderBusy
        self._waiting += 1
        self._be_given_way()
        try:
            async with asyncio.timeout(self._patience):
                await self._turn.acquire()
        except TimeoutError:
            raise ReaderBusy from None
        finally:
            self._waiting -= 1

    def _be_given_way(self) -> None:
        aside = self._aside
        if aside is None or aside.expired():
            return
        until = asyncio.get_running_loop().time() + GIVES_WAY_SECONDS
        ends = aside.when()
        aside.reschedule(until if ends is None else min(until, ends))


def _seen(one: dict[str, Any]) -> Seen:
    told = {**one, "box": Box(**one["box"]), "source": Source(one["source"]), "scores": tuple(one["scores"])}
    untyped: Any = Seen  # its process writes what it has, field by field
    return untyped(**told)


def _copy(upload: BinaryIO, target: Path) -> None:
    upload.seek(0)
    with target.open("wb") as file:
        shutil.copyfileobj(upload, file)
