"""What bpa is told that the reader saw on a photo, with the real process that reads; and who goes first."""

import asyncio
import io
from collections.abc import AsyncGenerator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.readings import reader as readers
from cabinet_service.readings.errors import ReaderBusy
from cabinet_service.readings.reader import PhotoReader
from service_kit.ids import new_id
from tests.factories import photos
from tests.factories.photos import VIN
from tests.service.inspections.conftest import Json, Person
from tests.service.inspections.stored import ask_as_peer, stored_files

PATIENT: Final = 5


@pytest.fixture
async def reader() -> AsyncGenerator[PhotoReader]:
    one = PhotoReader()
    yield one
    await one.close()


async def read_by_a_client(reader: PhotoReader) -> set[str]:
    return {one.text for one in await reader.read(io.BytesIO(photos.vin_plate()))}


def target(photo: Json) -> str:
    return f"/internal/v1/evidence/{photo['id']}/reading"


async def read_of(ports: ApiPorts, api: httpx.AsyncClient, photo: Json) -> Json:
    """What the experts' side is told, which asks again where the reader had no time: on a busy machine its start
    takes longer than anybody waits.
    """
    answer = await ask_as_peer(ports, api, target(photo))
    for _ in range(PATIENT):
        if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
            break
        answer = await ask_as_peer(ports, api, target(photo))
    assert answer.status_code == HTTPStatus.OK, answer.text
    return answer.json()


async def test_the_number_on_a_preview_is_told_to_the_experts_side_alone(
    client: Person, work: Any, cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient
) -> None:
    draft = await client.start()
    plate = (await client.send_file(draft["id"], photos.vin_plate(), shot="vin_plate")).json()
    nothing = (await client.send_file(draft["id"], photos.jpeg(), shot="door_sticker")).json()
    early = await ask_as_peer(cabinet_ports, cabinet_api, target(plate))
    assert (early.status_code, early.json()["code"]) == (404, "preview_not_ready")
    await work()

    assert (await cabinet_api.get(target(plate))).status_code == 401
    read = await read_of(cabinet_ports, cabinet_api, plate)
    best, *_ = read["candidates"]
    assert (best["identifier"], best["kind"], best["changes"]) == (VIN, "vin", [])
    assert best["confidence"] > 0.9
    assert 0.1 < best["region"]["x"] < best["region"]["x"] + best["region"]["width"] < 0.9
    seen = await read_of(cabinet_ports, cabinet_api, nothing)
    assert seen == {"candidates": [], "number_seen": False}

    for path in stored_files(cabinet_ports):
        path.unlink()
    for gone in (plate, {"id": new_id()}):
        answer = await ask_as_peer(cabinet_ports, cabinet_api, target(gone))
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_while_a_client_wants_the_reader_it_is_not_there_for_others(reader: PhotoReader) -> None:
    reading = asyncio.create_task(read_by_a_client(reader))
    await asyncio.sleep(0)
    with pytest.raises(ReaderBusy):
        await reader.read_if_free(_plate, seconds=60)
    assert VIN in await reading
    assert VIN in {one.text for one in await reader.read_if_free(_plate, seconds=60)}


async def test_what_can_wait_is_given_up_for_a_client(
    reader: PhotoReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "GIVES_WAY_SECONDS", 0.01)
    begun, never = asyncio.Event(), asyncio.Event()

    async def endless(_file: Path) -> None:
        begun.set()
        await never.wait()

    aside = asyncio.create_task(reader.read_if_free(endless, seconds=600))
    await begun.wait()
    assert VIN in await read_by_a_client(reader)
    with pytest.raises(ReaderBusy):
        await aside


async def test_what_takes_too_long_is_given_up(reader: PhotoReader) -> None:
    with pytest.raises(ReaderBusy):
        await reader.read_if_free(_plate, seconds=0.01)
    assert VIN in await read_by_a_client(reader)


async def _plate(file: Path) -> None:
    file.write_bytes(photos.vin_plate())
