"""What bpa is told of what photos look like; and those of before are hashed anew."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.photos import jobs
from cabinet_service.photos.models import Evidence
from cabinet_service.photos.preview_process import PreviewProcess
from service_kit.chores import Chore, perform
from service_kit.ids import new_id
from tests.factories import photos
from tests.service.inspections.conftest import Json, Person
from tests.service.inspections.stored import as_peer, ask_as_peer, stored_files


def target(*ids: str | UUID) -> str:
    asked = "&".join(f"evidence_id={one}" for one in ids)
    return "/internal/v1/evidence/hashes" + (asked and f"?{asked}")


async def hash_photos(ports: ApiPorts) -> None:
    previews = PreviewProcess()
    try:

        async def do(session: Any, now: Any) -> bool:
            return await jobs.hash_photos(session, now, files=ports.files, previews=previews)

        await perform(ports.backbone.database, Chore("photos_hashed", jobs.HASH_EVERY, do))
    finally:
        await previews.close()


async def forget_hashes(ports: ApiPorts) -> None:
    async with ports.backbone.database.writing() as session:
        await session.execute(update(Evidence).values(perceptual_hash=None))


@pytest.fixture
def told(cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient) -> Any:
    async def ask(*ids: str | UUID) -> dict[str, Json]:
        answer = await as_peer(cabinet_ports, cabinet_api, target(*ids))
        return {one["evidence_id"]: one for one in answer["hashes"]}

    return ask


async def test_the_experts_side_is_told_what_each_photo_looks_like(
    client: Person, work: Any, told: Any, cabinet_ports: ApiPorts, cabinet_api: httpx.AsyncClient
) -> None:
    draft = await client.start()
    plate = (await client.send_file(draft["id"], photos.vin_plate(), shot="vin_plate")).json()["id"]
    plain = (await client.send_file(draft["id"], photos.jpeg(), shot="door_sticker")).json()["id"]
    gone = str(new_id())
    assert (await told(plate, gone))[plate] == {"evidence_id": plate, "state": "awaited", "bits": None}
    await work()

    assert (await cabinet_api.get(target(plate))).status_code == 401
    answers = await told(plate, plain, gone)
    assert answers.keys() == {plate, plain}
    assert (answers[plate]["state"], len(answers[plate]["bits"])) == ("hashed", 32)
    assert (answers[plain]["state"], answers[plain]["bits"]) == ("none", None)

    for wrong in (target(), target(*(new_id() for _ in range(51)))):
        assert (await ask_as_peer(cabinet_ports, cabinet_api, wrong)).status_code == 422
    assert (await client.delete(f"/inspections/{draft['id']}/evidence/{plate}")).status_code == 204
    assert (await told(plate)).keys() == set()


async def test_photos_of_before_are_hashed_by_their_previews(
    client: Person, work: Any, told: Any, cabinet_ports: ApiPorts
) -> None:
    draft = await client.start()
    sent = [photos.vin_plate(), photos.stamped_number(), photos.jpeg()]
    plate, stamped, plain = [(await client.send_file(draft["id"], one)).json()["id"] for one in sent]
    await work()
    before = await told(plate, stamped, plain)
    await forget_hashes(cabinet_ports)
    assert {one["state"] for one in (await told(plate, stamped, plain)).values()} == {"awaited"}

    await hash_photos(cabinet_ports)

    after = await told(plate, stamped, plain)
    assert {one: after[one]["state"] for one in after} == {plate: "hashed", stamped: "hashed", plain: "none"}
    for one in (plate, stamped):
        assert (int(before[one]["bits"], 16) ^ int(after[one]["bits"], 16)).bit_count() <= 2


async def test_a_preview_that_was_lost_holds_up_no_other(
    client: Person, work: Any, told: Any, cabinet_ports: ApiPorts
) -> None:
    draft = await client.start()
    photo = (await client.send_file(draft["id"], photos.vin_plate())).json()["id"]
    await work()
    await forget_hashes(cabinet_ports)
    for path in stored_files(cabinet_ports):
        path.unlink()
    await hash_photos(cabinet_ports)
    assert (await told(photo))[photo]["state"] == "none"
