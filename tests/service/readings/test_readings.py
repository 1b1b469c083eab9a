"""Reading numbers from photos over the API, with the real process that reads."""

import asyncio
import io
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import zxingcpp
from fastapi import FastAPI
from PIL import Image

from cabinet_service.entrypoints.app import create_app
from cabinet_service.readings.reader import PhotoReader
from cabinet_service.settings import Settings
from deploy.demo.photos import as_phone_jpeg
from tests.factories import barcodes, photos
from tests.factories.photos import VIN, encoded
from tests.support.api import running
from tests.support.clients import sign_in

READINGS: Final = "/api/v1/readings"


@pytest.fixture
def app(cabinet_settings: Settings) -> FastAPI:
    return create_app(cabinet_settings)


@pytest.fixture
async def api(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    async with running(app) as client:
        yield client


async def read(api: httpx.AsyncClient, photo: bytes, **more: Any) -> httpx.Response:
    return await api.post(READINGS, files={"file": ("photo.jpg", photo, "image/jpeg")}, **more)


async def candidates(api: httpx.AsyncClient, photo: bytes, **more: Any) -> list[dict[str, Any]]:
    answer = await read(api, photo, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()["candidates"]


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


async def test_the_number_of_a_plate_is_read_where_it_stands(api: httpx.AsyncClient) -> None:
    best, *_ = await candidates(api, photos.vin_plate(), data={"shot": "vin_plate"})
    assert (best["identifier"], best["formatted"], best["kind"]) == (VIN, "SAL 1A2A40 SA606662", "vin")
    assert (best["source"], best["changes"]) == ("text", [])
    assert best["check_digit"]["computed"] == best["check_digit"]["found"]
    assert best["confidence"] > 0.9
    region = best["region"]
    assert 0.1 < region["x"] < 0.2
    assert 0.3 < region["y"] < 0.4
    assert region["x"] + region["width"] < 0.9
    assert region["y"] + region["height"] < 0.55


async def test_a_photo_is_turned_upright_before_it_is_read(api: httpx.AsyncClient) -> None:
    upright = Image.open(io.BytesIO(photos.stamped_number()))
    straight, *_ = await candidates(api, as_phone_jpeg(upright))
    for orientation in (3, 6, 8):
        turned, *_ = await candidates(api, as_phone_jpeg(upright, orientation=orientation))
        assert turned["identifier"] == straight["identifier"] == VIN
        assert turned["region"] == pytest.approx(straight["region"], abs=0.02)


@pytest.mark.parametrize("number", ["XTAGFK110KY280830", "VF1LMRG0632930421"])
async def test_narrow_letters_on_a_sticker_seen_from_aside_are_read(
    api: httpx.AsyncClient, number: str
) -> None:
    best, *_ = await candidates(api, as_phone_jpeg(photos.narrow_sticker(number), quality=90))
    assert best["identifier"] == number


async def test_a_number_that_stands_on_its_head_is_read_and_said_to(api: httpx.AsyncClient) -> None:
    upright = Image.open(io.BytesIO(photos.vin_plate()))
    straight, *_ = await candidates(api, as_phone_jpeg(upright))
    turned, *_ = await candidates(api, as_phone_jpeg(upright.transpose(Image.Transpose.ROTATE_180)))
    assert (straight["upside_down"], turned["upside_down"]) == (False, True)
    assert turned["identifier"] == straight["identifier"] == VIN
    shown, place = straight["region"], turned["region"]
    assert place["x"] == pytest.approx(1 - shown["x"] - shown["width"], abs=0.02)
    assert place["y"] == pytest.approx(1 - shown["y"] - shown["height"], abs=0.02)


async def test_bars_and_dots_are_read(api: httpx.AsyncClient) -> None:
    for form in ("Code39", "Code128", "DataMatrix", "QRCode", "PDF417"):
        content = f"I{VIN}" if form == "Code39" else VIN  # as labels of imported cars have it
        picture = barcodes.sticker(content, getattr(zxingcpp.BarcodeFormat, form))
        best, *_ = await candidates(api, encoded(picture, "PNG"))
        assert (best["identifier"], best["source"]) == (VIN, "barcode"), form
        assert 0.2 < best["region"]["x"] + best["region"]["width"] / 2 < 0.8


async def test_a_photo_without_a_number_has_no_candidates(api: httpx.AsyncClient) -> None:
    nothing = (await read(api, photos.webp())).json()
    assert nothing == {"candidates": [], "number_seen": False}
    assert await candidates(api, photos.blurred()) == []
    assert (await read(api, photos.vin_plate())).json()["number_seen"]


REAL: Final = Path(__file__).resolve().parents[4] / "shared" / "photos"


@pytest.mark.skipif(not REAL.exists(), reason="no real photos beside this checkout")
@pytest.mark.parametrize(("name", "number"), [("plate-01", "Z94C251BBKR034330"), ("plate-05", None)])
async def test_a_real_plate_is_read_rightly_or_not_at_all(
    api: httpx.AsyncClient, name: str, number: str | None
) -> None:
    with Image.open(REAL / "plates" / f"{name}.jpg") as small:
        photo = as_phone_jpeg(small.convert("RGB").resize((small.width * 4, small.height * 4)), quality=92)
    assert [one["identifier"] for one in await candidates(api, photo)] == ([number] if number else [])


@pytest.mark.skipif(not REAL.exists(), reason="no real photos beside this checkout")
async def test_on_a_whole_car_nothing_is_offered(api: httpx.AsyncClient) -> None:
    assert await candidates(api, (REAL / "yard-01.jpg").read_bytes(), data={"shot": "vin_stamped"}) == []


async def test_one_process_reads_many_photos_and_starts_with_the_first(
    app: FastAPI, api: httpx.AsyncClient
) -> None:
    reader: PhotoReader = app.state.reader
    assert reader.process.pid is None
    await candidates(api, photos.jpeg())
    first = reader.process.pid
    assert first is not None
    await candidates(api, photos.png())
    assert reader.process.pid == first


HOSTILE: Final = [
    (b"", 422, "photo_empty"),
    (b"no photo at all", 415, "photo_type_unknown"),
    (photos.truncated_jpeg(), 422, "photo_truncated"),
    (photos.bomb_png(), 422, "photo_too_many_pixels"),
    (photos.jpeg() + b"<script>alert(1)</script>", 422, "photo_polyglot"),
    (bytes(3 * 1024 * 1024), 413, "body_too_large"),
]


async def test_a_file_that_is_no_photo_is_refused_and_the_next_is_read_by_the_same_process(
    app: FastAPI, api: httpx.AsyncClient
) -> None:
    assert await candidates(api, photos.jpeg(64, 64)) == []
    reader: PhotoReader = app.state.reader
    process = reader.process.pid
    for photo, status, code in HOSTILE:
        assert refused(await read(api, photo)) == (status, code)
    assert await candidates(api, photos.jpeg(64, 64)) == []
    assert reader.process.pid == process


async def test_a_form_that_is_not_as_documented_is_refused(api: httpx.AsyncClient) -> None:
    assert refused(await api.post(READINGS, data={"shot": "front"}, files={"x": b""})) == (
        422,
        "malformed_request",
    )
    assert refused(await read(api, photos.jpeg(), data={"shot": "moon"})) == (422, "malformed_request")
    assert (await api.post(READINGS, json={"file": "photo"})).status_code == 415


async def test_readings_are_limited_by_address(cabinet_settings: Settings) -> None:
    settings = cabinet_settings.model_copy(update={"readings_per_address": "1/hour"})
    async with running(create_app(settings)) as api:
        assert (await read(api, photos.jpeg())).status_code == 200
        limited = await read(api, photos.jpeg())
    assert refused(limited) == (429, "too_many_requests")
    assert int(limited.headers["retry-after"]) > 60


async def test_readings_are_limited_by_account(cabinet_settings: Settings) -> None:
    settings = cabinet_settings.model_copy(update={"readings_per_account": "1/hour"})
    app = create_app(settings)
    async with running(app) as api:
        anna = (await sign_in(app.state.ports)).headers
        assert (await read(api, photos.jpeg(), headers=anna)).status_code == 200
        assert refused(await read(api, photos.jpeg(), headers=anna)) == (429, "too_many_requests")
        assert (await read(api, photos.jpeg())).status_code == 200


async def test_who_would_have_to_wait_for_long_is_told_so(app: FastAPI, api: httpx.AsyncClient) -> None:
    app.state.reader = PhotoReader(patience=0.05)  # starting the process takes longer
    try:
        answers = await asyncio.gather(read(api, photos.jpeg()), read(api, photos.jpeg()))
        assert sorted(answer.status_code for answer in answers) == [200, 503]
        busy = max(answers, key=lambda answer: answer.status_code)
        assert refused(busy) == (503, "reader_busy")
        assert int(busy.headers["retry-after"]) > 0
    finally:
        await app.state.reader.close()


async def test_no_more_wait_than_there_is_room_for(app: FastAPI, api: httpx.AsyncClient) -> None:
    app.state.reader = PhotoReader(patience=60, most_waiting=1)
    try:
        answers = await asyncio.gather(*(read(api, photos.jpeg()) for _ in range(5)))
        # One is read, one waits.
        assert sorted(answer.status_code for answer in answers) == [200, 200, 503, 503, 503]
    finally:
        await app.state.reader.close()


async def test_nothing_of_a_photo_is_kept(
    api: httpx.AsyncClient, cabinet_settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    assert (await candidates(api, photos.vin_plate()))[0]["identifier"] == VIN
    assert [path for path in cabinet_settings.files_dir.rglob("*") if path.is_file()] == []
    told = capfd.readouterr()
    assert VIN not in told.out + told.err
