"""Moving the files of a folder into a bucket. The folder stays as it is, and people may go on working with it.

A file never changes once it has its name, so what is there whole need not be sent again: broken off at any
moment, the next run goes on, and one more after the services have stopped brings what came meanwhile.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cabinet_service.adapters.files import DirectoryFileStore
from cabinet_service.adapters.object_files import ObjectFileStore

AT_ONCE: Final = 8


class Differs(Exception):
    """What was sent is not what is there: the store keeps something else than it was given."""


@dataclass(slots=True)
class Moved:
    """How many were sent, with how many bytes; how many were there; and how many were there with other bytes,
    which were sent again.
    """

    sent: int = 0
    sent_bytes: int = 0
    there: int = 0
    differed: int = 0


async def move(folder: Path, files: ObjectFileStore, *, compare: bool) -> Moved:
    """Send what the bucket lacks, and read it back. To `compare` is to read everything back, not its size alone.

    Raises a group of Differs, or of StoreAway when the store goes: one for each file that was on its way.
    What was moved by then stays.
    """
    moved = Moved()
    # Also what is being written now, whatever the clock of its file system says.
    names = DirectoryFileStore(folder).kept_before(datetime.now(UTC) + timedelta(days=1))
    turn = asyncio.Lock()

    async def some() -> None:
        while True:
            async with turn:
                key = await anext(names, None)
            if key is None:
                return
            await _move(folder / key, key, files, moved, compare=compare)

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(some())
    return moved


async def _move(path: Path, key: str, files: ObjectFileStore, moved: Moved, *, compare: bool) -> None:
    try:
        size = (await asyncio.to_thread(path.stat)).st_size
        held = await files.size(key)
        if held == size and (not compare or await _is_same(path, key, files)):
            moved.there += 1
            return
        await files.put(key, path)
        if not await _is_same(path, key, files):
            raise Differs(key)
    except FileNotFoundError:
        return  # erased meanwhile; a sweep of the bucket finds what was sent of it
    moved.differed += held is not None
    moved.sent += 1
    moved.sent_bytes += size


async def _is_same(path: Path, key: str, files: ObjectFileStore) -> bool:
    return await asyncio.to_thread(_digest_of, path) == await _digest(await files.open(key))


def _digest_of(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


async def _digest(chunks: AsyncIterator[bytes]) -> bytes:
    digest = hashlib.sha256()
    async for chunk in chunks:
        digest.update(chunk)
    return digest.digest()
