"""Files in a directory of a local disk."""

import asyncio
import itertools
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from cabinet_service.ports import FileMissing
from service_kit import failpoints
from service_kit.ids import new_id

CHUNK: Final = 256 * 1024
LISTING_BATCH: Final = 1000
# No part begins with a dot: neither `..` nor a draft is ever a key.
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
_DRAFT_PREFIX: Final = "."


class DirectoryFileStore:
    """A FileStore. A file is written beside its place and renamed, so that it is there whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

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

    async def kept_before(self, instant: datetime) -> AsyncIterator[str]:
        files = self._walk(instant.timestamp())
        while batch := await asyncio.to_thread(_take, files, LISTING_BATCH):
            for key in batch:
                yield key

    async def check(self) -> None:
        await asyncio.to_thread(self._check)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a key: {key!r}")
        return self._folder / key

    def _put(self, path: Path, source: Path) -> None:
        self._make_folder(path.parent)
        # Beside the target, because a rename is only atomic within one file system.
        draft = path.with_name(f"{_DRAFT_PREFIX}{new_id()}")
        try:
            with source.open("rb") as reading, draft.open("xb") as writing:
                shutil.copyfileobj(reading, writing, CHUNK)
                writing.flush()
                failpoints.reach(failpoints.Point.FILE_WRITTEN)
                os.fsync(writing.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync_folder(path.parent)
        failpoints.reach(failpoints.Point.FILE_KEPT)

    def _make_folder(self, folder: Path) -> None:
        """As mkdir -p; each new folder's name is on the disk, too, when this returns."""
        if folder.is_dir():
            return
        if folder != self._folder:
            self._make_folder(folder.parent)
        folder.mkdir(mode=0o700, parents=folder == self._folder, exist_ok=True)
        _sync_folder(folder.parent)

    def _walk(self, before: float) -> Iterator[str]:
        """Keys of old files. Drafts as old as that were left by a process that was killed: they are removed."""
        for folder, _, names in os.walk(self._folder):
            for name in names:
                path = Path(folder, name)
                try:
                    if path.stat().st_mtime >= before:
                        continue
                    if name.startswith(_DRAFT_PREFIX):
                        path.unlink()
                        continue
                except FileNotFoundError:
                    continue
                yield path.relative_to(self._folder).as_posix()

    def _check(self) -> None:
        self._make_folder(self._folder)
        probe = self._folder / f"{_DRAFT_PREFIX}probe-{new_id()}"
        try:
            probe.write_bytes(b"probe")
            probe.read_bytes()
        finally:
            probe.unlink(missing_ok=True)


def _take(keys: Iterator[str], most: int) -> list[str]:
    return list(itertools.islice(keys, most))


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
