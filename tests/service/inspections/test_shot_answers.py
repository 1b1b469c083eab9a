"""What clients say of a shot in place of a photo."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.service.inspections.conftest import VIN, Bpa, Person, Submitted

Photo = Callable[[], bytes]

NOWHERE: Final = {"shot": "vin_stamped", "answer": "not_found"}
WORN: Final = {"shot": "vin_plate", "answer": "unreadable"}
LOCKED: Final = {"shot": "engine_number", "answer": "not_allowed"}


async def test_a_draft_keeps_the_answers_until_others_are_said(client: Person) -> None:
    draft = await client.start(shot_answers=[LOCKED])
    path = f"/inspections/{draft['id']}"
    assert draft["shot_answers"] == [LOCKED]
    assert (await client.patch(path, {"worry": "rust"})).json()["shot_answers"] == [LOCKED]
    assert (await client.patch(path, {"shot_answers": [NOWHERE, WORN]})).json()["shot_answers"] == [
        NOWHERE,
        WORN,
    ]
    assert (await client.inspection(draft["id"]))["shot_answers"] == [NOWHERE, WORN]
    assert (await client.patch(path, {"shot_answers": []})).json()["shot_answers"] == []
    await client.patch(path, {"shot_answers": [WORN]})
    assert (await client.patch(path, {"shot_answers": None})).json()["shot_answers"] == []


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        ([{"shot": "vin_plate", "answer": "rusty"}], "/shot_answers/0/answer"),
        ([{"shot": "wheel", "answer": "not_found"}], "/shot_answers/0/shot"),
        ([{"shot": "vin_plate"}], "/shot_answers/0/answer"),
        ([WORN | {"note": "?"}], "/shot_answers/0/note"),
        ([WORN, NOWHERE, {"shot": "vin_plate", "answer": "not_found"}], "/shot_answers"),
        ([WORN] * 500, "/shot_answers"),
        ({"vin_plate": "unreadable"}, "/shot_answers"),
    ],
)
async def test_answers_that_cannot_be_are_refused_and_the_others_stay(
    client: Person, answers: Any, pointer: str
) -> None:
    draft = await client.start(shot_answers=[LOCKED])
    answer = await client.patch(f"/inspections/{draft['id']}", {"shot_answers": answers})
    assert (answer.status_code, answer.json()["code"]) == (422, "malformed_request")
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await client.inspection(draft["id"]) == {name: draft[name] for name in draft if name != "existing"}


async def test_an_answer_is_no_photo_of_the_number(client: Person, bpa: Bpa) -> None:
    draft = await client.start(shot_answers=[NOWHERE, WORN])
    sent = await client.post(f"/inspections/{draft['id']}/submit")
    assert (sent.status_code, sent.json()["code"]) == (409, "inspection_incomplete")
    assert sent.json()["params"]["missing"] == ["vin_place_photo"]
    assert await bpa.was_told(draft["id"]) == []


@pytest.mark.parametrize("photo_first", [True, False])
async def test_a_number_that_is_not_there_is_sent_with_a_photo_of_its_place(
    client: Person, bpa: Bpa, photo: Photo, photo_first: bool
) -> None:
    draft = await client.start({"plate": "А123ВС77"})
    path = f"/inspections/{draft['id']}"
    if photo_first:
        await client.send_file(draft["id"], photo())
    await client.patch(path, {"shot_answers": [NOWHERE]})
    if not photo_first:
        await client.send_file(draft["id"], photo())
    sent = await client.post(f"{path}/submit")
    assert (sent.status_code, sent.json()["shot_answers"]) == (200, [NOWHERE])
    [envelope] = await bpa.envelopes(draft["id"])
    assert envelope.data["shot_answers"] == [NOWHERE]
    assert [one["shot"] for one in envelope.data["evidence"]] == ["vin_stamped"]


async def test_a_photo_that_comes_later_takes_the_answer_back(
    client: Person, submitted: Submitted, photo: Photo
) -> None:
    sent = await submitted(claim={"identifier": VIN}, shot_answers=[WORN, LOCKED])
    assert (await client.send_file(sent["id"], photo(), shot="front")).status_code == 201
    assert (await client.inspection(sent["id"]))["shot_answers"] == [WORN, LOCKED]
    assert (await client.send_file(sent["id"], photo(), shot="engine_number")).status_code == 201
    assert (await client.inspection(sent["id"]))["shot_answers"] == [WORN]


async def test_the_original_of_a_photo_that_was_sent_takes_nothing_back(client: Person, photo: Photo) -> None:
    draft = await client.start(shot_answers=[NOWHERE])
    original = photo()
    assert (await client.send_copy(draft["id"], original, photo())).status_code == 201
    assert (await client.post(f"/inspections/{draft['id']}/submit")).status_code == 200
    assert (await client.send_file(draft["id"], original)).status_code in {200, 201}
    assert (await client.inspection(draft["id"]))["shot_answers"] == [NOWHERE]
