"""What every FileStore promises. An adapter joins by a line in `stores`."""

import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from cabinet_service.adapters.files import DirectoryFileStore
from cabinet_service.ports import FileMissing, FileStore

KEY = "originals/ab/0195a1c2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture(params=["directory"])
def files(folder: Path) -> FileStore:
    return DirectoryFileStore(folder)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo"
    path.write_bytes(os.urandom(700_000))
    return path


async def content(files: FileStore, key: str) -> bytes:
    return b"".join([chunk async for chunk in await files.open(key)])


async def keys(files: FileStore, before: datetime) -> set[str]:
    return {key async for key in files.kept_before(before)}


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


async def test_what_was_put_is_read_byte_for_byte(files: FileStore, photo: Path, tmp_path: Path) -> None:
    await files.put(KEY, photo)
    await files.fetch(KEY, tmp_path / "copy")
    assert await files.exists(KEY)
    assert await content(files, KEY) == photo.read_bytes() == (tmp_path / "copy").read_bytes()


async def test_the_source_stays(files: FileStore, photo: Path) -> None:
    before = photo.read_bytes()
    await files.put(KEY, photo)
    assert photo.read_bytes() == before


async def test_a_key_that_is_taken_gets_the_new_content(files: FileStore, photo: Path) -> None:
    await files.put(KEY, photo)
    photo.write_bytes(b"newer and shorter")
    await files.put(KEY, photo)
    assert await content(files, KEY) == b"newer and shorter"


async def test_an_empty_file_is_a_file(files: FileStore, photo: Path) -> None:
    photo.write_bytes(b"")
    await files.put(KEY, photo)
    assert await content(files, KEY) == b""


async def test_what_is_not_there_is_missing(files: FileStore, tmp_path: Path) -> None:
    assert not await files.exists(KEY)
    with pytest.raises(FileMissing):
        await files.open(KEY)
    with pytest.raises(FileMissing):
        await files.fetch(KEY, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


async def test_deleted_twice_is_gone_once(files: FileStore, photo: Path) -> None:
    await files.put(KEY, photo)
    await files.delete(KEY)
    await files.delete(KEY)
    assert not await files.exists(KEY)


async def test_old_files_are_listed(files: FileStore, photo: Path) -> None:
    started = datetime.now(UTC) - timedelta(minutes=1)
    await files.put(KEY, photo)
    await files.put("previews/cd/0195a1c3", photo)
    assert await keys(files, soon()) == {KEY, "previews/cd/0195a1c3"}
    assert await keys(files, started) == set()


@pytest.mark.parametrize(
    "key", ["../outside", "/etc/passwd", "originals/../../outside", "", "a//b", "a/.draft", "a\0b"]
)
async def test_no_key_leads_outside(files: FileStore, photo: Path, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        await files.put(key, photo)
    with pytest.raises(ValueError, match="not a key"):
        await files.open(key)
    assert await keys(files, soon()) == set()


async def test_a_store_that_works_says_so(files: FileStore) -> None:
    await files.check()
    assert await keys(files, soon()) == set()


class FullDisk:
    """Writes as a file does, until there is no room."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> int:
        if self._file.tell() > 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        written: int = self._file.write(data)
        return written


async def test_a_full_disk_leaves_no_part_of_a_file(
    folder: Path, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = DirectoryFileStore(folder)
    await files.put(KEY, photo)
    before = photo.read_bytes()
    photo.write_bytes(os.urandom(700_000))
    opened = Path.open

    def open_full(path: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        file = opened(path, mode, *args, **kwargs)
        return FullDisk(file) if mode == "xb" else file

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(OSError, match="No space left"):
        await files.put(KEY, photo)
    monkeypatch.undo()
    assert await content(files, KEY) == before
    assert [path for path in folder.rglob("*") if path.is_file()] == [folder / KEY]


async def test_what_a_killed_process_left_half_written_is_removed(folder: Path, photo: Path) -> None:
    files = DirectoryFileStore(folder)
    await files.put(KEY, photo)
    (folder / "originals" / "ab" / ".half").write_bytes(b"half")
    assert await keys(files, soon()) == {KEY}
    assert not (folder / "originals" / "ab" / ".half").exists()
