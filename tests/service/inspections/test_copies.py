"""Small copies that come ahead of their originals: what they stand for, and what they never are."""

import asyncio
import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from cabinet_service.api_ports import ApiPorts
from cabinet_service.inspections.core.acting import Acting
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.evidence.handlers import on_make_preview
from cabinet_service.inspections.personal import erasing
from cabinet_service.photos import jobs
from cabinet_service.photos import service as photo_service
from cabinet_service.photos.jobs import MakePreview
from cabinet_service.photos.preview_process import PreviewFacts, PreviewProcess
from service_kit.db import database_now
from service_kit.ids import new_id
from service_kit.inbox import Incoming
from tests.factories import photos
from tests.service.inspections.conftest import Bpa, Json, Person
from tests.service.inspections.stored import ask_as_peer, stored_files
from tests.service.uploads.phone import Phone

ORIGINAL: Final = photos.with_exif(6, width=2400, height=1200)
COPY: Final = photos.jpeg(800, 400)
DIGEST: Final = hashlib.sha256(ORIGINAL).hexdigest()


@pytest.fixture
async def sent(client: Person) -> Json:
    """An inspection that was submitted with nothing but a copy."""
    draft = await client.start()
    assert (await client.send_copy(draft["id"], ORIGINAL, COPY)).status_code == 201
    answer = await client.post(f"/inspections/{draft['id']}/submit")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_copy_is_evidence_whose_original_is_awaited(bpa: Bpa, sent: Json) -> None:
    [photo] = sent["evidence"]
    assert (photo["original"], photo["sha256"], photo["size_bytes"]) == ("awaited", DIGEST, len(ORIGINAL))
    assert (photo["width"], photo["height"]) == (800, 400)
    [told] = await bpa.envelopes(sent["id"])
    [ref] = told.data["evidence"]
    assert (ref["evidence_id"], ref["original"], ref["sha256"]) == (photo["id"], "awaited", DIGEST)


async def test_a_copy_is_shown_once_it_was_decoded_and_is_never_given_out_as_the_original(
    client: Person, sent: Json, cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient, work: Any
) -> None:
    [photo] = sent["evidence"]
    path = f"/inspections/{sent['id']}/evidence/{photo['id']}"
    assert (await client.get(f"{path}/preview")).json()["code"] == "preview_not_ready"
    await work()
    shown = await client.get(f"{path}/preview")
    assert shown.status_code == 200
    assert shown.content != COPY, "what a client made is not shown, only what was made of it here"
    for answer in (
        await client.get(f"{path}/original"),
        await ask_as_peer(
            cabinet_ports, cabinet_api, f"/internal/v1/evidence/{photo['id']}?variant=original"
        ),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "original_awaited")


@pytest.mark.parametrize("by", ["tus", "form"])
async def test_the_original_completes_the_evidence_whichever_way_it_comes(
    client: Person, bpa: Bpa, sent: Json, work: Any, by: str
) -> None:
    [photo] = sent["evidence"]
    await work()
    path = f"/inspections/{sent['id']}/evidence/{photo['id']}"
    before = (await client.get(f"/inspections/{sent['id']}")).headers["etag"]

    if by == "tus":
        phone = Phone(client, sent["id"], ORIGINAL)
        await phone.begin()
        assert (await phone.part(0, len(ORIGINAL))).status_code == 204
        assert (await phone.look())["evidence_id"] == photo["id"]
    else:
        answer = await client.send_file(sent["id"], ORIGINAL)
        assert (answer.status_code, answer.json()["id"]) == (200, photo["id"])

    seen = await client.get(f"/inspections/{sent['id']}")
    assert seen.headers["etag"] != before
    [kept] = seen.json()["evidence"]
    assert (kept["original"], kept["width"], kept["height"]) == ("held", 2400, 1200)
    assert kept["has_location"] is True
    told = (await bpa.envelopes(sent["id"]))[-1]
    assert told.name == "inspection.original_received.v1"
    assert (told.data["evidence"]["evidence_id"], told.data["evidence"]["original"]) == (photo["id"], "held")
    assert (await client.get(f"{path}/preview")).status_code == 200, "the copy goes on being shown"
    assert (await client.get(f"{path}/original")).json()["code"] == "original_not_ready", "not decoded yet"
    await work()
    assert (await client.get(f"{path}/original")).content == ORIGINAL
    assert (await client.inspection(sent["id"]))["evidence"][0]["preview_width"] == 1600
    again = await client.send_file(sent["id"], ORIGINAL)
    assert (again.status_code, len(await bpa.envelopes(sent["id"]))) == (200, 2)


async def test_before_the_submit_experts_are_told_of_neither(client: Person, bpa: Bpa) -> None:
    draft = await client.start()
    await client.send_copy(draft["id"], ORIGINAL, COPY)
    await client.send_file(draft["id"], ORIGINAL)
    await client.post(f"/inspections/{draft['id']}/submit")
    [told] = await bpa.envelopes(draft["id"])
    assert [ref["original"] for ref in told.data["evidence"]] == ["held"]


async def test_a_copy_that_comes_late_or_twice_changes_nothing(
    client: Person, cabinet_ports: ApiPorts
) -> None:
    draft = await client.start()
    answers = await asyncio.gather(*(client.send_copy(draft["id"], ORIGINAL, COPY) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(stored_files(cabinet_ports)) == 1
    await client.send_file(draft["id"], ORIGINAL)
    late = await client.send_copy(draft["id"], ORIGINAL, COPY)
    assert (late.status_code, late.json()["original"]) == (200, "held")
    assert len(stored_files(cabinet_ports)) == 2


async def test_a_copy_that_does_not_open_is_mended_by_its_original(client: Person, work: Any) -> None:
    whole = photos.png(200, 200)
    pixels = whole.index(b"IDAT")
    broken = whole[: pixels + 20] + bytes(40) + whole[pixels + 60 :]
    draft = await client.start()
    await client.send_copy(draft["id"], ORIGINAL, broken)
    await work()
    seen = await client.inspection(draft["id"])
    assert (seen["evidence"][0]["preview"], seen["missing"]) == ("failed", ["vin_place_photo"])
    await client.send_file(draft["id"], ORIGINAL)
    await work()
    seen = await client.inspection(draft["id"])
    assert (seen["evidence"][0]["preview"], seen["missing"]) == ("ready", [])


@pytest.mark.parametrize(
    ("copy", "fields", "status", "code"),
    [
        (b"A text, whatever its name says.", {}, 415, "photo_type_unknown"),
        (photos.bomb_png(), {}, 422, "photo_too_many_pixels"),
        (photos.jpeg() + bytes(1024 * 1024), {}, 413, "photo_too_large"),
        (bytes(2_000_000), {}, 413, "body_too_large"),
        (COPY, {"size_bytes": "60000000"}, 422, "malformed_request"),
        (COPY, {"media_type": "image/svg+xml"}, 422, "malformed_request"),
    ],
    ids=["text", "bomb", "large", "huge", "of too much", "of no photo"],
)
async def test_what_no_copy_may_be_is_refused_and_leaves_nothing(
    client: Person, cabinet_ports: ApiPorts, copy: bytes, fields: dict[str, str], status: int, code: str
) -> None:
    draft = await client.start()
    answer = await client.send_copy(draft["id"], ORIGINAL, copy, **fields)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.inspection(draft["id"]))["evidence"] == []
    assert stored_files(cabinet_ports) == []


async def test_copies_count_as_photos_and_their_originals_not_again(
    client: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cabinet_service.photos.service.MAX_PHOTOS_PER_INSPECTION", 1)
    draft = await client.start()
    await client.send_copy(draft["id"], ORIGINAL, COPY)
    assert (await client.send_copy(draft["id"], COPY, COPY)).json()["code"] == "too_many_photos"
    assert (await client.send_file(draft["id"], ORIGINAL)).status_code == 200


async def test_a_lost_copy_stops_the_submit_and_is_healed_by_sending_it_again(
    client: Person, cabinet_ports: ApiPorts
) -> None:
    draft = await client.start()
    await client.send_copy(draft["id"], ORIGINAL, COPY)
    for file in stored_files(cabinet_ports):
        file.unlink()
    refused = await client.post(f"/inspections/{draft['id']}/submit")
    assert refused.json()["code"] == "evidence_lost"
    assert (await client.send_copy(draft["id"], ORIGINAL, COPY)).status_code == 200
    assert (await client.post(f"/inspections/{draft['id']}/submit")).status_code == 200


async def test_an_original_that_comes_while_its_copy_is_decoded_is_not_set_aside(
    client: Person, cabinet_ports: ApiPorts, work: Any
) -> None:
    """The preview of the copy is done last, and still the original is the one that counts."""
    draft = await client.start()
    copied = (await client.send_copy(draft["id"], ORIGINAL, COPY)).json()

    class Slow(PreviewProcess):
        async def make(self, original: Path, target: Path) -> PreviewFacts:
            facts = await super().make(original, target)
            assert (await client.send_file(draft["id"], ORIGINAL)).status_code == 200
            return facts

    slow = Slow()
    database = cabinet_ports.backbone.database
    async with database.writing() as session:
        now = await database_now(session)
        fact = MakePreview(evidence_id=copied["id"])
        await on_make_preview(
            session, fact, Incoming(new_id(), now, now), files=cabinet_ports.files, previews=slow
        )
    await slow.close()
    await work()
    original = await client.get(f"/inspections/{draft['id']}/evidence/{copied['id']}/original")
    assert original.content == ORIGINAL


async def test_the_sweep_keeps_copies_and_takes_those_of_photos_taken_back(
    client: Person, cabinet_ports: ApiPorts, work: Any
) -> None:
    draft = await client.start()
    other = photos.jpeg(300, 200)
    await client.send_copy(draft["id"], ORIGINAL, COPY)
    taken_back = (await client.send_copy(draft["id"], other, other)).json()
    await work()
    await client.send_file(draft["id"], ORIGINAL)
    await work()
    await client.delete(f"/inspections/{draft['id']}/evidence/{taken_back['id']}")
    async with cabinet_ports.backbone.database.writing() as session:
        later = await database_now(session) + jobs.ORPHAN_AGE + timedelta(minutes=1)
        await jobs.sweep(session, later, files=cabinet_ports.files)
    kept = {
        path.relative_to(cabinet_ports.settings.files_dir).parts[0] for path in stored_files(cabinet_ports)
    }
    assert kept == {"originals", "copies", "previews"}
    assert len(stored_files(cabinet_ports)) == 4


async def test_who_leaves_takes_the_copy_along_where_there_is_no_more_and_leaves_neither(
    client: Person, cabinet_ports: ApiPorts, sent: Json, work: Any
) -> None:
    [photo] = sent["evidence"]
    await work()

    async def named() -> dict[str, str]:
        async with cabinet_ports.backbone.database.writing() as session:
            of = select(Inspection.id)
            return {name: key async for name, key in photo_service.originals(session, of=of)}

    [(name, key)] = (await named()).items()
    assert name == f"{sent['id']}/{photo['id']}.copy.jpeg"
    assert (cabinet_ports.settings.files_dir / key).read_bytes() == COPY
    await client.send_file(sent["id"], ORIGINAL)
    await work()
    [(name, key)] = (await named()).items()
    assert name == f"{sent['id']}/{photo['id']}.jpeg"
    assert (cabinet_ports.settings.files_dir / key).read_bytes() == ORIGINAL
    assert len(stored_files(cabinet_ports)) == 4

    async with cabinet_ports.backbone.database.writing() as session:
        now = await database_now(session)
        acting = Acting(session=session, now=now)
        await erasing.erase(acting, UUID(sent["id"]), files=cabinet_ports.files)
    assert stored_files(cabinet_ports) == []
