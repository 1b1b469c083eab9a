"""A check ordered, asked about and answered in a chat alone, with the same records as in the app."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from cabinet_service.inspections.core.domain import TaskState
from cabinet_service.inspections.core.models import InfoTask
from cabinet_service.notifications.kinds import NotificationKind
from service_kit.db import database_now
from service_kit.ids import new_id
from shared_schemas.words import Shot
from tests.factories.photos import jpeg, stamped_number
from tests.service.telegram.checks import VIN, begin, drafts, get, send
from tests.service.telegram.conftest import World
from tests.support.delivery import announced


async def evidence(world: World, inspection_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await get(world, f"/inspections/{inspection_id}"))["evidence"]
    return found


async def ask(
    world: World, inspection_id: str, *, shot: Shot | None = None, question: str = "Is it?"
) -> UUID:
    task_id = new_id()
    async with world.ports.backbone.database.writing() as session:
        session.add(
            InfoTask(
                id=task_id,
                inspection_id=UUID(inspection_id),
                shot=shot,
                question=question,
                place=None,
                blocking=True,
                asked_by_id=new_id(),
                asked_by_name="Ivan",
                created_at=await database_now(session),
                state=TaskState.OPEN,
                evidence_ids=[],
            )
        )
    await world.tell(NotificationKind.INFO_TASK, UUID(inspection_id), task_id=task_id)
    await world.settle()
    return task_id


async def task(world: World, inspection_id: str, task_id: UUID) -> dict[str, Any]:
    tasks = await get(world, f"/inspections/{inspection_id}/info-tasks")
    return next(one for one in tasks if one["id"] == str(task_id))


async def test_a_whole_check_is_sent(world: World) -> None:
    inspection_id = await send(world)
    shown = await get(world, f"/inspections/{inspection_id}")
    assert shown["state"] == "submitted"
    assert shown["claim"]["identifier"] == VIN
    assert [one["shot"] for one in shown["evidence"]] == ["vin_stamped"]
    [sent] = [one for one in await announced(world.ports.backbone) if one.type == "inspection.submitted"]
    assert sent.data["claim"]["identifier"] == VIN
    status = next(said for said in world.anna.read if shown["number"] in said.text)
    assert "20 минут" in status.text
    assert status.is_silent


async def test_pressed_twice_it_is_sent_once(world: World) -> None:
    await begin(world)
    world.anna.writes(VIN)
    await world.settle()
    world.anna.presses("Отправить")
    world.anna.presses("Отправить")
    await world.settle()
    sent = [one for one in await announced(world.ports.backbone) if one.type == "inspection.submitted"]
    assert len(sent) == 1


async def test_what_is_missing_is_said_and_not_sent(world: World) -> None:
    await world.bind()
    world.anna.writes("/new")
    await world.settle()
    world.anna.presses("Другое")
    world.anna.sends(**world.anna.photo(jpeg(640, 480)))
    await world.settle()
    world.anna.writes(VIN)
    await world.settle()
    world.anna.presses("Отправить")
    await world.settle()
    assert "Не хватает снимка номера" in world.anna.texts[-1]
    [draft] = await drafts(world)
    assert draft


async def test_an_odd_number_is_sent_if_it_stands_so_on_the_car(world: World) -> None:
    inspection_id = await begin(world)
    world.anna.writes("SAL1A2A40SA60666O")
    await world.settle()
    world.anna.presses("Да, так и стоит")
    await world.settle()
    claim = (await get(world, f"/inspections/{inspection_id}"))["claim"]
    assert claim["as_seen"] is True


@pytest.mark.parametrize("text", ["x" * 5000, "???", "🚗", "привет <b>"])
async def test_words_that_are_no_number_are_asked_again(world: World, text: str) -> None:
    inspection_id = await begin(world)
    world.anna.writes(text)
    await world.settle()
    assert "номер" in world.anna.texts[-1].lower()
    assert (await get(world, f"/inspections/{inspection_id}"))["claim"]["identifier"] is None


async def test_the_same_file_twice_is_there_once(world: World) -> None:
    inspection_id = await begin(world)
    [photo] = await evidence(world, inspection_id)
    world.anna.sends(**world.anna.file(jpeg(640, 480)))
    await world.settle()
    assert [one["id"] for one in await evidence(world, inspection_id)] == [photo["id"]]


async def test_an_album_stays_together(world: World) -> None:
    inspection_id = await begin(world)
    parts = [world.anna.photo(jpeg(400 + side, 300)) for side in range(4)]
    world.anna.album(*parts, group="g1")
    await world.settle()
    while len(await evidence(world, inspection_id)) == 1:  # until it is seen as whole
        await world.settle()
    assert len(await evidence(world, inspection_id)) == 5
    assert len([text for text in world.anna.texts if "добавлено: 4" in text]) == 1


async def test_photos_of_nothing_begin_a_check(world: World) -> None:
    await world.bind()
    world.anna.sends(**world.anna.photo(jpeg(640, 480)))
    await world.settle()
    world.anna.presses("Новая проверка")
    await world.settle()
    world.anna.presses("Табличка")
    await world.settle()
    [draft] = await drafts(world)
    assert [one["shot"] for one in await evidence(world, draft)] == ["vin_plate"]


async def test_a_file_that_is_too_large_is_refused_kindly(world: World) -> None:
    inspection_id = await begin(world)
    huge = world.server.keep_file(b"x", size=25 * 1024 * 1024)
    world.anna.sends(document={**huge, "file_name": "a.jpg", "mime_type": "image/jpeg"})
    await world.settle()
    assert "20 МБ" in world.anna.texts[-1]
    assert len(await evidence(world, inspection_id)) == 1


async def test_what_is_no_photo_is_refused_in_the_apps_words(world: World) -> None:
    inspection_id = await begin(world)
    world.anna.sends(**world.anna.file(b"%PDF-1.7 " * 50, name="a.pdf", media_type="application/pdf"))
    await world.settle()
    assert len(await evidence(world, inspection_id)) == 1
    assert "JPEG" in world.anna.texts[-1] or "снимок" in world.anna.texts[-1].lower()


async def test_one_question_is_answered_by_a_photo(world: World) -> None:
    inspection_id = await send(world)
    task_id = await ask(world, inspection_id, shot=Shot.ENGINE_NUMBER, question="The <engine> & number")
    asked = world.anna.read[-1]
    assert "The <engine> & number" in asked.text
    assert not asked.is_silent
    assert asked.labels == ["Прислать снимок", "Не могу"]
    world.anna.sends(**world.anna.photo(jpeg(500, 400)))
    await world.settle()
    done = await task(world, inspection_id, task_id)
    assert done["state"] == "fulfilled"
    photos = {one["id"]: one["shot"] for one in await evidence(world, inspection_id)}
    assert [photos[one] for one in done["evidence_ids"]] == ["engine_number"]


@pytest.mark.parametrize(("press", "answer"), [("Да", "Да"), ("Нет", "Нет")])
async def test_a_question_is_answered_by_a_button(world: World, press: str, answer: str) -> None:
    inspection_id = await send(world)
    task_id = await ask(world, inspection_id)
    world.anna.presses(press)
    world.anna.presses(press)
    await world.settle()
    done = await task(world, inspection_id, task_id)
    assert (done["state"], done["answer"]) == ("fulfilled", answer)


async def test_a_question_is_answered_in_words(world: World) -> None:
    inspection_id = await send(world)
    task_id = await ask(world, inspection_id)
    world.anna.writes("It is <red> & new")
    await world.settle()
    assert (await task(world, inspection_id, task_id))["answer"] == "It is <red> & new"


async def test_who_cannot_says_why(world: World) -> None:
    inspection_id = await send(world)
    task_id = await ask(world, inspection_id, shot=Shot.ODOMETER)
    world.anna.presses("Не могу")
    await world.settle()
    world.anna.presses("Не подобраться")
    await world.settle()
    done = await task(world, inspection_id, task_id)
    assert (done["state"], done["decline_reason"]) == ("declined", "no_access")


async def test_with_several_questions_it_is_asked_which(world: World) -> None:
    inspection_id = await send(world)
    first = await ask(world, inspection_id, shot=Shot.ODOMETER, question="Odometer?")
    second = await ask(world, inspection_id, shot=Shot.REAR, question="From behind?")
    world.anna.sends(**world.anna.photo(jpeg(500, 400)))
    await world.settle()
    assert len(world.anna.read[-1].labels) == 2
    world.anna.press(f"to:t.{second.hex}", world.anna.read[-1])
    await world.settle()
    assert (await task(world, inspection_id, first))["state"] == "open"
    assert (await task(world, inspection_id, second))["state"] == "fulfilled"


async def test_somebody_elses_question_is_not_there_to_answer(world: World) -> None:
    inspection_id = await send(world)
    task_id = await ask(world, inspection_id)
    boris = world.person(first_name="Boris", username="boris", language_code="en")
    boris.writes("/start")
    await world.settle()
    boris.presses("I agree")
    await world.settle()
    boris.press(f"yes:{task_id.hex}", boris.read[-1])
    await world.settle()
    assert (await task(world, inspection_id, task_id))["state"] == "open"


async def test_without_consent_nothing_is_sent(world: World) -> None:
    inspection_id = await begin(world)
    taken_back = await world.api.post(
        "/api/v1/consents/personal_data/withdrawal",
        headers=world.client.headers | {"Idempotency-Key": "withdraw-1"},
    )
    assert taken_back.status_code in (200, 201), taken_back.text
    world.anna.writes(VIN)
    await world.settle()
    world.anna.presses("Отправить")
    await world.settle()
    assert (await get(world, f"/inspections/{inspection_id}"))["state"] == "draft"
    world.anna.presses("Согласен")
    await world.settle()
    world.anna.presses("Отправить")
    await world.settle()
    assert (await get(world, f"/inspections/{inspection_id}"))["state"] == "submitted"


async def test_a_number_that_was_read_is_confirmed_by_a_button(world: World) -> None:
    await world.bind()
    world.anna.writes("/new")
    await world.settle()
    world.anna.presses("Номер на кузове")
    world.anna.sends(**world.anna.file(stamped_number(VIN)))
    await world.settle()
    assert "Прочитал номер: SAL 1A2A40 SA606662" in world.anna.texts[-1]
    world.anna.presses("Верно")
    await world.settle()
    world.anna.presses("Отправить")
    await world.settle()
    [sent] = (await get(world, "/inspections"))["items"]
    assert (sent["state"], sent["identifier"]) == ("submitted", "SAL 1A2A40 SA606662")


async def test_an_inspection_has_one_status_however_many_say_it_at_once(world: World) -> None:
    """The sender of notifications and the keeper of statuses, say, each in a process of its own."""
    inspection_id = UUID(await send(world))
    tablet = world.person(username="tablet")
    await world.bind(tablet)
    show = world.telegram.statuses.show
    await asyncio.gather(*(show(tablet.id, inspection_id) for _ in range(4)))
    assert len([said for said in tablet.texts if VIN in said]) == 1
