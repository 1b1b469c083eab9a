"""Experts see which sources were asked about a car, and ask one again."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import update

from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from bpa_service.vehicles.enquiries.models import VehicleEnquiry
from shared_schemas.words import IdentifierKind
from tests.service.cases.caller import Caller, problem
from tests.service.cases.conftest import Desk, submitted
from tests.support.delivery import waiting_work
from tests.support.experts import sign_in

PLATE: Final = "AB123C"


@pytest.fixture
def bpa_settings(bpa_settings: Settings) -> Settings:
    return bpa_settings.model_copy(update={"sources": ("rdw",), "enquiries_per_expert": "2/hour"})


@pytest.fixture
async def anna(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.EXPERT, "anna"))


async def opened(desk: Desk, identifier: str = PLATE, kind: IdentifierKind = IdentifierKind.PLATE) -> UUID:
    order = submitted()
    claim = order.claim.model_copy(update={"identifier_kind": kind, "identifier": identifier})
    fact = order.model_copy(update={"claim": claim})
    await desk.hear(fact, datetime.now(UTC))
    return fact.inspection_id


async def answered(desk: Desk) -> None:
    """As if every question had been answered: with nothing."""
    block = {"kind": "mileage", "state": "empty", "asked_at": None, "as_of": None, "count": 0, "reason": ""}
    now = datetime.now(UTC)
    async with desk.ports.backbone.database.writing() as session:
        await session.execute(
            update(VehicleEnquiry).values(
                due_at=None, answered_at=now, asked_at=now, tries=1, coverage=[block]
            )
        )


async def test_which_sources_were_asked_is_told_and_one_is_asked_again(desk: Desk, anna: Caller) -> None:
    case_id = await opened(desk)
    await answered(desk)
    told = (await anna.get(f"/cases/{case_id}/vehicle/enquiries")).json()
    assert told["sources"] == ["rdw"]
    (first,) = told["enquiries"]
    assert (first["source"], first["title"], first["asked_by"]) == ("rdw", "RDW Open Data", "plate")
    assert [(one["kind"], one["state"]) for one in first["blocks"]] == [("mileage", "empty")]
    assert await desk.claim(case_id, anna.expert, now=datetime.now(UTC))

    again = await anna.post(f"/cases/{case_id}/vehicle/enquiries", {"source": "rdw"}, key="once-more")

    assert again.status_code == 202
    newest, oldest = again.json()["enquiries"]
    assert oldest == first, "what was answered stays what it was"
    assert {one["state"] for one in newest["blocks"]} == {"running"}
    assert (await desk.trail(case_id))[-1] == "source_asked"
    assert len(await waiting_work(desk.ports.backbone)) == 2
    repeated = await anna.post(f"/cases/{case_id}/vehicle/enquiries", {"source": "rdw"}, key="once-more")
    assert repeated.json() == again.json()
    while_asked = await anna.post(f"/cases/{case_id}/vehicle/enquiries", {"source": "rdw"})
    assert len(while_asked.json()["enquiries"]) == 2, "it is being asked already"


async def test_what_cannot_be_asked_is_refused(desk: Desk, anna: Caller) -> None:
    case_id = await opened(desk)
    path = f"/cases/{case_id}/vehicle/enquiries"
    assert problem(await anna.post(path, {"source": "rdw"})) == (409, "case_not_held")
    await desk.claim(case_id, anna.expert, now=datetime.now(UTC))
    assert problem(await anna.post(path, {"source": "dvsa_mot_api"})) == (409, "source_not_asked")
    assert problem(await anna.post(path, {"source": "../rdw"})) == (422, "malformed_request")
    assert problem(await anna.post(path, {"source": "rdw"})) == (429, "too_many_requests")
    assert problem(await anna.get(f"/cases/{uuid4()}/vehicle/enquiries")) == (404, "not_found")


async def test_a_source_that_takes_no_number_of_the_car_is_not_asked(desk: Desk, anna: Caller) -> None:
    case_id = await opened(desk, "SAL1A2A40SA606662", IdentifierKind.VIN)
    await desk.claim(case_id, anna.expert, now=datetime.now(UTC))

    answer = await anna.post(f"/cases/{case_id}/vehicle/enquiries", {"source": "rdw"})

    assert problem(answer) == (409, "number_not_taken")
