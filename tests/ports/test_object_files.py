"""What a bucket promises beyond any FileStore: outages are told, and nobody sees a half."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from cabinet_service.adapters.object_files import Bucket, ObjectFileStore
from cabinet_service.ports import StoreAway
from tests.servers.versitygw import VersityGateway

KEY: Final = "originals/ab/0195a1c2"
IMPATIENT: Final = timedelta(seconds=0.2)
SENDS: Final = """
import asyncio, sys
from pathlib import Path
from cabinet_service.adapters.object_files import Bucket, ObjectFileStore
bucket = Bucket(address=sys.argv[1], endpoint=sys.argv[2], region=sys.argv[3], key_id=sys.argv[4],
                secret_key=sys.argv[5])
asyncio.run(ObjectFileStore(bucket).put(sys.argv[6], Path(sys.argv[7])))
"""


@pytest.fixture
def gateway(object_server: VersityGateway) -> Iterator[VersityGateway]:
    """A server that is up again after the test."""
    yield object_server
    object_server.stop()
    object_server.start()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo"
    path.write_bytes(os.urandom(3_000_000))
    return path


async def keys(files: ObjectFileStore) -> set[str]:
    soon = datetime.now(UTC) + timedelta(minutes=1)
    return {key async for key in files.kept_before(soon)}


async def test_a_store_that_is_away_is_told_and_there_again_when_it_is(
    gateway: VersityGateway, photo: Path, tmp_path: Path
) -> None:
    files = ObjectFileStore(gateway.new_bucket(), patience=IMPATIENT)
    await files.put(KEY, photo)
    gateway.stop()
    for call in (
        files.put("originals/ab/other", photo),
        files.open(KEY),
        files.fetch(KEY, tmp_path / "copy"),
        files.exists(KEY),
        files.delete(KEY),
        files.check(),
        keys(files),
    ):
        with pytest.raises(StoreAway):
            await call
    with pytest.raises(StoreAway):
        async with files.draft("originals/ab/third") as draft:
            await draft.write(b"photo")
            await draft.keep(Path.read_bytes)
    gateway.start()
    await files.check()
    assert await keys(files) == {KEY}


async def test_a_store_that_goes_while_a_file_is_read_gives_no_shorter_one(
    gateway: VersityGateway, tmp_path: Path
) -> None:
    large = tmp_path / "large"
    large.write_bytes(os.urandom(64_000_000))
    files = ObjectFileStore(gateway.new_bucket(), patience=IMPATIENT)
    await files.put(KEY, large)
    chunks = await files.open(KEY)
    first = await anext(chunks)
    gateway.stop(signal.SIGKILL)
    with pytest.raises(StoreAway):
        async for _ in chunks:
            pass
    assert large.read_bytes().startswith(first)


async def test_of_who_is_killed_in_the_middle_nothing_is_there(
    object_server: VersityGateway, tmp_path: Path
) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        for _ in range(8):
            file.write(os.urandom(10_000_000))
    bucket = object_server.new_bucket()
    told = (bucket.address, bucket.endpoint, bucket.region, bucket.key_id, bucket.secret_key)
    sending = await asyncio.create_subprocess_exec(sys.executable, "-c", SENDS, *told, KEY, str(large))
    while not object_server.files_in(bucket):
        assert sending.returncode is None
        await asyncio.sleep(0.005)
    sending.kill()
    await sending.wait()

    files = ObjectFileStore(bucket)
    assert not await files.exists(KEY)
    assert await keys(files) == set()
    await files.put(KEY, large)
    assert await files.size(KEY) == large.stat().st_size


@pytest.mark.parametrize(
    "wrong", [{"key_id": "nobody"}, {"secret_key": "another"}, {"address": "s3://no-bucket"}]
)
async def test_who_may_not_enter_is_told_without_the_secret(
    object_server: VersityGateway, photo: Path, wrong: dict[str, str]
) -> None:
    bucket: Bucket = replace(object_server.new_bucket(), **wrong)
    files = ObjectFileStore(bucket, patience=IMPATIENT)
    with pytest.raises(StoreAway) as told:
        await files.check()
    assert bucket.secret_key not in str(told.value)
    with pytest.raises(StoreAway):
        await files.put(KEY, photo)
    assert bucket.secret_key not in repr(bucket)


async def test_folders_of_a_bucket_know_nothing_of_each_other(
    object_server: VersityGateway, photo: Path
) -> None:
    bucket = object_server.new_bucket()
    one, other = (ObjectFileStore(replace(bucket, address=f"{bucket.address}/{name}")) for name in ("a", "b"))
    await one.put(KEY, photo)
    assert (await keys(one), await keys(other)) == ({KEY}, set())
    assert not await other.exists(KEY)
