"""The judge of files: what it says where it could not look."""

from pathlib import Path

import pytest

from cabinet_service.reports.verifying.judge import Judge, Looked
from cabinet_service.reports.verifying.refusal import UNREADABLE
from service_kit.decoding import FileRefused
from service_kit.http.problems import TemporarilyUnavailable
from tests.factories.report_files import CODE

pytestmark = pytest.mark.busless


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file.pdf"
    path.write_bytes(f"%PDF-1.7 (https://auto.example/verify/{CODE})".encode())
    return path


async def test_what_was_not_looked_into_in_time_is_not_judged(file: Path) -> None:
    judge = Judge(seconds=0.001)
    with pytest.raises(TemporarilyUnavailable):
        await judge.look_into(file, [])
    await judge.close()


async def test_what_brings_its_reader_down_still_says_which_it_was(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def brought_down(_question: object) -> None:
        raise FileRefused(UNREADABLE)

    judge = Judge()
    monkeypatch.setattr(judge.process, "decoded", brought_down)
    assert await judge.look_into(file, []) == Looked(code=CODE)
