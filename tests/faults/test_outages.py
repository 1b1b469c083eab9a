"""An engine is away for a while: the services say so, go on with what they can, and lose nothing."""

import io
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import httpx
import pytest
import redis
from PIL import Image

from deploy.demo.people import Client, Refused, wait_for
from tests.factories.photos import encoded
from tests.faults import ledger
from tests.faults.traffic import CLAIM, Buyer, Judge, Log, at_work, insist
from tests.faults.world import World, away

# How long the bus is away: one inspection's length, or so many seconds in a longer run.
OUTAGE_SECONDS: Final = float(os.environ.get("AUTODETECTIVE_TEST_OUTAGE_SECONDS", "0"))


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value


def test_without_postgresql_the_answer_is_503_and_when_to_come_again(
    world: World, buyer: Buyer, judges: list[Judge], log: Log
) -> None:
    with at_work(judges):
        buyer.send()
        with away(world, "postgres"):
            for ask in (lambda: buyer.client.get("/inspections"), lambda: buyer.client.start(CLAIM)):
                refused = refusal(ask)
                assert refused.status == HTTPStatus.SERVICE_UNAVAILABLE
                assert int(refused.retry_after or 0) > 0
        buyer.send()
        ledger.settle(world, log)
    assert ledger.check(world, log).faults == []


def test_what_is_sent_while_the_bus_is_away_arrives_when_it_is_back(
    world: World, buyer: Buyer, judges: list[Judge], log: Log
) -> None:
    carrier = ["broker"] if world.bus == "rabbitmq" else ["bpa-api", "bpa-relay"]
    with away(world, *carrier):
        back_at = time.monotonic() + OUTAGE_SECONDS
        while True:
            sent = buyer.send()
            assert buyer.client.inspection(sent.inspection_id)["state"] == "submitted"
            if time.monotonic() >= back_at:
                break
            time.sleep(1)
    world.stack.wait_ready()
    with at_work(judges):
        ledger.settle(world, log)
    assert ledger.check(world, log).faults == []


def test_without_the_cache_work_goes_on_and_nobody_new_signs_in(world: World, buyer: Buyer) -> None:
    stranger = f"{uuid4().hex[:12]}@example.com"
    with Client(world.stack.cabinet.url) as client:
        with away(world, "valkey"):
            assert buyer.start()
            refused = refusal(lambda: client.call("POST", "/auth/codes", {"contact": stranger}))
            assert refused.status == HTTPStatus.SERVICE_UNAVAILABLE
            assert refused.retry_after is not None
        insist(lambda: client.sign_in(stranger), Log())


def test_a_cache_that_forgot_everything_does_no_harm(world: World, buyer: Buyer) -> None:
    environment = world.stack.environment_of(world.stack.cabinet)
    cache: Any = redis.from_url(environment["CABINET_CACHE_URL"])  # pyright: ignore[reportUnknownMemberType] - any options
    cache.flushall()
    assert buyer.start()
    with Client(world.stack.cabinet.url) as client:
        assert client.sign_in(f"{uuid4().hex[:12]}@example.com")


@pytest.fixture
def small_disk(world: World, tmp_path: Path) -> Iterator[Path]:
    """Cabinet keeps its photos on a disk of 256 KiB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk of a given size")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", tmp_path], check=True)
    world.stack.restart("cabinet-api", {"CABINET_FILES_DIR": str(tmp_path)})
    yield tmp_path
    world.stack.restart("cabinet-api")
    subprocess.run(["umount", tmp_path], check=True)


def test_a_full_disk_refuses_the_photo_and_keeps_no_part_of_it(
    world: World, buyer: Buyer, small_disk: Path
) -> None:
    draft = buyer.start()
    first, second = (noise(seed) for seed in range(2))
    kept = buyer.client.upload(draft, "front", first)
    before = files_in(small_disk)
    refused = refusal(lambda: buyer.client.upload(draft, "rear", second))
    assert (refused.status, refused.code) == (HTTPStatus.INSUFFICIENT_STORAGE, "storage_full")
    assert files_in(small_disk) == before
    ids = "SELECT id FROM evidence WHERE inspection_id = '{}'"
    assert ledger.rows(world, "cabinet", ids.format(draft)) == [UUID(kept["id"])]
    buyer.client.call("DELETE", f"/inspections/{draft}/evidence/{kept['id']}")


def noise(seed: int, size: tuple[int, int] = (256, 192)) -> bytes:
    """A photo of 3 bytes a pixel; of the usual 150 KB, two are too many for the small disk."""
    pixels = random.Random(seed).randbytes(size[0] * size[1] * 3)
    return encoded(Image.frombytes("RGB", size, pixels), "PNG")


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


class HalfFile(io.BytesIO):
    """A file whose second half is not to be read before it may."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._half = len(content) // 2
        self.may_go_on = threading.Event()

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() >= self._half:
            assert self.may_go_on.wait(60)
        return super().read(size)


@pytest.mark.parametrize("in_time", [True, False], ids=["the rest in time", "the rest too late"])
def test_a_photo_that_comes_while_the_process_is_told_to_end_is_whole_or_asked_for_again(
    world: World, buyer: Buyer, in_time: bool
) -> None:
    draft, photo, key = buyer.start(), noise(3, (1100, 1000)), uuid4().hex
    fields = {"shot": "front", "sha256": sha256(photo).hexdigest()}
    before, api = files_in(world.files()), world.stack.processes["cabinet-api"]

    def send(file: io.BytesIO) -> Any:
        path, files = f"/inspections/{draft}/evidence", {"file": ("photo.png", file, "image/png")}
        return buyer.client.call("POST", path, data=fields, files=files, key=key)

    halves, acknowledged = HalfFile(photo), None
    with ThreadPoolExecutor(2) as threads:
        sending = threads.submit(send, halves)
        wait_for(lambda: drafts_of(api.pid, world.files()) or None, "the first half")
        ending = threads.submit(api.stop)
        if in_time:
            halves.may_go_on.set()
            acknowledged = sending.result()["id"]
            ending.result()
        else:
            ending.result()
            halves.may_go_on.set()
            with pytest.raises((httpx.TransportError, Refused)):
                sending.result()
            assert files_in(world.files()) == before
    assert api.exit_code() != -signal.SIGKILL
    api.start()
    world.stack.wait_ready("cabinet-api")
    again = insist(lambda: send(io.BytesIO(photo)), Log())["id"]
    assert acknowledged in {None, again}
    ids = "SELECT id FROM evidence WHERE inspection_id = '{}'"
    assert ledger.rows(world, "cabinet", ids.format(draft)) == [UUID(again)]
    buyer.client.call("DELETE", f"/inspections/{draft}/evidence/{again}")


def drafts_of(pid: int, folder: Path) -> list[str]:
    """The files in that folder that the process has open."""
    opened = (str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink())
    return [name for name in opened if name.startswith(str(folder))]
