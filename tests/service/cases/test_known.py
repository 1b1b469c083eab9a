"""What is known of a car: other cases of its number, its plate and its photos, and who was not asked."""

from uuid import uuid4

import httpx
import pytest

from bpa_service.cases.known import queries
from bpa_service.experts.domain import Role
from shared_schemas.events import cabinet_v1 as cabinet
from shared_schemas.words import Original
from tests.service.cases.answers import decide as answer
from tests.service.cases.answers import draft, found
from tests.service.cases.caller import Caller, problem
from tests.service.cases.conftest import START, Desk
from tests.service.cases.known import coverage, known, opened
from tests.support.experts import sign_in
from tests.support.statements import statements_sent

OTHER_VIN = "SAL1A2A40SA606663"


@pytest.fixture
async def anna(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.EXPERT, "anna"))


async def test_nothing_is_known_and_silence_is_not_taken_for_more(desk: Desk, anna: Caller) -> None:
    told = await known(anna, await opened(desk, "A-0000001"))

    assert (told["cases"], told["has_more"]) == ([], False)
    assert told["decode"]["maker"] == "SAL"
    assert coverage(told) == {
        "cases_by_number": "empty",
        "cases_by_plate": "declined",
        "cases_by_engine": "declined",
        "cases_by_advert": "declined",
        "same_photo": "empty",
        "similar_photo": "not_asked",
        "registers": "not_asked",
    }


async def test_other_cases_of_the_number_the_plate_and_the_photo(desk: Desk, anna: Caller) -> None:
    seen = "ab" * 32
    earlier = await opened(desk, "A-0000001")
    await desk.claim(earlier, desk.anna)
    await answer(desk, earlier, draft(await found(desk, earlier)))
    of_plate = await opened(desk, "A-0000002", OTHER_VIN, plate="A123BC77")
    of_photo = await opened(desk, "A-0000003", "SAL1A2A40SA606664", sha256=seen)
    await opened(desk, "A-0000004", "SAL1A2A40SA606665", sha256=seen, original=Original.AWAITED)
    await opened(desk, "A-0000005", "SAL1A2A40SA606666", plate="B123BC77")
    case_id = await opened(desk, "A-0000006", sha256=seen, plate="A123BC77")

    told = await known(anna, case_id)

    by_id = {one["case_id"]: one for one in told["cases"]}
    assert by_id.keys() == {str(earlier), str(of_plate), str(of_photo)}
    one = by_id[str(earlier)]
    assert (one["same_number"], one["same_plate"], one["same_photos"]) == (True, False, [])
    assert (one["is_open"], one["verdict"], one["decided_at"]) == (
        False,
        "forgery_signs",
        "2026-03-02T12:00:00Z",
    )
    one = by_id[str(of_plate)]
    assert (one["same_number"], one["same_plate"], one["identifier"]) == (False, True, "SAL 1A2A40 SA606663")
    assert (one["is_open"], one["verdict"]) == (True, None)
    [same] = by_id[str(of_photo)]["same_photos"]
    assert same["evidence_id"] == str((await desk.full(case_id)).evidence[0].evidence_id)
    assert same["other_id"] == str((await desk.full(of_photo)).evidence[0].evidence_id)
    assert same["other_id"] in same["preview"]
    assert [coverage(told)[name] for name in ("cases_by_number", "cases_by_plate", "same_photo")] == [
        "data"
    ] * 3


async def test_what_is_erased_says_nothing(desk: Desk, anna: Caller) -> None:
    seen = "ab" * 32
    cases = [await opened(desk, f"A-000000{n}", sha256=seen, plate="A123BC77") for n in range(3)]
    for erased in cases[:2]:
        await desk.hear(cabinet.InspectionErasedV1(inspection_id=erased, erased_at=START))

    assert (await known(anna, cases[2]))["cases"] == []
    # Two that are erased have the same marks in place of everything.
    told = await known(anna, cases[0])
    assert (told["cases"], told["decode"], coverage(told)["cases_by_number"]) == ([], None, "declined")


async def test_a_number_that_no_car_has_is_not_looked_for(desk: Desk, anna: Caller) -> None:
    _, case_id = [await opened(desk, f"A-000000{n}", "1" * 17) for n in range(2)]

    told = await known(anna, case_id)

    assert (told["cases"], coverage(told)["cases_by_number"]) == ([], "declined")


async def test_it_costs_four_statements_however_much_is_known(desk: Desk) -> None:
    *_, case_id = [await opened(desk, f"A-000000{n}", sha256="ab" * 32, plate="A123BC77") for n in range(4)]

    with statements_sent() as sent:
        async with desk.ports.backbone.database.reading() as session:
            told = await queries.known(session, case_id)

    assert told is not None
    assert len(told.others) == 3
    assert len(sent) == 4  # for whom is said with BEGIN


async def test_of_no_case_nothing_is_known(anna: Caller) -> None:
    assert problem(await anna.get(f"/cases/{uuid4()}/known")) == (404, "not_found")
