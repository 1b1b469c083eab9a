"""Photos, from the upload to what experts and clients see of them."""

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.inspections.evidence import api as evidence
from cabinet_service.photos import links
from cabinet_service.photos.links import Variant
from cabinet_service.photos.preview import make_preview
from service_kit.db import database_now
from tests.factories import photos
from tests.service.inspections.conftest import Bpa, Person, Submitted
from tests.service.inspections.stored import as_peer, ask_as_peer, stored_files

Photo = Callable[[], bytes]
OPEN_TRANSACTIONS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND state LIKE 'idle in transaction%'
"""


async def test_the_original_is_kept_byte_for_byte(client: Person, cabinet_ports: ApiPorts, work: Any) -> None:
    original = photos.with_exif(6)
    draft = await client.start()
    answer = await client.send_file(
        draft["id"], original, shot="vin_plate", captured_at="2025-03-01T10:00:00+03:00"
    )
    assert answer.status_code == 201
    kept = answer.json()
    assert kept == (await client.inspection(draft["id"]))["evidence"][0]
    assert kept["sha256"] == hashlib.sha256(original).hexdigest()
    assert (kept["shot"], kept["media_type"], kept["size_bytes"]) == (
        "vin_plate",
        "image/jpeg",
        len(original),
    )
    assert (kept["width"], kept["height"]) == (640, 480), "of the upright picture"
    assert (kept["captured_at"], kept["captured_at_source"]) == ("2025-03-01T07:00:00Z", "device")
    assert kept["has_location"] is True
    [file] = stored_files(cabinet_ports)
    assert file.read_bytes() == original
    assert kept["incomplete"] is False
    await work()
    got = await client.get(f"/inspections/{draft['id']}/evidence/{kept['id']}/original")
    assert got.content == original
    assert got.headers["content-type"] == "image/jpeg"
    assert got.headers["content-disposition"].startswith("attachment;")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("taken", "expected", "source"),
    [
        (datetime(2024, 5, 4, 1, 30, tzinfo=timezone(timedelta(hours=3))), "2024-05-03T22:30:00Z", "exif"),
        (datetime(2024, 5, 4, 1, 30), "2024-05-04T01:30:00Z", "exif_local"),  # noqa: DTZ001 - knows no zone
        (None, "2026-11-28T10:00:00Z", "device"),
    ],
)
async def test_the_camera_says_when_it_was_and_not_the_file_that_was_picked_today(
    client: Person, taken: datetime | None, expected: str, source: str
) -> None:
    draft = await client.start()
    photo = photos.with_exif(gps=False, taken_at=taken)
    answer = await client.send_file(draft["id"], photo, captured_at="2026-11-28T10:00:00Z")
    assert (answer.json()["captured_at"], answer.json()["captured_at_source"]) == (expected, source)


async def test_a_photo_of_which_a_part_is_missing_is_taken_and_said_to_be(
    client: Person, work: Any, cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient
) -> None:
    draft = await client.start()
    whole = photos.vin_plate()
    start = whole.rindex(b"\xff\xda")
    half = whole[: start + (len(whole) - start) // 2].rstrip(b"\xff") + b"\xff\xd9"
    for photo, incomplete in ((whole, False), (half, True)):
        sent = (await client.send_file(draft["id"], photo)).json()
        await work()
        [kept] = [
            one for one in (await client.inspection(draft["id"]))["evidence"] if one["id"] == sent["id"]
        ]
        assert (kept["preview"], kept["incomplete"]) == ("ready", incomplete)
        target = f"/internal/v1/evidence/{sent['id']}?variant=preview"
        assert (await as_peer(cabinet_ports, cabinet_api, target))["incomplete"] is incomplete


async def test_a_preview_is_not_shown_again_once_one_may_not_see_it(
    client: Person, submitted: Submitted, cabinet_api: httpx.AsyncClient, work: Any
) -> None:
    sent = await submitted()
    await work()
    address = f"/inspections/{sent['id']}/evidence/{sent['evidence'][0]['id']}/preview"
    first = await client.get(address)
    assert first.headers["cache-control"] == "private, no-cache"
    has_it = {"If-None-Match": f'"other", {first.headers["etag"]}'}
    again = await client.get(address, headers=has_it)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    signed_out = await cabinet_api.get(f"/api/v1{address}", headers=has_it)
    assert (signed_out.status_code, signed_out.json()["code"]) == (401, "not_signed_in")
    other = await client.get(address, headers={"If-None-Match": '"other"'})
    assert other.content == first.content


async def test_nothing_of_a_photo_is_given_out_before_it_was_decoded(
    client: Person, submitted: Submitted, cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient, work: Any
) -> None:
    sent = await submitted()
    [photo] = sent["evidence"]
    links_of_peer = {
        variant: f"/internal/v1/evidence/{photo['id']}?variant={variant}"
        for variant in ("original", "preview")
    }
    for variant, code in (("original", "original_not_ready"), ("preview", "preview_not_ready")):
        mine = await client.get(f"/inspections/{sent['id']}/evidence/{photo['id']}/{variant}")
        theirs = await ask_as_peer(cabinet_ports, cabinet_api, links_of_peer[variant])
        for answer in (mine, theirs):
            assert (answer.status_code, answer.json()["code"]) == (404, code)
            assert answer.headers["retry-after"] == "2"
    async with cabinet_ports.backbone.database.reading() as session:
        now = await database_now(session)
    early = links.signed_url(cabinet_ports.backbone.keys, "", photo["id"], Variant.ORIGINAL, now=now).url
    assert (await cabinet_api.get(early)).json()["code"] == "original_not_ready"
    await work()
    assert (await cabinet_api.get(early)).status_code == 200
    for target in links_of_peer.values():
        assert (await ask_as_peer(cabinet_ports, cabinet_api, target)).status_code == 200


async def test_the_preview_is_upright_and_tells_no_place(client: Person, work: Any, tmp_path: Path) -> None:
    draft = await client.start()
    kept = (await client.send_file(draft["id"], photos.with_exif(6, width=2000, height=1000))).json()
    path = f"/inspections/{draft['id']}/evidence/{kept['id']}/preview"
    early = await client.get(path)
    assert (early.status_code, early.json()["code"]) == (404, "preview_not_ready")
    before = (await client.get(f"/inspections/{draft['id']}")).headers["etag"]
    assert "photo.make_preview.v1" in await work()
    after = await client.get(f"/inspections/{draft['id']}")
    assert after.headers["etag"] != before
    shown = after.json()["evidence"][0]
    assert shown["preview"] == "ready"
    preview = await client.get(path)
    assert preview.headers["content-type"] == "image/jpeg"
    assert int(preview.headers["content-length"]) == len(preview.content)
    assert b"Exif" not in preview.content
    (tmp_path / "preview").write_bytes(preview.content)
    facts = make_preview(tmp_path / "preview", tmp_path / "again")
    assert (facts.width, facts.height) == (shown["preview_width"], shown["preview_height"])
    assert facts.width > facts.height


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "photo_empty"),
        (b"A text, whatever its name says.", 415, "photo_type_unknown"),
        (photos.truncated_jpeg(), 422, "photo_truncated"),
        (photos.bomb_png(), 422, "photo_too_many_pixels"),
        (photos.jpeg(20, 20), 422, "photo_too_small"),
        (photos.jpeg() + b"%PDF-1.7", 422, "photo_polyglot"),
    ],
    ids=["empty", "text named .jpg", "truncated", "bomb", "tiny", "polyglot"],
)
async def test_what_is_no_usable_photo_is_refused_and_leaves_nothing(
    client: Person, cabinet_ports: ApiPorts, content: bytes, status: int, code: str
) -> None:
    draft = await client.start()
    answer = await client.send_file(draft["id"], content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(answer.json()["detail"]) > 20
    assert (await client.inspection(draft["id"]))["evidence"] == []
    assert stored_files(cabinet_ports) == []


async def test_a_file_of_60_megabytes_is_refused_by_its_size(client: Person, cabinet_ports: ApiPorts) -> None:
    draft = await client.start()
    answer = await client.send_file(draft["id"], bytes(60_000_000), sha256="0" * 64)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert answer.headers["content-type"] == "application/problem+json"
    assert stored_files(cabinet_ports) == []


async def test_what_arrived_damaged_is_sent_again(
    client: Person, photo: Photo, cabinet_ports: ApiPorts
) -> None:
    draft, sent = await client.start(), photo()
    answer = await client.send_file(draft["id"], sent, sha256=hashlib.sha256(b"other").hexdigest())
    assert (answer.status_code, answer.json()["code"]) == (422, "sha256_mismatch")
    assert answer.json()["params"]["received"] == hashlib.sha256(sent).hexdigest()
    assert stored_files(cabinet_ports) == []
    assert (await client.send_file(draft["id"], sent)).status_code == 201


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"shot": "selfie"}, "/shot"),
        ({"sha256": "abc"}, "/sha256"),
        ({"captured_at": "yesterday"}, "/captured_at"),
        ({"captured_at": "2025-03-01T10:00:00"}, "/captured_at"),
        ({"info_task_id": "7"}, "/info_task_id"),
        ({"colour": "red"}, "/colour"),
    ],
)
async def test_a_wrong_field_is_named(
    client: Person, photo: Photo, fields: dict[str, str], pointer: str
) -> None:
    draft = await client.start()
    answer = await client.send_file(draft["id"], photo(), **fields)
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_other_malformed_uploads_say_what_is_wrong(client: Person, photo: Photo) -> None:
    path = f"/inspections/{(await client.start())['id']}/evidence"
    send = partial(client.send, "POST", path)
    fields = {"shot": "front", "sha256": "0" * 64}
    no_file = await send(data=fields, files={"shot": (None, "rear")})
    assert [error["pointer"] for error in no_file.json()["errors"]] == ["/file"]
    as_json = await send(json=fields)
    assert (as_json.status_code, as_json.json()["code"]) == (415, "unsupported_media_type")
    file = ("photo.jpg", photo())
    two_files = await send(data=fields, files=[("file", file), ("file", file)])
    assert two_files.status_code == 400
    boundless = await send(content=b"--x", headers={"Content-Type": "multipart/form-data"})
    assert boundless.status_code == 400
    nul = await send(data=fields | {"shot": "fr\0nt"}, files={"file": file})
    assert (nul.status_code, nul.json()["code"]) == (422, "forbidden_character")
    long = await send(data=fields | {"shot": "x" * 2000}, files={"file": file})
    assert long.status_code == 400
    assert all(
        answer.headers["content-type"] == "application/problem+json"
        for answer in (no_file, as_json, two_files, boundless, nul, long)
    )


async def test_nobody_uploads_without_signing_in(client: Person, cabinet_api: httpx.AsyncClient) -> None:
    draft = await client.start()
    read = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 1
            yield b"x" * 10_000

    answer = await cabinet_api.post(
        f"/api/v1/inspections/{draft['id']}/evidence",
        content=body(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert (answer.status_code, read) == (401, 0)


async def test_the_same_bytes_are_the_same_photo(
    client: Person, photo: Photo, cabinet_ports: ApiPorts
) -> None:
    draft, other, sent = await client.start(), await client.start(), photo()
    first = await client.send_file(draft["id"], sent)
    again = await client.send_file(draft["id"], sent, shot="rear")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert len(stored_files(cabinet_ports)) == 1
    elsewhere = await client.send_file(other["id"], sent)
    assert elsewhere.status_code == 201
    assert elsewhere.json()["id"] != first.json()["id"]
    taken_back = await client.delete(f"/inspections/{draft['id']}/evidence/{first.json()['id']}")
    assert taken_back.status_code == 204
    assert (await client.inspection(draft["id"]))["evidence"] == []
    gone = await client.get(f"/inspections/{draft['id']}/evidence/{first.json()['id']}/original")
    assert gone.status_code == 404
    assert (await client.send_file(draft["id"], sent)).status_code == 201


async def test_two_uploads_at_once_cannot_both_be_the_last_one(
    client: Person, photo: Photo, monkeypatch: pytest.MonkeyPatch, cabinet_ports: ApiPorts
) -> None:
    monkeypatch.setattr("cabinet_service.photos.service.MAX_PHOTOS_PER_INSPECTION", 3)
    draft = await client.start()
    answers = await asyncio.gather(*(client.send_file(draft["id"], photo()) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 3
    assert {a.json()["code"] for a in answers if a.is_error} == {"too_many_photos"}
    assert len((await client.inspection(draft["id"]))["evidence"]) == 3
    assert len(stored_files(cabinet_ports)) == 3


async def test_of_200_photos_60_are_taken(client: Person, photo: Photo) -> None:
    draft = await client.start()
    for _ in range(60):
        assert (await client.send_file(draft["id"], photo())).status_code == 201
    for _ in range(2):
        answer = await client.send_file(draft["id"], photo())
        assert (answer.status_code, answer.json()["params"]) == (409, {"most": 60})
    assert len((await client.post(f"/inspections/{draft['id']}/submit")).json()["evidence"]) == 60


@pytest.mark.parametrize("tail", [b"", bytes(3_000_000)], ids=["once it is here", "while it comes in"])
async def test_a_full_disk_is_said_and_leaves_nothing(
    client: Person, photo: Photo, monkeypatch: pytest.MonkeyPatch, cabinet_ports: ApiPorts, tail: bytes
) -> None:
    def no_room(_descriptor: int, _data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    draft = await client.start()
    with monkeypatch.context() as full:
        full.setattr(os, "write", no_room)
        answer = await client.send_file(draft["id"], photo() + tail)
    assert (answer.status_code, answer.json()["code"]) == (507, "storage_full")
    assert (await client.inspection(draft["id"]))["evidence"] == []
    assert stored_files(cabinet_ports) == []


async def test_an_upload_holds_no_transaction_while_it_comes_in(
    client: Person, photo: Photo, monkeypatch: pytest.MonkeyPatch, cabinet_ports: ApiPorts
) -> None:
    draft = await client.start()
    held: list[int | None] = []
    take_in = evidence.photos.take_in

    async def look(*args: Any, **kwargs: Any) -> Any:
        async with cabinet_ports.backbone.database.pool.statements() as session:
            [[count]] = await session.fetch(OPEN_TRANSACTIONS)
            held.append(count)
        return await take_in(*args, **kwargs)

    monkeypatch.setattr(evidence.photos, "take_in", look)
    assert (await client.send_file(draft["id"], photo())).status_code == 201
    assert held == [0]


async def test_a_later_photo_is_told_to_the_experts(
    client: Person, bpa: Bpa, submitted: Submitted, photo: Photo
) -> None:
    sent = await submitted()
    added = (await client.send_file(sent["id"], photo(), shot="rear")).json()
    told = (await bpa.envelopes(sent["id"]))[-1]
    assert told.name == "inspection.evidence_added.v1"
    assert told.data["evidence"]["evidence_id"] == added["id"]
    unknown = await client.send_file(sent["id"], photo(), info_task_id=sent["id"])
    assert (unknown.status_code, unknown.json()["code"]) == (422, "unknown_info_task")


async def test_a_photo_that_does_not_open_is_said_not_to(client: Person, work: Any) -> None:
    whole = photos.png(200, 200)
    pixels = whole.index(b"IDAT")
    draft = await client.start()
    kept = await client.send_file(draft["id"], whole[: pixels + 20] + bytes(40) + whole[pixels + 60 :])
    assert kept.status_code == 201, kept.text
    await work()
    detail = await client.inspection(draft["id"])
    assert detail["evidence"][0]["preview"] == "failed"
    assert detail["evidence"][0]["preview_problem"] == "photo_undecodable"
    assert detail["missing"] == ["vin_place_photo"]
    path = f"/inspections/{draft['id']}/evidence/{kept.json()['id']}"
    assert (await client.get(f"{path}/preview")).json()["code"] == "preview_failed"
    assert (await client.get(f"{path}/original")).json()["code"] == "original_withheld"
