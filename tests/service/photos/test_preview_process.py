"""A file that brings a decoder down takes nothing else with it."""

import asyncio
import os
import signal
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from cabinet_service.photos.preview_process import PreviewProcess
from cabinet_service.photos.refusal import PhotoRefused
from service_kit.side_process import Interrupted
from tests.factories import photos


@pytest.fixture
async def previews() -> AsyncGenerator[PreviewProcess]:
    process = PreviewProcess()
    yield process
    await process.close()


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "original"
    path.write_bytes(photos.jpeg(800, 600))
    return path


def pid_of(previews: PreviewProcess) -> int:
    assert previews.process.pid is not None
    return previews.process.pid


async def test_one_process_makes_many_previews(
    previews: PreviewProcess, original: Path, tmp_path: Path
) -> None:
    facts = [await previews.make(original, tmp_path / f"preview-{number}") for number in range(2)]
    assert facts[0] == facts[1]
    assert facts[0].size == (tmp_path / "preview-1").stat().st_size
    pid = pid_of(previews)
    assert pid != os.getpid()
    await previews.make(original, tmp_path / "preview-2")
    assert pid_of(previews) == pid


async def test_previews_wait_for_each_other(previews: PreviewProcess, original: Path, tmp_path: Path) -> None:
    made = await asyncio.gather(*(previews.make(original, tmp_path / f"p{number}") for number in range(4)))
    assert len({facts.perceptual_hash for facts in made}) == 1


async def test_a_photo_that_is_refused_leaves_the_process_at_work(
    previews: PreviewProcess, original: Path, tmp_path: Path
) -> None:
    (tmp_path / "text").write_bytes(b"no photo at all")
    with pytest.raises(PhotoRefused) as caught:
        await previews.make(tmp_path / "text", tmp_path / "preview")
    assert caught.value.code == "photo_type_unknown"
    await previews.make(original, tmp_path / "preview")


async def test_a_trouble_of_the_disk_is_not_blamed_on_the_photo(
    previews: PreviewProcess, tmp_path: Path
) -> None:
    with pytest.raises(Interrupted, match="FileNotFoundError"):
        await previews.make(tmp_path / "nowhere", tmp_path / "preview")


async def interrupted(previews: PreviewProcess, original: Path, target: Path, number: signal.Signals) -> None:
    """Ask for a preview of a file that never comes to its end, and have the process die of it."""
    stuck = original.with_name("stuck")
    os.mkfifo(stuck)
    asking = asyncio.create_task(previews.make(stuck, target))
    while previews.process.pid is None:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    os.kill(pid_of(previews), number)
    await asking


async def test_a_file_that_crashes_the_decoder_is_refused(
    previews: PreviewProcess, original: Path, tmp_path: Path
) -> None:
    with pytest.raises(PhotoRefused) as caught:
        await interrupted(previews, original, tmp_path / "preview", signal.SIGSEGV)
    assert caught.value.code == "photo_undecodable"
    await previews.make(original, tmp_path / "preview")


async def test_a_process_that_is_killed_from_outside_gets_the_photo_again(
    previews: PreviewProcess, original: Path, tmp_path: Path
) -> None:
    with pytest.raises(Interrupted):
        await interrupted(previews, original, tmp_path / "preview", signal.SIGKILL)
    await previews.make(original, tmp_path / "preview")


async def test_a_file_that_hangs_the_decoder_is_refused(tmp_path: Path) -> None:
    stuck = tmp_path / "stuck"
    os.mkfifo(stuck)
    impatient = PreviewProcess(seconds=0.3)
    with pytest.raises(PhotoRefused):
        await impatient.make(stuck, tmp_path / "preview")
    assert impatient.process.pid is None


async def test_a_process_that_went_to_sleep_is_woken_by_the_next_photo(
    previews: PreviewProcess, original: Path, tmp_path: Path
) -> None:
    await previews.make(original, tmp_path / "preview")
    # To end it as its own idle time would:
    process = previews.process._process  # pyright: ignore[reportPrivateUsage] - see above
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert await process.wait() == 0
    await previews.make(original, tmp_path / "preview")
