"""A photo that comes in parts: gone on with after any cut, byte for byte the same, and evidence in the end."""

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from cabinet_service.api_ports import ApiPorts
from cabinet_service.settings import Settings
from cabinet_service.uploads import service
from cabinet_service.uploads.headers import CONTENT_TYPE
from cabinet_service.uploads.models import Upload
from service_kit.db import database_now
from tests.factories.photos import jpeg
from tests.service.inspections.conftest import Person
from tests.service.uploads.phone import TUS, Phone, base64_of, originals, parts_left


@pytest.mark.parametrize("seed", range(4))
async def test_cut_into_any_parts_it_arrives_byte_for_byte(
    phone: Phone,
    client: Person,
    inspection_id: str,
    cabinet_settings: Settings,
    cabinet_ports: ApiPorts,
    seed: int,
) -> None:
    began = await phone.begin()
    assert began.status_code == 201
    assert began.headers["upload-offset"] == "0"
    assert began.headers["upload-expires"].endswith("GMT")
    cuts = sorted(Random(seed).sample(range(1, len(phone.photo)), seed * 3))
    for start, end in zip([0, *cuts], [*cuts, len(phone.photo)], strict=True):
        assert await phone.reached() == start
        assert (await phone.part(start, end)).status_code == 204
    done = await phone.look()
    assert (done["state"], done["offset_bytes"]) == ("done", len(phone.photo))
    [photo] = (await client.inspection(inspection_id))["evidence"]
    assert (photo["id"], photo["sha256"]) == (done["evidence_id"], hashlib.sha256(phone.photo).hexdigest())
    assert originals(cabinet_settings) == [phone.photo]
    assert await parts_left(cabinet_ports) == 0
    assert not [path for path in Path(cabinet_settings.files_dir).rglob("parts/*/*") if path.is_file()]


async def test_begun_again_it_is_the_same_upload(phone: Phone) -> None:
    await phone.begin()
    place = phone.place
    await phone.part(0, 100)
    again = await phone.begin()
    assert (phone.place, again.headers["upload-offset"]) == (place, "100")


async def test_a_part_that_comes_twice_is_kept_once(phone: Phone) -> None:
    await phone.begin()
    answers = await asyncio.gather(*(phone.part(0, 1000) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [204, 409, 409, 409, 409]
    late = await phone.part(0, 500)
    assert (late.json()["code"], late.headers["upload-offset"]) == ("upload_offset", "1000")
    assert (await phone.part(1000, len(phone.photo))).status_code == 204
    assert (await phone.look())["state"] == "done"


async def test_more_than_was_announced_is_not_kept(phone: Phone) -> None:
    await phone.begin()
    phone.photo += b"more"
    answer = await phone.part(0, len(phone.photo))
    assert (answer.status_code, answer.json()["code"]) == (413, "upload_overrun")
    phone.photo = phone.photo[:-4]
    assert await phone.reached() == 0


async def test_what_is_no_photo_is_refused_and_the_reason_kept(
    client: Person, inspection_id: str, cabinet_ports: ApiPorts
) -> None:
    phone = Phone(client, inspection_id, b"%PDF-1.7 no photo at all" * 100)
    await phone.begin()
    refused = await phone.part(0, len(phone.photo))
    assert (refused.status_code, refused.json()["code"]) == (415, "photo_type_unknown")
    looked = await phone.look()
    assert (looked["state"], looked["problem"]["code"]) == ("refused", "photo_type_unknown")
    again = await phone.part(len(phone.photo), len(phone.photo))
    assert (again.status_code, again.json()["code"]) == (415, "photo_type_unknown")
    assert (await client.inspection(inspection_id))["evidence"] == []
    assert await parts_left(cabinet_ports) == 0


async def test_another_file_than_was_announced_is_refused(client: Person, inspection_id: str) -> None:
    phone = Phone(client, inspection_id, jpeg(), sha256=hashlib.sha256(b"another").hexdigest())
    await phone.begin()
    refused = await phone.part(0, len(phone.photo))
    assert refused.json()["code"] == "sha256_mismatch"
    assert (await phone.look())["state"] == "refused"


async def test_whoever_missed_the_last_answer_learns_what_became_of_it(phone: Phone) -> None:
    await phone.begin()
    await phone.part(0, len(phone.photo))
    assert await phone.reached() == len(phone.photo)
    assert (await phone.look())["evidence_id"]


async def test_nobody_else_sees_or_touches_it(phone: Phone, stranger: Person, inspection_id: str) -> None:
    await phone.begin()
    path = phone.place.removesuffix("/content")
    assert (await stranger.get(path)).status_code == 404
    for method in ("HEAD", "PATCH", "DELETE"):
        headers = {**TUS, "Upload-Offset": "0", "Content-Type": CONTENT_TYPE}
        assert (await stranger.send(method, phone.place, headers=headers)).status_code == 404
    other = Phone(stranger, inspection_id, jpeg())
    assert (await other.begin()).status_code == 404
    assert await phone.reached() == 0


async def test_it_can_be_dropped(phone: Phone, client: Person, cabinet_settings: Settings) -> None:
    await phone.begin()
    await phone.part(0, 1000)
    assert (await client.send("DELETE", phone.place, headers=TUS)).status_code == 204
    assert (await client.send("HEAD", phone.place, headers=TUS)).status_code == 404
    assert not [path for path in Path(cabinet_settings.files_dir).rglob("parts/*/*") if path.is_file()]


async def test_after_a_week_it_is_over_and_swept(
    phone: Phone, client: Person, cabinet_ports: ApiPorts, cabinet_settings: Settings
) -> None:
    await phone.begin()
    await phone.part(0, 1000)
    async with cabinet_ports.backbone.database.writing() as session:
        upload = (await session.scalars(select(Upload))).one()
        upload.expires_at = await database_now(session)
    assert (await phone.part(1000, 2000)).json()["code"] == "upload_over"
    assert (await client.send("HEAD", phone.place, headers=TUS)).status_code == 410
    async with cabinet_ports.backbone.database.writing() as session:
        await service.sweep(session, await database_now(session), files=cabinet_ports.files)
    assert (await client.send("HEAD", phone.place, headers=TUS)).status_code == 404
    assert not [path for path in Path(cabinet_settings.files_dir).rglob("parts/*/*") if path.is_file()]


async def test_parts_that_no_row_mentions_are_swept_and_others_stay(
    phone: Phone, cabinet_ports: ApiPorts, tmp_path: Path
) -> None:
    await phone.begin()
    await phone.part(0, 1000)
    orphan = tmp_path / "orphan"
    orphan.write_bytes(b"left by a process that was killed")
    await cabinet_ports.files.put("parts/ab/cd", orphan)
    async with cabinet_ports.backbone.database.writing() as session:
        later = await database_now(session) + timedelta(days=8)
        upload = (await session.scalars(select(Upload))).one()
        upload.expires_at = later + timedelta(days=1)
        await session.flush()
        await service.sweep(session, later, files=cabinet_ports.files)
    assert not await cabinet_ports.files.exists("parts/ab/cd")
    assert (await phone.part(1000, len(phone.photo))).status_code == 204
    assert (await phone.look())["state"] == "done"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412, "tus_version"),
        ({"Upload-Length": "0"}, 422, "photo_empty"),
        ({"Upload-Length": str(10**9)}, 413, "photo_too_large"),
        ({"Upload-Length": "-1"}, 400, "bad_upload_header"),
        ({"Upload-Length": "1e3"}, 400, "bad_upload_header"),
        ({"Upload-Metadata": "shot"}, 400, "bad_upload_header"),
        ({"Upload-Metadata": f"inspection_id {base64_of(str(uuid4()).encode())}"}, 422, "malformed_request"),
    ],
)
async def test_a_bad_beginning_is_refused(
    phone: Phone, headers: dict[str, str], status: int, code: str
) -> None:
    answer = await phone.begin(**headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_uploads_under_way_are_bounded(
    client: Person, inspection_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_OPEN", 2)
    for size in (100, 101):
        assert (await Phone(client, inspection_id, jpeg(size, size)).begin()).status_code == 201
    full = await Phone(client, inspection_id, jpeg(102, 102)).begin()
    assert (full.status_code, full.json()["code"]) == (409, "too_many_uploads")


async def test_an_erased_account_leaves_no_part(
    phone: Phone, client: Person, cabinet_ports: ApiPorts
) -> None:
    await phone.begin()
    await phone.part(0, 1000)
    async with cabinet_ports.backbone.database.writing() as session:
        await service.erase(session, UUID(str(client.account_id)), files=cabinet_ports.files)
    async with cabinet_ports.backbone.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Upload)) == 0
    assert await parts_left(cabinet_ports) == 0
