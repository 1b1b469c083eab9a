"""A photo on its way in has no name on the disk before it is kept: a killed process leaves nothing of it."""

import tempfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from cabinet_service.adapters.files import DirectoryFileStore
from cabinet_service.photos import service
from tests.factories.photos import jpeg


class WatchedStore(DirectoryFileStore):
    """Notes what lies in the folder for temporary files at the moment at which a file is kept."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        super().__init__(folder)
        self._scratch = scratch
        self.seen: list[Path] | None = None

    async def put(self, key: str, source: Path) -> None:
        self.seen = list(self._scratch.iterdir())
        await super().put(key, source)


async def test_nothing_of_a_photo_is_left_by_a_killed_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch, photo = tmp_path / "scratch", jpeg()
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    files = WatchedStore(tmp_path / "files", scratch)
    taken = await service.take_in(files, BytesIO(photo), sha256=sha256(photo).hexdigest())
    assert files.seen == []
    assert b"".join([chunk async for chunk in await files.open(taken.key)]) == photo
