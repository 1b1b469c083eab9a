"""Who is at work, who has which case open, the lead's board, and what one did."""

from datetime import timedelta
from uuid import UUID

import httpx

from bpa_service.cases.service import deciding
from bpa_service.experts.domain import Role
from bpa_service.ports import Ports
from bpa_service.shifts import board, queries, service
from service_kit.ids import new_id
from tests.service.cases.conftest import Desk, at
from tests.service.cases.test_deciding import NOTHING_SEEN
from tests.support.experts import sign_in


async def on_board(desk: Desk) -> board.Board:
    async with desk.ports.backbone.database.reading() as session:
        return await board.look(session, viewer=desk.lead, policy=desk.policy, now=desk.now)


async def here(desk: Desk, case_id: UUID) -> list[str]:
    async with desk.ports.backbone.database.reading() as session:
        return [one.display_name for one in await queries.here(session, desk.now) if one.case_id == case_id]


async def test_a_shift_begins_once_and_ends(bpa_api: httpx.AsyncClient, bpa_ports: Ports) -> None:
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
        await service.leave(session, case_id, by=desk.anna)
    assert await here(desk, case_id) == ["Boris"]

    desk.now += service.ABSENT_AFTER + timedelta(seconds=1)
    assert await here(desk, case_id) == []
    async with database.writing() as session:
        await service.forget_absent(session, desk.now)


async def test_nobody_appears_at_a_case_that_there_is_not(
    bpa_api: httpx.AsyncClient, bpa_ports: Ports
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
    desk: Desk, bpa_api: httpx.AsyncClient, bpa_ports: Ports
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
        work = await queries.work_of(session, rita.expert.id, since=at(-60))

    assert [(one.answers, one.in_time) for one in work.days] == [(2, 1)]
    assert work.median_seconds == 60
    assert (work.preliminary, work.amended, work.findings, work.second_opinions) == (0, 0, 0, 0)
    answer = await bpa_api.get("/api/v1/me/statistics?days=92", headers=rita.headers)
    assert answer.status_code == 200, answer.text
