"""A photo on its way in has no name on the disk before it is kept: a killed process leaves nothing of it."""

import tempfile
from hashlib import sha256
from pathlib import Path

import pytest

from cabinet_service.adapters.files import DirectoryFileStore
from cabinet_service.photos import service
from tests.factories.photos import jpeg


async def test_nothing_of_a_photo_is_left_by_a_killed_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch, photo = tmp_path / "scratch", jpeg() + bytes(2_000_000)
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    files = DirectoryFileStore(tmp_path / "files")
    async with service.arriving(files) as arrival:
        await arrival.write(photo)
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        taken = await service.take_in(arrival, sha256=sha256(photo).hexdigest())
    assert b"".join([chunk async for chunk in await files.open(taken.key)]) == photo
