"""Photos that break off on their way leave nothing: no row, no file, and no file without a name held open."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.settings import Settings
from tests.factories.photos import jpeg
from tests.service.inspections.conftest import Person
from tests.support import clients
from tests.support.serving import served

PHOTO: Final = jpeg() + bytes(3_000_000)
BOUNDARY: Final = "b0undary"
FORM: Final = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def form_of(photo: bytes, *, end: str = f"\r\n--{BOUNDARY}--\r\n") -> bytes:
    """The form that sends it, with its fields first."""
    fields = {"shot": "front", "sha256": hashlib.sha256(photo).hexdigest()}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\n\r\n'
    return "".join([*parts, head]).encode() + photo + end.encode()


def traces_of_photos(folder: Path) -> list[str]:
    """All files in the folder, and those of them that this process has open and that have no name."""
    names = [str(path) for path in folder.rglob("*") if path.is_file()]
    opened = [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return names + [name for name in opened if name.startswith(str(folder))]


async def until(folder: Path, *, on_its_way: bool) -> None:
    """Wait until something of a photo is there, or nothing."""
    async with asyncio.timeout(60):
        while bool(traces_of_photos(folder)) != on_its_way:
            await asyncio.sleep(0.02)


@dataclass
class Upload:
    """A photo on its way to a server of its own: its first half is there, the second one waits."""

    answer: asyncio.Task[httpx.Response]
    may_go_on: asyncio.Event
    server: AsyncExitStack
    address: httpx.URL

    async def told_to_end(self) -> asyncio.Task[None]:
        """SIGTERM; returns once the server takes no new connections, with what ends when it has ended."""
        ending = asyncio.create_task(self.server.aclose())
        async with asyncio.timeout(60):
            while await _is_open(self.address):
                await asyncio.sleep(0.02)
        return ending


async def _is_open(address: httpx.URL) -> bool:
    try:
        _, writer = await asyncio.open_connection(address.host, address.port)
    except ConnectionError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def half_sent(settings: Settings, ports: ApiPorts, inspection_id: str) -> AsyncGenerator[Upload]:
    signed_in = await clients.sign_in(ports, "client@example.com", language="en")
    may_go_on, form = asyncio.Event(), form_of(PHOTO)

    async def halves() -> AsyncIterator[bytes]:
        yield form[:2_500_000]
        await may_go_on.wait()
        yield form[2_500_000:]

    async with AsyncExitStack() as server, httpx.AsyncClient(timeout=60) as api:
        address = await server.enter_async_context(served(create_app(settings)))
        api.base_url = httpx.URL(address)
        path = f"/inspections/{inspection_id}/evidence"
        sending = Person(api, signed_in).send("POST", path, content=halves(), headers=FORM)
        answer = asyncio.create_task(sending)
        await until(Path(settings.files_dir), on_its_way=True)
        yield Upload(answer, may_go_on, server, api.base_url)


async def test_a_photo_whose_line_breaks_leaves_nothing(
    cabinet_settings: Settings, cabinet_ports: ApiPorts, client: Person
) -> None:
    inspection_id = (await client.start())["id"]
    folder = Path(cabinet_settings.files_dir)
    async with half_sent(cabinet_settings, cabinet_ports, inspection_id) as upload:
        upload.answer.cancel()
        await asyncio.wait([upload.answer])
        await until(folder, on_its_way=False)
    assert traces_of_photos(folder) == []
    assert (await client.inspection(inspection_id))["evidence"] == []


async def test_a_process_that_is_told_to_end_leaves_nothing_of_half_a_photo(
    cabinet_settings: Settings, cabinet_ports: ApiPorts, client: Person
) -> None:
    inspection_id = (await client.start())["id"]
    async with half_sent(cabinet_settings, cabinet_ports, inspection_id) as upload:
        await (await upload.told_to_end())
        upload.may_go_on.set()
        await asyncio.wait([upload.answer])
        assert upload.answer.exception() or upload.answer.result().status_code >= 500
    assert traces_of_photos(Path(cabinet_settings.files_dir)) == []
    assert (await client.inspection(inspection_id))["evidence"] == []


async def test_a_process_that_is_told_to_end_waits_for_the_rest_of_a_photo(
    cabinet_settings: Settings, cabinet_ports: ApiPorts, client: Person
) -> None:
    inspection_id = (await client.start())["id"]
    async with half_sent(cabinet_settings, cabinet_ports, inspection_id) as upload:
        ending = await upload.told_to_end()
        upload.may_go_on.set()
        assert (await upload.answer).status_code == 201
        await ending
    [kept] = traces_of_photos(Path(cabinet_settings.files_dir))
    assert Path(kept).read_bytes() == PHOTO
    [evidence] = (await client.inspection(inspection_id))["evidence"]
    assert evidence["sha256"] == hashlib.sha256(PHOTO).hexdigest()


@pytest.mark.parametrize("end", ["", f"\r\n--{BOUNDARY}", f"\r\n--{BOUNDARY}-x"])
async def test_a_form_that_ends_early_is_no_photo(
    cabinet_settings: Settings, client: Person, end: str
) -> None:
    inspection_id = (await client.start())["id"]
    answer = await client.send(
        "POST", f"/inspections/{inspection_id}/evidence", content=form_of(PHOTO, end=end), headers=FORM
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request"), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert traces_of_photos(Path(cabinet_settings.files_dir)) == []
