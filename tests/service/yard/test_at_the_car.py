"""What whoever has a link sees and does, and how it is known as theirs."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from cabinet_service.api_ports import ApiPorts
from cabinet_service.audit.models import AuditEntry
from cabinet_service.notifications.models import Notification
from shared_schemas.words import Shot
from tests.factories.photos import jpeg
from tests.service.uploads.phone import Phone
from tests.service.yard.conftest import MAKE, NOTE, Bpa, Case, Give, Json, Person, Yard, code_of

AtCar = Callable[[Json], Yard]


async def test_it_shows_the_car_and_nothing_of_the_client(
    client: Person, draft: Json, give: Give, at_car: AtCar
) -> None:
    await client.patch("/me", {"display_name": "zqname"})
    await give(draft["id"], label="zqother")
    opened = await at_car(await give(draft["id"], label="zqlabel")).look()
    assert opened.status_code == 200, opened.text
    assert opened.headers["cache-control"] == "no-store"
    assert opened.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in opened.headers["x-robots-tag"]
    car = opened.json()
    assert [one["text"].replace(" ", "") for one in car["numbers"]] == ["SAL1A2A40SA606662", "А123ВС77"]
    assert (car["make"], car["year"], car["is_sent"], car["note"]) == (MAKE, 2015, False, None)
    assert car["one_of"][0]["shot"] == "vin_stamped"
    assert car["missing"] == ["vin_place_photo"]
    for secret in ("zqname", "zqlabel", "zqother", "zqadvert", "123456", NOTE, str(client.account_id)):
        assert secret not in opened.text, secret


async def test_the_note_is_shown_where_the_client_says_so(draft: Json, give: Give, at_car: AtCar) -> None:
    assert (await at_car(await give(draft["id"], shows_note=True)).car())["note"] == NOTE


async def test_photos_by_every_way_are_evidence_that_says_who_brought_it(
    client: Person, draft: Json, give: Give, at_car: AtCar, bpa: Bpa, cabinet_ports: ApiPorts
) -> None:
    link = await give(draft["id"])
    yard = at_car(link)
    whole, cut, ahead = jpeg(400, 300), jpeg(401, 300), jpeg(402, 300)
    assert (await yard.send_file(draft["id"], whole)).status_code == 201
    phone = Phone(yard, draft["id"], cut, shot="front")
    assert (await phone.begin()).status_code == 201
    assert (await phone.part(0, 1000)).status_code == 204
    # Neither the client nor another link goes on with it, or looks at it.
    others = (client, at_car(await give(draft["id"])))
    for other in others:
        assert code_of(await other.get(phone.place.removesuffix("/content"))) == (404, "not_found")
    assert (await phone.part(1000, len(cut))).status_code == 204
    assert (await phone.look())["state"] == "done"
    copied = await yard.send_copy(draft["id"], ahead, jpeg(160, 120), shot="rear")
    assert copied.status_code == 201, copied.text
    assert (await client.send_file(draft["id"], jpeg(403, 300), shot="odometer")).status_code == 201

    seen = (await client.inspection(draft["id"]))["evidence"]
    by = {one["shot"]: one["link_id"] for one in seen}
    assert by == {"vin_stamped": link["id"], "front": link["id"], "rear": link["id"], "odometer": None}
    # To the link its own photos are known, so that a phone knows what has arrived; all count as taken.
    car = await yard.car()
    assert {one["sha256"] for one in car["photos"]} == {
        hashlib.sha256(one).hexdigest() for one in (whole, cut, ahead)
    }
    taken = {one["shot"]: one["photos"] for one in (*car["one_of"], *car["suggested"]) if one["photos"]}
    assert taken == {"vin_stamped": 1, "front": 1, "rear": 1, "odometer": 1}
    assert car["missing"] == []
    # To the experts.
    assert (await client.post(f"/inspections/{draft['id']}/submit")).status_code == 200
    [sent] = [one for one in await bpa.envelopes(draft["id"]) if one.type == "inspection.submitted"]
    told = {one["shot"]: one["by_link"] for one in sent.data["evidence"]}
    assert told == {"vin_stamped": True, "front": True, "rear": True, "odometer": False}
    # To who gave the link, and for good.
    [_, listed] = (await client.get(f"/inspections/{draft['id']}/yard-links")).json()
    assert sorted(one["shot"] for one in listed["uses"]) == ["front", "rear", "vin_stamped"]
    assert listed["visits"] == 1
    async with cabinet_ports.backbone.database.reading() as session:
        entries = (await session.scalars(select(AuditEntry).where(AuditEntry.act == "done_by_link"))).all()
    assert [one.actor_id for one in entries] == [client.account_id] * 3
    assert {one.details["link_id"] for one in entries} == {link["id"]}
    assert all(one.actor_name == "link given by client" for one in entries)


async def test_the_same_photo_from_two_hands_at_once_is_one(
    client: Person, draft: Json, give: Give, at_car: AtCar
) -> None:
    photo = jpeg(500, 300)
    yard = at_car(await give(draft["id"]))
    phones = [Phone(person, draft["id"], photo) for person in (client, yard)]
    assert [(await one.begin()).status_code for one in phones] == [201, 201]
    for one in phones:
        assert (await one.part(0, len(photo))).status_code == 204
    assert len((await client.inspection(draft["id"]))["evidence"]) == 1


async def test_of_another_car_nothing_is_taken_or_shown(
    draft: Json, give: Give, at_car: AtCar, photo: Callable[[], bytes], case: Case
) -> None:
    yard, other = at_car(await give(draft["id"])), str(case.id)
    task = await case.ask(shot=Shot.FRONT)
    answers = [
        await yard.send_file(other, photo()),
        await yard.send_copy(other, photo(), photo()),
        await Phone(yard, other, photo()).begin(),
        await yard.post(f"{case.path}/info-tasks/{task}/fulfilment", {"answer": "Mine"}),
        await yard.post(f"{case.path}/info-tasks/{task}/refusal", {"reason": "other"}),
        await yard.get(f"/yard/photos/{case.evidence_id}"),
    ]
    assert [code_of(one) for one in answers] == [(404, "not_found")] * len(answers)


async def test_in_place_of_a_photo_one_may_say_why_there_is_none(
    client: Person, draft: Json, give: Give, at_car: AtCar, photo: Callable[[], bytes]
) -> None:
    said = {"shot_answers": [{"shot": "seat_belt_tag", "answer": "not_allowed"}]}
    await client.patch(f"/inspections/{draft['id']}", said)
    yard = at_car(await give(draft["id"]))
    for shot, answer in (("windshield_vin", "not_found"), ("vin_plate", "unreadable"), ("vin_plate", None)):
        assert (await yard.say(shot, answer)).status_code == 200
    kept = (await client.inspection(draft["id"]))["shot_answers"]
    assert kept == [
        {"shot": "seat_belt_tag", "answer": "not_allowed"},
        {"shot": "windshield_vin", "answer": "not_found"},
    ]
    assert (await yard.say("windshield_vin", "never")).status_code == 422
    assert (await yard.say("wheel", "not_found")).status_code == 422
    await client.send_file(draft["id"], photo())
    assert (await client.post(f"/inspections/{draft['id']}/submit")).status_code == 200
    assert code_of(await yard.say("rear", "not_found")) == (409, "inspection_already_submitted")


async def test_questions_of_the_experts_are_answered_at_the_car(
    client: Person, case: Case, give: Give, at_car: AtCar, bpa: Bpa, work: Any, photo: Callable[[], bytes]
) -> None:
    await work()
    shot, words, other = await case.ask(shot=Shot.VIN_STAMPED), await case.ask(), await case.ask()
    link = await give(case.id)
    yard = at_car(link)
    car = await yard.car()
    assert [one["id"] for one in car["tasks"]] == [str(one) for one in (shot, words, other)]
    assert car["tasks"][0]["place"]["evidence_id"] == str(case.evidence_id)
    # What is marked is shown, while it is asked.
    assert (await yard.get(f"/yard/photos/{case.evidence_id}")).status_code == 200
    tasks = f"{case.path}/info-tasks"
    early = await yard.post(f"{tasks}/{shot}/fulfilment", {})
    assert code_of(early) == (422, "info_task_needs_photo")
    sent = await yard.send_file(str(case.id), photo(), info_task_id=str(shot))
    assert sent.status_code == 201, sent.text
    key = "a-key-of-the-yard"
    done = await yard.post(f"{tasks}/{shot}/fulfilment", {}, key=key)
    assert done.status_code == 201, done.text
    again = await yard.post(f"{tasks}/{shot}/fulfilment", {}, key=key)
    assert again.headers["idempotency-replayed"] == "true"
    assert (await yard.post(f"{tasks}/{words}/fulfilment", {"answer": "Red"})).status_code == 201
    assert (await yard.post(f"{tasks}/{other}/refusal", {"reason": "car_gone"})).status_code == 201
    assert (await yard.car())["tasks"] == []
    assert (await yard.get(f"/yard/photos/{case.evidence_id}")).status_code == 404
    told = await bpa.was_told(str(case.id))
    assert told[-4:] == [
        "inspection.evidence_added",
        "info_task.fulfilled",
        "info_task.fulfilled",
        "info_task.declined",
    ]
    [listed] = (await client.get(f"{case.path}/yard-links")).json()
    assert [one["kind"] for one in listed["uses"]] == [
        "info_task_declined",
        "info_task_fulfilled",
        "info_task_fulfilled",
        "photo_added",
    ]


async def told_of(ports: ApiPorts, inspection_id: str) -> list[tuple[UUID, str]]:
    async with ports.backbone.database.reading() as session:
        rows = await session.scalars(
            select(Notification).where(Notification.subject_id == UUID(inspection_id))
        )
        return [(row.person_id, row.kind) for row in rows]


async def test_done_tells_who_gave_the_link_once(
    client: Person, draft: Json, give: Give, at_car: AtCar, cabinet_ports: ApiPorts
) -> None:
    yard = at_car(await give(draft["id"]))
    first = (await yard.done()).json()
    assert first["done_at"]
    assert first["is_sent"] is False
    assert (await yard.done()).json()["done_at"] == first["done_at"]
    assert await told_of(cabinet_ports, draft["id"]) == [(client.account_id, "yard_done")]
    assert (await client.inspection(draft["id"]))["state"] == "draft"


async def test_done_sends_it_where_the_link_may_and_nothing_is_missing(
    client: Person, draft: Json, give: Give, at_car: AtCar, photo: Callable[[], bytes], bpa: Bpa
) -> None:
    yard = at_car(await give(draft["id"], may_submit=True))
    early = (await yard.done()).json()
    assert (early["is_sent"], early["missing"]) == (False, ["vin_place_photo"])
    await yard.send_file(draft["id"], photo())
    assert (await yard.done()).json()["is_sent"] is True
    assert (await client.inspection(draft["id"]))["state"] == "submitted"
    assert await bpa.was_told(draft["id"]) == ["inspection.submitted"]
    timeline = (await client.get(f"/inspections/{draft['id']}/timeline")).json()["items"]
    assert timeline[-1]["kind"] == "submitted"
    assert timeline[-1]["data"]["link_id"]


async def test_without_the_clients_consent_nothing_is_sent(
    client: Person, draft: Json, give: Give, at_car: AtCar, photo: Callable[[], bytes]
) -> None:
    yard = at_car(await give(draft["id"], may_submit=True))
    await yard.send_file(draft["id"], photo())
    assert (await client.post("/consents/personal_data/withdrawal")).status_code in (200, 201)
    finished = await yard.done()
    assert (finished.status_code, finished.json()["is_sent"]) == (200, False)
    assert (await client.inspection(draft["id"]))["state"] == "draft"
