"""A program that orders a car which its company has an inspection of gets that one back, and counts nothing."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
from sqlalchemy import func, select, update

from cabinet_service.accounts.domain import Role
from cabinet_service.api_ports import ApiPorts
from cabinet_service.entrypoints.app import create_app
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.settings import Settings
from service_kit.db import database_now
from shared_schemas.words import InspectionState as S
from tests.service.inspections.conftest import VIN, Person, SignUp
from tests.support import clients
from tests.support.api import running
from tests.support.clients import Firm
from tests.support.programs import Key, make_key

OTHER = "WBAPH5C55BA123456"


async def order(program: Person, claim: dict[str, object] | None = None, **body: object) -> httpx.Response:
    return await program.post("/inspections", {"claim": claim or {"identifier": VIN}} | body)


async def put(ports: ApiPorts, inspection_id: str, state: S, *, days: int) -> None:
    """Let it stand so, and have been sent that many days ago."""
    async with ports.backbone.database.writing() as session:
        sent = await database_now(session) - timedelta(days=days)
        this = update(Inspection).where(Inspection.id == UUID(inspection_id))
        await session.execute(this.values(state=state, submitted_at=sent))


async def test_the_same_number_in_any_spelling_is_the_same_car(
    program: Person, boss: Person, firm: Firm
) -> None:
    first = await order(program)
    assert (first.status_code, first.json()["existing"]) == (201, False)
    for spelling in (VIN.lower(), f" {VIN[:9]} {VIN[9:]} "):
        again = await order(program, {"identifier": spelling, "mileage_km": 7})
        assert (again.status_code, again.json()["existing"]) == (200, True)
        assert again.json()["id"] == first.json()["id"]
        assert again.json()["claim"] == first.json()["claim"]
    assert (await order(program, {"identifier": OTHER})).status_code == 201
    of_boss = await boss.start({"plate": "А123ВС77"}, company_id=str(firm.company_id))
    by_plate = await order(program, {"plate": "a123bc77"})
    assert (by_plate.status_code, by_plate.json()["id"]) == (200, of_boss["id"])


async def test_who_wants_a_new_one_says_so_and_what_names_no_car_is_new(program: Person) -> None:
    first = await order(program)
    wanted = await order(program, again=True)
    assert (wanted.status_code, wanted.json()["existing"]) == (201, False)
    youngest = await order(program)
    assert youngest.json()["id"] == wanted.json()["id"] != first.json()["id"]
    for _ in range(2):
        assert (await order(program, {"make": "BMW"})).status_code == 201


async def test_what_is_open_or_recent_is_given_back(cabinet_ports: ApiPorts, program: Person) -> None:
    for state, days, is_given_back in (
        (S.IN_WORK, 90, True),
        (S.ANSWERED, 29, True),
        (S.CLOSED, 29, True),
        (S.ANSWERED, 31, False),
        (S.CANCELLED, 1, False),
        (S.UNPROCESSABLE, 1, False),
    ):
        first = (await order(program, again=True)).json()
        await put(cabinet_ports, first["id"], state, days=days)
        assert ((await order(program)).json()["id"] == first["id"]) is is_given_back, state
        async with cabinet_ports.backbone.database.writing() as session:
            await session.execute(update(Inspection).values(identifier=None))


async def test_nothing_is_given_back_that_is_not_theirs_to_see(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, boss: Person, firm: Firm, sign_up: SignUp
) -> None:
    other = await clients.found_company(cabinet_ports, "Wheels")
    await clients.join(cabinet_ports, other, "rival@example.com", Role.PARTNER_ADMIN)
    rival = (await make_key(await sign_up("rival@example.com"), other)).program(cabinet_api)
    north, south = [
        (await make_key(boss, firm, name, branch_id=str(branch))).program(cabinet_api)
        for name, branch in (("north", firm.first_branch), ("south", firm.second_branch))
    ]
    private = await boss.start()
    seen = {(await order(program)).json()["id"] for program in (rival, north, south)}
    assert len(seen | {private["id"]}) == 4
    of_rival = await rival.post(
        "/inspections", {"claim": {"identifier": VIN}, "company_id": str(firm.company_id)}
    )
    assert (of_rival.status_code, of_rival.json()["code"]) == (404, "not_found")
    twice = [(await boss.start(company_id=str(firm.company_id)))["id"] for _ in range(2)]
    assert len({*twice}) == 2  # people are asked on the page, and decide


async def test_of_many_at_once_one_is_made_and_one_is_counted(cabinet_settings: Settings, key: Key) -> None:
    settings = cabinet_settings.model_copy(
        update={"drafts_per_program": "1/hour", "drafts_per_company": "1/hour"}
    )
    async with running(create_app(settings)) as api:
        program = key.program(api)
        answers = await asyncio.gather(*(order(program) for _ in range(6)))
        assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
        assert len({answer.json()["id"] for answer in answers}) == 1
        assert (await order(program, {"identifier": OTHER})).status_code == 429


async def test_a_repeated_request_has_its_first_answer(cabinet_ports: ApiPorts, program: Person) -> None:
    body = {"claim": {"identifier": VIN}}
    await order(program)
    first = await program.post("/inspections", body, key="found-the-first-time")
    again = await program.post("/inspections", body, key="found-the-first-time")
    assert (again.status_code, again.json()) == (200, first.json())
    async with cabinet_ports.backbone.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Inspection)) == 1
