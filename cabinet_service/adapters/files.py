"""Files in a directory of a local disk."""

import asyncio
import itertools
import os
import re
import shutil
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from cabinet_service.ports import FileMissing
from service_kit.ids import new_id
from service_kit.new_files import UNFINISHED, NewFile, sync_folder

CHUNK: Final = 256 * 1024
# What a draft holds back, so that a photo of the usual size takes one write and one thread.
DRAFT_BUFFER: Final = 1024 * 1024
LISTING_BATCH: Final = 1000
# No part begins with a dot: neither `..` nor a draft is ever a key.
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
# No body comes in for longer than 15 minutes: nobody writes a draft that was not written to for an hour.
_DRAFT_SECONDS: Final = 60 * 60

Checked = TypeVar("Checked")


def check_key(key: str) -> str:
    """The key, if it is one."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")
    return key


class DirectoryFileStore:
    """A FileStore. A file is written beside its place and renamed, so that it is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    @asynccontextmanager
    async def draft(self, key: str) -> AsyncGenerator["_Draft"]:
        draft = _Draft(self._path(key), self._make_folder)
        try:
            yield draft
        finally:
            await draft.drop()

    async def put(self, key: str, source: Path) -> None:
        await asyncio.to_thread(self._put, self._path(key), source)

    async def open(self, key: str) -> AsyncIterator[bytes]:
        path = self._path(key)
        try:
            file = await asyncio.to_thread(path.open, "rb")
        except FileNotFoundError:
            raise FileMissing(key) from None
        return _chunks(file)

    async def fetch(self, key: str, target: Path) -> None:
        path = self._path(key)
        try:
            await asyncio.to_thread(shutil.copyfile, path, target)
        except FileNotFoundError:
            raise FileMissing(key) from None

    async def exists(self, key: str) -> bool:
        return await asyncio.to_thread(self._path(key).is_file)

    async def delete(self, key: str) -> None:
        await asyncio.to_thread(self._path(key).unlink, missing_ok=True)

    async def kept_before(self, instant: datetime, *, under: str = "") -> AsyncIterator[str]:
        files = self._walk(self._folder / under, instant.timestamp())
        while batch := await asyncio.to_thread(_take, files, LISTING_BATCH):
            for key in batch:
                yield key

    async def check(self) -> None:
        await asyncio.to_thread(self._check)

    def _path(self, key: str) -> Path:
        return self._folder / check_key(key)

    def _put(self, path: Path, source: Path) -> None:
        self._make_folder(path.parent)
        with source.open("rb") as reading, closing(NewFile(path)) as writing:
            while chunk := reading.read(CHUNK):
                writing.write(chunk)
            writing.keep()

    def _make_folder(self, folder: Path) -> None:
        """As mkdir -p; each new folder's name is on the disk, too, when this returns."""
        if folder.is_dir():
            return
        if folder != self._folder:
            self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, parents=folder == self._folder, exist_ok=True)
        sync_folder(folder.parent)

    def _walk(self, top: Path, before: float) -> Iterator[str]:
        """Keys of old files. Old drafts on the way were left by a process that was killed: they are removed."""
        abandoned = max(before, time.time() - _DRAFT_SECONDS)
        for folder, _, names in os.walk(top):
            for name in names:
                path = Path(folder, name)
                try:
                    written = path.stat().st_mtime
                    if name.startswith(UNFINISHED):
                        if written < abandoned:
                            path.unlink()
                        continue
                    if written >= before:
                        continue
                except FileNotFoundError:
                    continue
                yield path.relative_to(self._folder).as_posix()

    def _check(self) -> None:
        self._make_folder(self._folder)
        probe = self._folder / f"{UNFINISHED}probe-{new_id()}"
        try:
            probe.write_bytes(b"probe")
            probe.read_bytes()
        finally:
            probe.unlink(missing_ok=True)


class _Draft:
    """A Draft. Nothing is on the disk before DRAFT_BUFFER bytes are here, or it is kept."""

    def __init__(self, path: Path, make_folder: Callable[[Path], None]) -> None:
        self._path = path
        self._make_folder = make_folder
        self._held = bytearray()
        self._file: NewFile | None = None
        # Whoever is cancelled leaves a thread behind that may still begin to write: the file must not be closed
        # under it, nor be opened after.
        self._lock = threading.Lock()
        self._has_thread = self._is_over = False

    async def write(self, data: bytes | memoryview) -> None:
        self._held += data
        if len(self._held) >= DRAFT_BUFFER:
            self._has_thread = True
            await asyncio.to_thread(self._write)

    async def keep(self, check: Callable[[Path], Checked]) -> Checked:
        self._has_thread = True
        return await asyncio.to_thread(self._keep, check)

    async def drop(self) -> None:
        """Leave nothing that was not kept."""
        if self._has_thread and not self._is_over:
            await asyncio.shield(asyncio.to_thread(self._close))

    def _write(self) -> None:
        with self._lock:
            self._write_held()

    def _write_held(self) -> NewFile:
        if self._is_over:
            raise ValueError("a draft that is over")
        if self._file is None:
            self._make_folder(self._path.parent)
            self._file = NewFile(self._path)
        self._file.write(self._held)
        self._held = bytearray()
        return self._file

    def _keep(self, check: Callable[[Path], Checked]) -> Checked:
        try:
            with self._lock:
                file = self._write_held()
                checked = check(file.readable)
                file.keep()
                return checked
        finally:
            self._close()

    def _close(self) -> None:
        with self._lock:
            file, self._file, self._is_over = self._file, None, True
            if file is not None:
                file.close()


def _take(keys: Iterator[str], most: int) -> list[str]:
    return list(itertools.islice(keys, most))


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
