"""Who is at work, who has which case open, the lead's board, and what one did."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest

from bpa_service.api_ports import ApiPorts
from bpa_service.cases.core.policy import Policy
from bpa_service.cases.deciding import service as deciding
from bpa_service.experts.domain import Role
from bpa_service.shifts import board, queries, service
from service_kit.ids import new_id
from tests.service.cases.answers import NOTHING_SEEN, amend, decide, dispute
from tests.service.cases.conftest import Desk, at
from tests.support.experts import sign_in

MOSCOW: Final = ZoneInfo("Europe/Moscow")


async def on_board(desk: Desk) -> board.Board:
    async with desk.ports.backbone.database.reading() as session:
        return await board.look(session, viewer=desk.lead, policy=desk.policy, now=desk.now)


async def here(desk: Desk, case_id: UUID) -> list[str]:
    async with desk.ports.backbone.database.reading() as session:
        return [one.display_name for one in await queries.here(session, desk.now) if one.case_id == case_id]


async def test_a_shift_begins_once_and_ends(bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts) -> None:
    headers = (await sign_in(bpa_ports, Role.EXPERT, "olga")).headers
    path = "/api/v1/shifts/current"
    assert (await bpa_api.get(path, headers=headers)).json() == {"since": None}

    first = await bpa_api.put(path, headers=headers)
    assert (await bpa_api.put(path, headers=headers)).json() == first.json()
    assert (await bpa_api.get(path, headers=headers)).json() == first.json()

    for _ in range(2):
        assert (await bpa_api.delete(path, headers=headers)).status_code == 204
    assert (await bpa_api.get(path, headers=headers)).json() == {"since": None}


async def test_who_has_a_case_open_is_seen_until_they_leave_or_fall_silent(desk: Desk) -> None:
    case_id = await desk.opened()
    database = desk.ports.backbone.database
    for expert in (desk.anna, desk.boris):
        async with database.writing() as session:
            await service.appear(session, case_id, by=expert, now=desk.now)
    assert await here(desk, case_id) == ["Anna", "Boris"]

    async with database.writing() as session:
        await service.leave(session, case_id, by=desk.anna, now=desk.now)
    assert await here(desk, case_id) == ["Boris"]

    desk.now += service.ABSENT_AFTER + timedelta(seconds=1)
    assert await here(desk, case_id) == []
    async with database.writing() as session:
        await service.forget_absent(session, desk.now)


async def test_a_sign_that_comes_after_its_visit_brings_nobody_back(desk: Desk) -> None:
    case_id, visit, another = await desk.opened(), new_id(), new_id()
    database = desk.ports.backbone.database

    async def sign(visit_id: UUID) -> None:
        async with database.writing() as session:
            await service.appear(session, case_id, by=desk.anna, now=desk.now, visit_id=visit_id)

    async def leave(visit_id: UUID) -> None:
        async with database.writing() as session:
            await service.leave(session, case_id, by=desk.anna, now=desk.now, visit_id=visit_id)

    # Even if it was the first one.
    await leave(visit)
    await sign(visit)
    assert await here(desk, case_id) == []
    await sign(another)
    assert await here(desk, case_id) == ["Anna"]
    # On another screen it stays.
    await leave(visit)
    assert await here(desk, case_id) == ["Anna"]
    await leave(another)
    await sign(another)
    assert await here(desk, case_id) == []

    desk.now += service.ABSENT_AFTER + timedelta(seconds=1)
    async with database.writing() as session:
        await service.forget_absent(session, desk.now)
    await sign(another)
    assert await here(desk, case_id) == ["Anna"]


async def test_a_sign_and_the_end_of_its_visit_may_cross_at_any_point(desk: Desk) -> None:
    """However the two run into each other, who has left stays away."""
    case_id = await desk.opened()
    database = desk.ports.backbone.database

    async def leave(visit_id: UUID) -> None:
        async with database.writing() as session:
            await service.leave(session, case_id, by=desk.anna, now=desk.now, visit_id=visit_id)

    for _ in range(10):
        visit = new_id()
        async with database.writing() as session:
            await service.appear(session, case_id, by=desk.anna, now=desk.now, visit_id=visit)
            leaving = asyncio.create_task(leave(visit))  # while the sign is not committed yet
            await asyncio.sleep(0.01)
        await leaving
        assert await here(desk, case_id) == []


async def test_nobody_appears_at_a_case_that_there_is_not(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts
) -> None:
    headers = (await sign_in(bpa_ports, Role.AUDITOR)).headers

    answer = await bpa_api.put(f"/api/v1/cases/{new_id()}/presence", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_the_board_shows_loads_and_what_is_at_risk(desk: Desk) -> None:
    held, late = await desk.in_work("A-0000001"), await desk.opened("A-0000002", at=at(-30), now=at(0))
    desk.now = at(19)
    async with desk.ports.backbone.database.writing() as session:
        await service.start(session, by=desk.boris, now=desk.now)

    found = await on_board(desk)

    loads = {one.display_name: one for one in found.desks}
    assert (loads["Anna"].held, loads["Anna"].since) == (1, None)
    assert (loads["Boris"].held, loads["Boris"].since) == (0, desk.now)
    risks = {row.case.id: probability for row, probability in found.at_risk}
    assert risks[late] == 1
    assert 0.5 < risks[held] < 1
    assert found.forecast is not None
    assert found.forecast.breached >= 1
    async with desk.ports.backbone.database.writing() as session:
        await service.end(session, by=desk.boris, now=desk.now)


async def test_statistics_count_what_one_did(
    desk: Desk, bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts
) -> None:
    rita = await sign_in(bpa_ports, Role.EXPERT, "rita")
    for number, minutes in (("A-0000001", 8), ("A-0000002", 25)):
        case_id = await desk.opened(number, now=at(0))
        await desk.claim(case_id, rita.expert, now=at(minutes - 1))
        version = (await desk.case(case_id)).version
        await desk.do(
            deciding.decide, case_id, draft=NOTHING_SEEN, by=rita.expert, seen=version, now=at(minutes)
        )
    async with desk.ports.backbone.database.reading() as session:
        work = await queries.work_of(session, rita.expert.id, since=at(-60), zone=ZoneInfo("UTC"))

    assert [(one.answers, one.in_time) for one in work.days] == [(2, 1)]
    assert work.median_seconds == 60
    assert (work.preliminary, work.amended, work.findings, work.second_opinions) == (0, 0, 0, 0)
    answer = await bpa_api.get("/api/v1/me/statistics?days=92", headers=rita.headers)
    assert answer.status_code == 200, answer.text


async def test_who_takes_a_dispute_spoils_nobodys_times(desk: Desk, bpa_ports: ApiPorts) -> None:
    rita = await sign_in(bpa_ports, Role.EXPERT, "rita-who-is-disputed")
    for number, minutes in (("A-0000001", 3), ("A-0000002", 5)):
        case_id = await desk.opened(number, now=at(0))
        await desk.claim(case_id, rita.expert, now=at(minutes - 1))
        version = (await desk.case(case_id)).version
        await desk.do(
            deciding.decide, case_id, draft=NOTHING_SEEN, by=rita.expert, seen=version, now=at(minutes)
        )
    await dispute(desk, case_id, 60)
    await desk.claim(case_id, desk.vera, now=at(61))

    async with desk.ports.backbone.database.reading() as session:
        work = await queries.work_of(session, rita.expert.id, since=at(-60), zone=ZoneInfo("UTC"))

    assert (work.median_seconds, work.slow_seconds) == (60, 60)


async def test_who_answers_a_dispute_in_time_is_not_late_for_the_answer_before(desk: Desk) -> None:
    case_id = await desk.opened(now=at(0))
    await desk.claim(case_id, desk.anna, now=at(24))
    await decide(desk, case_id, NOTHING_SEEN, now=at(25))
    await dispute(desk, case_id, 60)
    await desk.claim(case_id, desk.vera, now=at(64))
    await amend(desk, case_id, NOTHING_SEEN, desk.vera, now=at(65))

    async with desk.ports.backbone.database.reading() as session:
        work = [
            await queries.work_of(session, expert.id, since=at(-60), zone=ZoneInfo("UTC"))
            for expert in (desk.anna, desk.vera)
        ]

    assert [[(day.answers, day.in_time) for day in of.days] for of in work] == [[(1, 0)], [(1, 1)]]


@pytest.mark.parametrize(("zone", "day"), [(MOSCOW, date(2026, 3, 28)), (ZoneInfo("UTC"), date(2026, 3, 27))])
async def test_an_answer_counts_on_the_day_that_it_was_where_it_was_given(
    desk: Desk, bpa_ports: ApiPorts, zone: ZoneInfo, day: date
) -> None:
    rita = await sign_in(bpa_ports, Role.EXPERT, f"rita-{zone.key.lower().replace('/', '-')}")
    half_past_one = datetime(2026, 3, 28, 1, 30, tzinfo=MOSCOW)
    case_id = await desk.opened(at=half_past_one)
    await desk.claim(case_id, rita.expert, now=half_past_one)
    version = (await desk.case(case_id)).version
    await desk.do(
        deciding.decide, case_id, draft=NOTHING_SEEN, by=rita.expert, seen=version, now=half_past_one
    )

    since = queries.days_ago(half_past_one, 1, zone)
    async with desk.ports.backbone.database.reading() as session:
        work = await queries.work_of(session, rita.expert.id, since=since, zone=zone)

    assert [(one.day, one.answers) for one in work.days] == [(day, 1)]
    assert since == datetime(day.year, day.month, day.day, tzinfo=zone)


async def test_statistics_begin_their_days_where_one_says(
    bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts
) -> None:
    rita = await sign_in(bpa_ports, Role.EXPERT, "rita")

    async def asked(query: str) -> httpx.Response:
        return await bpa_api.get(f"/api/v1/me/statistics{query}", headers=rita.headers)

    assert (await asked("")).json()["time_zone"] == Policy.of(bpa_ports.settings).zone.key
    assert (await asked("?tz=Asia/Vladivostok")).json()["time_zone"] == "Asia/Vladivostok"
    for wrong in ("Mars/Olympus", "../UTC", "Europe", "%00", "x" * 65):
        assert (await asked(f"?tz={wrong}")).status_code == 422, wrong
