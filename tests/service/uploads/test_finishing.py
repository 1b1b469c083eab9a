"""The end of an upload: whoever asks, however often and whenever, gets the one answer that is true."""

import asyncio
import errno
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.photos import service as photos
from cabinet_service.settings import Settings
from tests.factories.photos import jpeg
from tests.service.inspections.conftest import Person
from tests.service.uploads.phone import TUS, Phone, originals, parts_left
from tests.support import clients
from tests.support.serving import served

NO_PHOTO: Final = b"%PDF-1.7 no photo at all" * 100


async def no_room(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


async def head(phone: Phone) -> httpx.Response:
    return await phone.person.send("HEAD", phone.place, headers=TUS)


@pytest.mark.parametrize("start", [5000, None], ids=["the last part", "nothing from the end on"])
async def test_two_hundred_who_bring_the_end_at_once_get_the_one_answer(
    cabinet_settings: Settings,
    cabinet_ports: ApiPorts,
    monkeypatch: pytest.MonkeyPatch,
    start: int | None,
) -> None:
    signed_in = await clients.sign_in(cabinet_ports, "client@example.com", language="en")
    async with (
        served(create_app(cabinet_settings)) as address,
        httpx.AsyncClient(base_url=address, timeout=120, limits=httpx.Limits(max_connections=None)) as api,
    ):
        person = Person(api, signed_in)
        inspection_id = (await person.start())["id"]
        phone = Phone(person, inspection_id, jpeg(1600, 1200))
        await phone.begin()
        size = len(phone.photo)
        assert (await phone.part(0, 5000)).status_code == 204
        if start is None:  # all bytes are here, and their end was not reached
            with monkeypatch.context() as full:
                full.setattr(photos, "take_in", no_room)
                assert (await phone.part(5000, size)).status_code == 507
        answers = await asyncio.gather(*(phone.part(start or size, size) for _ in range(200)))
        assert Counter(answer.status_code for answer in answers) == {204: 200}
        assert {answer.headers["upload-offset"] for answer in answers} == {str(size)}
        assert len((await person.inspection(inspection_id))["evidence"]) == 1
        assert (await phone.look())["state"] == "done"
    assert originals(cabinet_settings) == [phone.photo]
    assert await parts_left(cabinet_ports) == 0
    assert not [path for path in Path(cabinet_settings.files_dir).rglob("parts/*/*") if path.is_file()]


async def test_a_refusal_is_what_everybody_hears(client: Person, inspection_id: str) -> None:
    phone = Phone(client, inspection_id, NO_PHOTO)
    await phone.begin()
    answers = await asyncio.gather(*(phone.part(0, len(NO_PHOTO)) for _ in range(20)))
    answers.append(await phone.part(len(NO_PHOTO), len(NO_PHOTO)))
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {
        (415, "photo_type_unknown")
    }
    assert {answer.json()["detail"] for answer in answers} == {answers[0].json()["detail"]}


async def test_who_lost_the_answer_of_a_refusal_is_not_told_that_all_went_well(
    client: Person, inspection_id: str
) -> None:
    phone = Phone(client, inspection_id, NO_PHOTO)
    await phone.begin()
    await phone.part(0, len(NO_PHOTO))
    looked = await head(phone)
    assert looked.status_code == 410
    assert "upload-offset" not in looked.headers
    overridden = {**TUS, "X-HTTP-Method-Override": "HEAD"}
    told = (await client.send("POST", phone.place, headers=overridden)).json()
    assert told["params"]["problem"]["code"] == "photo_type_unknown"


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_whoever_asks_later_reads_the_same_words(
    client: Person, inspection_id: str, language: str
) -> None:
    spoken = {"Accept-Language": language}
    phone = Phone(client, inspection_id, NO_PHOTO)
    await phone.begin()
    words = (await phone.part(0, len(NO_PHOTO), **spoken)).json()["detail"]
    looked = await client.send("GET", phone.place.removesuffix("/content"), headers=spoken)
    assert looked.json()["problem"]["detail"] == words
    overridden = {**TUS, **spoken, "X-HTTP-Method-Override": "HEAD"}
    over = (await client.send("POST", phone.place, headers=overridden)).json()
    assert over["detail"].startswith(words)


async def test_who_looks_after_a_failure_at_the_end_has_it_tried_again(
    phone: Phone, client: Person, inspection_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await phone.begin()
    with monkeypatch.context() as full:
        full.setattr(photos, "take_in", no_room)
        assert (await phone.part(0, len(phone.photo))).status_code == 507
        looked = await head(phone)
        assert (looked.status_code, looked.headers["retry-after"]) == (507, "60")
        assert "upload-offset" not in looked.headers
    looked = await head(phone)
    assert (looked.status_code, looked.headers["upload-offset"]) == (200, str(len(phone.photo)))
    assert len((await client.inspection(inspection_id))["evidence"]) == 1


async def test_bytes_that_end_elsewhere_are_no_repeat(phone: Phone) -> None:
    await phone.begin()
    await phone.part(0, len(phone.photo))
    answer = await phone.part(0, 100)
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_offset")
    assert answer.headers["upload-offset"] == str(len(phone.photo))


def part_file(settings: Settings, part: bytes) -> Path:
    """The file that keeps this part."""
    [found] = [
        path
        for path in Path(settings.files_dir).rglob("parts/*/*")
        if path.is_file() and path.read_bytes() == part
    ]
    return found


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("harm", "harmed", "asks"),
    [(Path.unlink, 0, "HEAD"), (Path.unlink, 2, "PATCH"), (cut_short, 1, "PATCH"), (cut_short, 2, "HEAD")],
)
async def test_a_part_that_the_disk_lost_is_asked_for_again(
    phone: Phone,
    client: Person,
    inspection_id: str,
    cabinet_settings: Settings,
    cabinet_ports: ApiPorts,
    monkeypatch: pytest.MonkeyPatch,
    harm: Callable[[Path], None],
    harmed: int,
    asks: str,
) -> None:
    cuts = [0, 1000, 2000, len(phone.photo)]
    await phone.begin()
    with monkeypatch.context() as full:
        full.setattr(photos, "take_in", no_room)
        for start, end in pairwise(cuts):
            await phone.part(start, end)
    start, end = cuts[harmed], cuts[harmed + 1]
    harm(part_file(cabinet_settings, phone.photo[start:end]))

    size = len(phone.photo)
    if asks == "HEAD":
        assert await phone.reached() == start
    else:
        told = await phone.part(size, size)
        assert (told.status_code, told.json()["code"]) == (409, "upload_offset")
        assert (told.headers["upload-offset"], told.json()["params"]["held"]) == (str(start), start)
    looked = await phone.look()
    assert (looked["state"], looked["offset_bytes"]) == ("receiving", start)
    assert await parts_left(cabinet_ports) == harmed
    assert (await phone.part(start, size)).status_code == 204
    assert len((await client.inspection(inspection_id))["evidence"]) == 1
    assert originals(cabinet_settings) == [phone.photo]
    assert not [path for path in Path(cabinet_settings.files_dir).rglob("parts/*/*") if path.is_file()]
