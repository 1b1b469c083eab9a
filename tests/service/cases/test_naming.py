"""Two cases of one car find each other by any of its names, whoever said it and whichever came first."""

import asyncio
from functools import partial
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from sqlalchemy import select

from bpa_service.cases.known.queries import known as known_of
from bpa_service.cases.naming import queries
from bpa_service.cases.naming.domain import NameKind
from bpa_service.cases.naming.models import CarName, SameCar
from bpa_service.cases.queue.schemas import QueueRow
from bpa_service.cases.readings import service as readings
from bpa_service.db.tables import TABLES
from bpa_service.experts.domain import Role
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.words import Shot
from tests.service.cases.conftest import START, Desk
from tests.service.cases.naming import ENGINE, OTHER_VIN, VIN, opened, read_off, shown
from tests.service.cases.queued import rows
from tests.support.experts import sign_in


async def take_back(desk: Desk, case_id: UUID) -> None:
    evidence_id = await shown(desk, case_id)
    await desk.do(partial(readings.take_back, seen=1), case_id, evidence_id, by=desk.anna)


async def shares(desk: Desk, case_id: UUID) -> dict[UUID, set[NameKind]]:
    async with desk.ports.backbone.database.reading() as session:
        found = await known_of(session, case_id)
    assert found is not None
    return {one.case.id: set(one.shares) for one in found.others if one.shares}


async def hints(desk: Desk) -> list[UUID]:
    async with desk.ports.backbone.database.reading() as session:
        table = TABLES.hints.__tablename__
        found = await session.fetch(
            f"SELECT subject_id FROM {table} WHERE kind = 'case.car_called' ORDER BY id"
        )
    return [row["subject_id"] for row in found]


async def row_of(desk: Desk, case_id: UUID) -> QueueRow:
    [row] = [row for row in await rows(desk) if row.id == case_id]
    return row


async def test_cases_are_found_by_each_name_that_the_client_gave(desk: Desk) -> None:
    number = await opened(desk)
    plate = await opened(desk, OTHER_VIN, plate="A123BC77")
    advert = await opened(
        desk, "SAL1A2A40SA606664", advert_url="https://m.avito.ru/moskva/x_3456789012?utm_x=1"
    )
    case_id = await opened(desk, plate="A123BC77", advert_url="https://www.avito.ru/tver/y_3456789012")

    assert await shares(desk, case_id) == {
        number: {NameKind.NUMBER},
        plate: {NameKind.PLATE},
        advert: {NameKind.ADVERT},
    }
    assert await shares(desk, number) == {case_id: {NameKind.NUMBER}}
    assert await shares(desk, advert) == {case_id: {NameKind.ADVERT}}
    # Those who look at the others are told.
    assert set(await hints(desk)) == {number, plate, advert}


async def test_what_an_expert_reads_off_a_photo_is_a_name_until_it_is_taken_back(desk: Desk) -> None:
    earlier = await opened(desk, OTHER_VIN)
    case_id = await opened(desk)
    await desk.claim(case_id, desk.anna)
    assert await shares(desk, case_id) == {}

    await read_off(desk, case_id, OTHER_VIN)
    assert await shares(desk, case_id) == {earlier: {NameKind.NUMBER}}
    assert await shares(desk, earlier) == {case_id: {NameKind.NUMBER}}
    assert await hints(desk) == [earlier]
    # One that comes later finds it by either.
    later = await opened(desk, OTHER_VIN)
    assert await shares(desk, later) == {earlier: {NameKind.NUMBER}, case_id: {NameKind.NUMBER}}

    await take_back(desk, case_id)
    assert await shares(desk, case_id) == {}
    assert await shares(desk, earlier) == {later: {NameKind.NUMBER}}
    assert (await hints(desk))[-2:] == sorted([earlier, later])


async def test_what_is_read_as_it_was_claimed_changes_nothing(desk: Desk) -> None:
    earlier = await opened(desk)
    case_id = await opened(desk)
    await desk.claim(case_id, desk.anna)
    await read_off(desk, case_id, VIN)
    await take_back(desk, case_id)

    assert await shares(desk, case_id) == {earlier: {NameKind.NUMBER}}


async def test_an_engine_that_was_in_another_car(desk: Desk) -> None:
    first = await opened(desk, OTHER_VIN, shot=Shot.ENGINE_NUMBER)
    case_id = await opened(desk, shot=Shot.ENGINE_NUMBER)
    for one in (first, case_id):
        await desk.claim(one, desk.anna)
        await read_off(desk, one, ENGINE)

    assert await shares(desk, case_id) == {first: {NameKind.ENGINE}}
    # A number with a gap may be many.
    await read_off(desk, case_id, ENGINE.replace("3", "?"), seen=1)
    assert await shares(desk, case_id) == {}


async def test_a_row_says_that_the_car_is_open_elsewhere_and_has_another_plate(desk: Desk) -> None:
    first = await opened(desk, plate="A123BC77")
    second = await opened(desk, plate="B123BC77", minutes=5)
    for one in (first, second):
        known = (await row_of(desk, one)).known
        assert (known.other_cases, known.open_elsewhere, known.other_plate) == (1, True, True)

    await desk.hear(cabinet.InspectionCancelledV1(inspection_id=first, reason=None, cancelled_at=START))
    known = (await row_of(desk, second)).known
    assert (known.other_cases, known.open_elsewhere, known.other_plate) == (1, False, True)

    await desk.hear(cabinet.InspectionErasedV1(inspection_id=first, erased_at=START))
    known = (await row_of(desk, second)).known
    assert (known.other_cases, known.open_elsewhere, known.other_plate) == (0, False, False)


async def test_a_plate_that_is_read_off_later_counts_too(desk: Desk) -> None:
    await opened(desk, plate="A123BC77")
    case_id = await opened(desk, shot=Shot.FRONT)
    assert not (await row_of(desk, case_id)).known.other_plate

    await desk.claim(case_id, desk.anna)
    await read_off(desk, case_id, "B123BC77")

    assert (await row_of(desk, case_id)).known.other_plate


async def test_of_what_is_erased_no_name_is_left(desk: Desk) -> None:
    one, other = await opened(desk, plate="A123BC77"), await opened(desk)
    await desk.hear(cabinet.InspectionErasedV1(inspection_id=one, erased_at=START))

    async with desk.ports.backbone.database.reading() as session:
        names = (await session.scalars(select(CarName.case_id))).all()
        pairs = (await session.scalars(select(SameCar.case_id))).all()
    assert (names, pairs) == ([other], [])
    assert (await hints(desk))[-1] == other


async def test_two_that_come_at_once_see_each_other(desk: Desk) -> None:
    """Neither is committed when the other looks: the later one waits."""
    cases = await asyncio.gather(*(opened(desk, plate="A123BC77") for _ in range(6)))

    for case_id in cases:
        assert await shares(desk, case_id) == {
            other: {NameKind.NUMBER, NameKind.PLATE} for other in cases if other != case_id
        }


async def test_cases_that_are_read_at_once_wait_for_each_other_in_no_circle(desk: Desk) -> None:
    """Each is locked by whoever reads its photos, and gets the number that the other had."""
    cases = [await opened(desk, number, plate="A123BC77") for number in (VIN, OTHER_VIN)]
    for case_id in cases:
        await desk.claim(case_id, desk.anna)
    for seen in range(4):
        numbers = (OTHER_VIN, VIN) if seen % 2 == 0 else (VIN, OTHER_VIN)
        await asyncio.gather(
            *(read_off(desk, case_id, number, seen) for case_id, number in zip(cases, numbers, strict=True))
        )

    assert await shares(desk, cases[0]) == {cases[1]: {NameKind.PLATE}}


async def test_of_a_name_that_very_many_have_the_newest_are_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST_OF_A_NAME", 2)
    cases = [await opened(desk, minutes=minute) for minute in range(4)]

    assert set(await shares(desk, cases[3])) == {cases[2], cases[1]}


async def test_an_expert_names_a_car_over_http(desk: Desk, bpa_api: httpx.AsyncClient) -> None:
    """Within the walls of who is signed in."""
    expert = await sign_in(desk.ports, Role.EXPERT, "olga")
    earlier, case_id = await opened(desk, OTHER_VIN), await opened(desk)
    lease = await bpa_api.post(
        f"/api/v1/cases/{case_id}/lease", headers=expert.headers | {"Idempotency-Key": uuid4().hex}
    )
    assert lease.status_code == 201
    path = f"/api/v1/cases/{case_id}/evidence/{await shown(desk, case_id)}/reading"
    body = {"text": OTHER_VIN, "accepted_from": "typed"}
    answer = await bpa_api.put(path, json=body, headers=expert.headers | {"If-Match": '"0"'})

    assert answer.status_code == 200
    assert await shares(desk, case_id) == {earlier: {NameKind.NUMBER}}


async def test_cases_of_before_were_named_as_they_would_be_now(desk: Desk, bpa_superuser_url: str) -> None:
    """By the migration, which knows the same rules in SQL."""
    cases = [
        await opened(desk, plate="A123BC77"),
        await opened(desk, plate="B123BC77", minutes=1, shot=Shot.ENGINE_NUMBER),
        await opened(desk, OTHER_VIN, plate="A123BC77", minutes=60 * 24 * 40),
        await opened(desk, "1" * 17, minutes=2),
        await opened(desk, "1M8GDM9AXKP042788", minutes=3),
    ]
    await desk.claim(cases[1], desk.anna)
    await read_off(desk, cases[1], "306DT-0123456")
    await desk.claim(cases[3], desk.anna)
    await read_off(desk, cases[3], OTHER_VIN)
    await desk.claim(cases[4], desk.anna)
    await read_off(desk, cases[4], VIN.replace("4", "?"))
    migration: Any = import_module("bpa_service.db.migrations.versions.0036_what_cars_are_called")
    names = "SELECT case_id, kind, key, source, said_at, evidence_id FROM car_names ORDER BY 1, 2, 3, 4"
    pairs = "SELECT case_id, other_id, kind, other_plate FROM same_cars ORDER BY 1, 2, 3"
    connection: Any = await asyncpg.connect(bpa_superuser_url)
    try:
        now = [await connection.fetch(names), await connection.fetch(pairs)]
        await connection.execute("TRUNCATE car_names, same_cars")
        for statement in (migration.CLAIMED, migration.READ, migration.SAME):
            await connection.execute(statement)
        before = [await connection.fetch(names), await connection.fetch(pairs)]
    finally:
        await connection.close()

    assert before == now
    assert (len(now[0]), len(now[1])) == (8, 6)


async def test_a_row_finds_the_one_that_is_open_among_very_many_that_are_over(desk: Desk) -> None:
    oldest = await opened(desk, plate="A123BC77")
    over = [await opened(desk, minutes=minute) for minute in range(1, 15)]
    for case_id in over:
        await desk.hear(cabinet.InspectionCancelledV1(inspection_id=case_id, reason=None, cancelled_at=START))
    newest = await opened(desk, plate="B123BC77", minutes=60)

    known = (await row_of(desk, newest)).known

    assert (known.open_elsewhere, known.other_plate) == (True, True)
    assert known.other_cases == queries.MOST_COUNTED
    await desk.hear(cabinet.InspectionCancelledV1(inspection_id=oldest, reason=None, cancelled_at=START))
    known = (await row_of(desk, newest)).known
    assert (known.open_elsewhere, known.other_plate) == (False, True)


async def test_cases_that_share_another_name_do_not_count_as_of_its_number(desk: Desk) -> None:
    plate = "A123BC77"
    await opened(desk, plate=plate)
    others = [f"SAL1A2A40SA60{serial:04}" for serial in range(12)]
    for minute, number in enumerate(others, start=1):
        await opened(desk, number, minutes=minute, plate=plate)

    known = (await row_of(desk, await opened(desk, minutes=60, plate=plate))).known

    assert (known.other_cases, known.open_elsewhere, known.other_plate) == (1, True, False)
