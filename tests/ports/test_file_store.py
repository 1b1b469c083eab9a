"""What every FileStore promises."""

import asyncio
import errno
import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cabinet_service.adapters.files import DirectoryFileStore
from cabinet_service.adapters.object_files import ObjectFileStore
from cabinet_service.ports import FileMissing, FileStore
from tests.servers.versitygw import VersityGateway

KEY = "originals/ab/0195a1c2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture(params=["directory", "objects"])
def files(request: pytest.FixtureRequest, folder: Path) -> Iterator[FileStore]:
    if request.param == "directory":
        yield DirectoryFileStore(folder)
        return
    gateway: VersityGateway = request.getfixturevalue("object_server")
    store = ObjectFileStore(gateway.new_bucket())
    yield store
    store.close()


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


async def test_a_source_that_is_gone_says_nothing_about_the_store(files: FileStore, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await files.put(KEY, tmp_path / "gone")
    assert not await files.exists(KEY)


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


def as_it_is(_: Path) -> None:
    """No check."""


def files_of(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_what_was_written_piece_by_piece_is_kept_as_one(files: FileStore) -> None:
    content_ = os.urandom(3_000_000)
    async with files.draft(KEY) as draft:
        for start in range(0, len(content_), 65_000):
            await draft.write(memoryview(content_)[start : start + 65_000])
        assert not await files.exists(KEY)
        assert await draft.keep(Path.read_bytes) == content_
    assert await content(files, KEY) == content_


async def test_nothing_written_is_an_empty_file(files: FileStore) -> None:
    async with files.draft(KEY) as draft:
        await draft.keep(as_it_is)
    assert await content(files, KEY) == b""


async def test_a_kept_draft_replaces_what_was_there(files: FileStore, photo: Path) -> None:
    await files.put(KEY, photo)
    async with files.draft(KEY) as draft:
        await draft.write(b"newer")
        await draft.keep(as_it_is)
    assert await content(files, KEY) == b"newer"


@pytest.mark.parametrize("size", [10, 3_000_000])
async def test_a_draft_that_is_not_kept_leaves_nothing(files: FileStore, folder: Path, size: int) -> None:
    def refuse(_: Path) -> None:
        raise LookupError

    async with files.draft(KEY) as draft:
        await draft.write(bytes(size))
    with pytest.raises(LookupError):
        async with files.draft(KEY) as draft:
            await draft.write(bytes(size))
            await draft.keep(refuse)
    with pytest.raises(ZeroDivisionError):
        async with files.draft(KEY) as draft:
            await draft.write(bytes(size))
            raise ZeroDivisionError
    assert await keys(files, soon()) == set()
    assert files_of(folder) == []


async def test_who_goes_away_while_a_file_is_kept_leaves_no_open_file(files: FileStore, folder: Path) -> None:
    """A thread goes on when its task is cancelled."""
    going, may_go = threading.Event(), threading.Event()
    before = len(list(Path("/proc/self/fd").iterdir()))

    def wait(_: Path) -> None:
        going.set()
        may_go.wait(10)
        raise LookupError

    async def keep() -> None:
        async with files.draft(KEY) as draft:
            await draft.write(bytes(10))
            await draft.keep(wait)

    keeping = asyncio.create_task(keep())
    assert await asyncio.to_thread(going.wait, 10)
    keeping.cancel()
    await asyncio.sleep(0)
    may_go.set()
    with pytest.raises(asyncio.CancelledError):
        await keeping
    assert files_of(folder) == []
    assert len(list(Path("/proc/self/fd").iterdir())) == before


async def test_where_a_file_must_have_a_name_the_store_works_as_well(
    folder: Path, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service_kit.new_files.OPEN_FILES", folder / "no_such_folder")
    files = DirectoryFileStore(folder)
    async with files.draft(KEY) as draft:
        await draft.write(bytes(3_000_000))
        [on_its_way] = files_of(folder)
        assert on_its_way.name.startswith(".")
        assert await draft.keep(Path.read_bytes) == bytes(3_000_000)
    await files.put("originals/ab/other", photo)
    async with files.draft("originals/ab/third") as draft:
        await draft.write(bytes(3_000_000))
    assert {path.name for path in files_of(folder)} == {"0195a1c2", "other"}


async def test_a_file_on_its_way_has_no_name(folder: Path) -> None:
    """So a killed process leaves nothing of it."""
    async with DirectoryFileStore(folder).draft(KEY) as draft:
        await draft.write(bytes(3_000_000))
        assert files_of(folder) == []


def fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every file take 100,000 bytes more and then none."""
    write, written = os.write, dict[int, int]()

    def write_full(descriptor: int, data: Any) -> int:
        room = 100_000 - written.get(descriptor, 0)
        if room == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        size = write(descriptor, data[:room])
        written[descriptor] = written.get(descriptor, 0) + size
        return size

    monkeypatch.setattr(os, "write", write_full)


@pytest.mark.parametrize("size", [700_000, 3_000_000])
async def test_a_full_disk_leaves_nothing_of_a_draft(
    folder: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    files = DirectoryFileStore(folder)
    with monkeypatch.context() as full:
        fill_the_disk(full)
        with pytest.raises(OSError, match="No space left"):
            async with files.draft(KEY) as draft:
                await draft.write(bytes(size))
                await draft.keep(as_it_is)
    assert files_of(folder) == []


async def test_a_full_disk_leaves_no_part_of_a_file(
    folder: Path, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = DirectoryFileStore(folder)
    await files.put(KEY, photo)
    before = photo.read_bytes()
    photo.write_bytes(os.urandom(700_000))
    with monkeypatch.context() as full:
        fill_the_disk(full)
        with pytest.raises(OSError, match="No space left"):
            await files.put(KEY, photo)
    assert await content(files, KEY) == before
    assert files_of(folder) == [folder / KEY]


async def test_what_a_killed_process_left_half_written_is_removed(folder: Path, photo: Path) -> None:
    files = DirectoryFileStore(folder)
    await files.put(KEY, photo)
    (folder / "originals" / "ab" / ".half").write_bytes(b"half")
    assert await keys(files, soon()) == {KEY}
    assert not (folder / "originals" / "ab" / ".half").exists()


async def test_it_is_removed_long_before_other_files_are_old(folder: Path, photo: Path) -> None:
    files = DirectoryFileStore(folder)
    await files.put(KEY, photo)
    half, fresh = folder / "originals" / "ab" / ".half", folder / "originals" / "ab" / ".fresh"
    half.write_bytes(b"half")
    fresh.write_bytes(b"of an upload under way")
    two_hours_ago = time.time() - 2 * 60 * 60
    os.utime(half, (two_hours_ago, two_hours_ago))
    assert await keys(files, datetime.now(UTC) - timedelta(days=7)) == set()
    assert (half.exists(), fresh.exists()) == (False, True)
