"""Where files lie that were sent at the desk, until they are imported."""

import asyncio
import hashlib
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bpa_service.vehicles.importing.errors import FileEmpty, FileTooLarge, StorageFull
from service_kit.new_files import NO_ROOM, NewFile

_BUFFER: Final = 1024 * 1024
# Longer than between a file and its row: what lies here for so long and is not waited for was left behind.
_LEFT_BEHIND_SECONDS: Final = 3600


class Upload:
    """A file while its bytes come in. It has no name in the folder before it is kept."""

    def __init__(self, folder: Path, name: str, *, most: int) -> None:
        """`most` is how many bytes it may have. Raises StorageFull."""
        self._most = most
        self._held = bytearray()
        self._hash = hashlib.sha256()
        self.size = 0
        # Whoever is cancelled leaves a thread behind that may still write: the file is not closed under it.
        self._lock = threading.Lock()
        self._is_over = False
        with _room_needed():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = NewFile(folder / name)

    async def write(self, data: bytes | memoryview) -> None:
        """Raises FileTooLarge or StorageFull."""
        self.size += len(data)
        self._check_size()
        self._held += data
        if len(self._held) >= _BUFFER:
            await asyncio.to_thread(self._write)

    async def keep(self) -> str:
        """Have it on the disk under its name; returns its SHA-256.

        Raises FileEmpty, FileTooLarge or StorageFull.
        """
        if not self.size:
            raise FileEmpty
        self._check_size()
        await asyncio.to_thread(self._keep)
        return self._hash.hexdigest()

    async def close(self) -> None:
        """Leave nothing that was not kept."""
        await asyncio.shield(asyncio.to_thread(self._close))

    def _check_size(self) -> None:
        if self.size > self._most:
            raise FileTooLarge(most=self._most)

    def _write(self) -> None:
        with self._lock, _room_needed():
            if self._is_over:
                raise ValueError("an upload that is over")
            self._file.write(self._held)
            self._hash.update(self._held)
            self._held = bytearray()

    def _keep(self) -> None:
        self._write()
        with self._lock, _room_needed():
            self._file.keep()

    def _close(self) -> None:
        with self._lock:
            self._is_over = True
            self._file.close()


def sha256(path: Path) -> str:
    """In hex, of the file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove(folder: Path, name: str) -> None:
    """Nothing happens if there is nothing."""
    (folder / name).unlink(missing_ok=True)


def left_behind(folder: Path) -> list[str]:
    """What has lain here for so long that it is waited for or nobody's."""
    if not folder.is_dir():
        return []
    before = time.time() - _LEFT_BEHIND_SECONDS
    return [path.name for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < before]


@contextmanager
def _room_needed() -> Generator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise StorageFull(headers={"Retry-After": "60"}) from error
        raise
