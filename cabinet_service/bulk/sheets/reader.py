"""The reader of spreadsheets as the API sees it: one process, one file at a time, and a short queue before it."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

from cabinet_service.bulk.sheets.table import UNREADABLE, Table
from service_kit.decoding import Decoder, FileRefused
from service_kit.http.problems import TemporarilyUnavailable
from service_kit.scratch import nameless_file
from service_kit.side_process import Interrupted

# Named, not imported: what it reads with is for that process alone.
MODULE: Final = "cabinet_service.bulk.sheets.sheet_process"
# A thousand rows take a fifth of a second; starting takes one.
TIME_LIMIT_SECONDS: Final = 15.0
MOST_WAITING: Final = 8
MOST_RECEIVED: Final = 8


class TookLong(Exception):
    """The file was not read in time: it is hostile, or the machine is busy."""


class SheetReader:
    """Reads one file at a time. Keeps nothing. `receiving` bounds how many are on their way to it."""

    def __init__(self, *, seconds: float = TIME_LIMIT_SECONDS) -> None:
        self.process: Final = Decoder(
            MODULE, seconds=seconds, refused=FileRefused, undecodable=UNREADABLE, too_long=TookLong
        )
        self.receiving: Final = asyncio.Semaphore(MOST_RECEIVED)
        self._waiting = 0
        self._turn = asyncio.Lock()

    async def read(self, file: Path, *, sheet: str | None = None) -> Table:
        """The table in the file. Raises FileRefused, or TemporarilyUnavailable where it cannot be had now."""
        if self._waiting >= MOST_WAITING:
            raise TemporarilyUnavailable(headers={"Retry-After": "5"})
        self._waiting += 1
        try:
            async with self._turn:
                with nameless_file() as into:
                    await self.process.decoded({"file": str(file), "into": str(into), "sheet": sheet})
                    return _table(json.loads(await asyncio.to_thread(into.read_bytes)))
        except (Interrupted, TookLong) as error:
            raise TemporarilyUnavailable(headers={"Retry-After": "2"}) from error
        finally:
            self._waiting -= 1

    async def close(self) -> None:
        """End the process if it runs."""
        await self.process.close()


def _table(told: dict[str, Any]) -> Table:
    rows = [(number, tuple(cells)) for number, cells in told["rows"]]
    return Table(rows, told["sheet"], told["sheets"], Counter(told["notes"]))
