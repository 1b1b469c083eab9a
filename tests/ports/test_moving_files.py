"""A folder is copied into a bucket, broken off and gone on with, and nothing is taken for whole that is not."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from cabinet_service.adapters.files import DirectoryFileStore
from cabinet_service.adapters.object_files import ObjectFileStore
from cabinet_service.entrypoints import moving_files
from cabinet_service.entrypoints.moving_files import Moved, move
from cabinet_service.ports import StoreAway
from tests.servers.versitygw import VersityGateway

SIZE: Final = 50_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With thirty files, and one on its way."""
    folder = tmp_path / "files"
    for number in range(30):
        path = folder / "originals" / f"{number % 4:02x}" / f"{number:04x}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(SIZE))
    (folder / "originals" / "00" / ".on-its-way").write_bytes(b"half a pho")
    return folder


@pytest.fixture
def bucket(object_server: VersityGateway) -> Iterator[ObjectFileStore]:
    files = ObjectFileStore(object_server.new_bucket())
    yield files
    files.close()


async def contents(files: DirectoryFileStore | ObjectFileStore) -> dict[str, bytes]:
    soon = datetime.now(UTC) + timedelta(minutes=1)
    return {
        key: b"".join([chunk async for chunk in await files.open(key)])
        async for key in files.kept_before(soon)
    }


async def test_all_of_a_folder_comes_into_the_bucket_and_stays_in_the_folder(
    folder: Path, bucket: ObjectFileStore
) -> None:
    assert await move(folder, bucket, compare=False) == Moved(sent=30, sent_bytes=30 * SIZE)
    there = await contents(bucket)
    assert len(there) == 30
    assert there == await contents(DirectoryFileStore(folder))
    assert await move(folder, bucket, compare=False) == Moved(there=30)


async def test_broken_off_it_goes_on_where_it_was(
    folder: Path, bucket: ObjectFileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, left = bucket.put, [10]

    async def put_some(key: str, source: Path) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise StoreAway(key)
        await put(key, source)

    with monkeypatch.context() as broken:
        broken.setattr(bucket, "put", put_some)
        with pytest.raises(ExceptionGroup) as raised:
            await move(folder, bucket, compare=False)
    assert raised.value.split(StoreAway)[1] is None
    before = len(await contents(bucket))
    moved = await move(folder, bucket, compare=False)
    # What was on its way when it broke off may have arrived after we looked.
    assert before <= moved.there <= 10
    assert moved.sent == 30 - moved.there
    assert await contents(bucket) == await contents(DirectoryFileStore(folder))


@pytest.mark.parametrize(("held", "compare"), [(b"shorter", False), (bytes(SIZE), True)])
async def test_what_is_there_with_another_content_is_put_right(
    folder: Path, bucket: ObjectFileStore, tmp_path: Path, held: bytes, compare: bool
) -> None:
    (tmp_path / "held").write_bytes(held)
    await bucket.put("originals/00/0000", tmp_path / "held")
    moved = await move(folder, bucket, compare=compare)
    assert (moved.sent, moved.differed) == (30, 1)
    assert await contents(bucket) == await contents(DirectoryFileStore(folder))


async def test_what_was_not_kept_as_it_was_sent_ends_the_move(
    folder: Path, bucket: ObjectFileStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put, other = bucket.put, tmp_path / "other"
    other.write_bytes(bytes(SIZE))

    async def put_something_else(key: str, _source: Path) -> None:
        await put(key, other)

    monkeypatch.setattr(bucket, "put", put_something_else)
    with pytest.raises(ExceptionGroup) as raised:
        await move(folder, bucket, compare=False)
    assert raised.value.split(moving_files.Differs)[1] is None
