"""What sources know of the vehicle of a case, by the numbers of its claim."""

from dataclasses import replace
from uuid import UUID, uuid4

import httpx
import pytest

from bpa_service.experts.domain import Role
from bpa_service.vehicles.enquiries.answers import written
from bpa_service.vehicles.enquiries.models import VehicleEnquiry
from bpa_service.vehicles.records import as_json
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.record import Record
from service_kit.ids import new_id
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.records import CoverageState, Kind
from shared_schemas.words import IdentifierKind
from tests.factories.vehicle_records import AS_OF, record
from tests.service.cases.caller import Caller
from tests.service.cases.conftest import Desk, submitted
from tests.support.experts import sign_in

VIN = "XTA21144094700001"


@pytest.fixture
async def anna(bpa_api: httpx.AsyncClient, desk: Desk) -> Caller:
    return Caller(bpa_api, await sign_in(desk.ports, Role.EXPERT, "anna"))


async def test_the_numbers_of_the_claim_are_looked_up(desk: Desk, anna: Caller) -> None:
    claim = VehicleClaim(
        identifier_kind=IdentifierKind.VIN, identifier=VIN, plate="A123BC77", make="Mercedes", year=2009
    )
    fact = submitted().model_copy(update={"claim": claim})
    await desk.hear(fact)

    told = (await anna.get(f"/cases/{fact.inspection_id}/vehicle")).json()

    assert [(one["name"], one["value"], one["country"]) for one in told["names"]] == [
        ("vin", VIN, ""),
        ("body", VIN, ""),
        ("chassis", VIN, ""),
        ("plate", "A123BC77", "RU"),
    ]
    assert told["decode"]["contradicts"] == ["make"]
    assert told["count"] == 0
    assert {one["state"] for block in told["blocks"] for one in block["coverage"]} == {"not_covered"}


async def test_a_claim_without_a_proper_number_finds_nothing_and_says_so(desk: Desk, anna: Caller) -> None:
    claim = VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier="XTA2114409470", as_seen=True)
    fact = submitted().model_copy(update={"claim": claim})
    await desk.hear(fact)

    told = (await anna.get(f"/cases/{fact.inspection_id}/vehicle")).json()

    assert (told["names"], told["decode"], told["count"]) == ([], None, 0)


def enquiry(case_id: UUID, state: CoverageState | None, *records: Record) -> VehicleEnquiry:
    """What one source was asked for a case, by its plate; without a state it has not answered yet."""
    block = Coverage("rdw", Kind.DESCRIPTION, state or CoverageState.RUNNING, asked_at=AS_OF, as_of=AS_OF)
    return VehicleEnquiry(
        id=new_id(),
        case_id=case_id,
        source="rdw",
        name="plate",
        value="AB123C",
        country="",
        put_at=AS_OF,
        gives_up_at=AS_OF,
        due_at=None if state else AS_OF,
        answered_at=AS_OF if state else None,
        asked_at=AS_OF if state else None,
        coverage=[written(replace(block, count=len(records)))] if state else [],
        records=[as_json.written(one) for one in records],
    )


async def answered(desk: Desk, state: CoverageState | None, *records: Record) -> UUID:
    """A case whose source has answered so."""
    claim = VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier=VIN, plate="AB123C")
    fact = submitted().model_copy(update={"claim": claim})
    await desk.hear(fact)
    async with desk.ports.backbone.database.writing() as session:
        session.add(enquiry(fact.inspection_id, state, *records))
    return fact.inspection_id


async def test_what_sources_answered_is_told_beside_what_files_have(desk: Desk, anna: Caller) -> None:
    said = record(Kind.DESCRIPTION, source="rdw", vin="", plate="AB123C", make="OPEL", asked_at=AS_OF)
    case_id = await answered(desk, CoverageState.DATA, said)

    told = (await anna.get(f"/cases/{case_id}/vehicle")).json()

    blocks = {block["kind"]: block for block in told["blocks"]}
    [entry] = told["entries"]
    assert (entry["source"], entry["make"]) == ("rdw", "OPEL")
    assert blocks["description"]["entries"] == [entry["id"]]
    asked = [one for one in blocks["description"]["coverage"] if one["source"] == "rdw"]
    assert [(one["state"], one["asked_at"] is not None) for one in asked] == [("data", True)]
    # The other source that can be asked was not turned on, and says so.
    others = [one for one in blocks["inspection"]["coverage"] if one["source"] == "dvsa_mot_api"]
    assert {one["reason"] for one in others} == {"not_configured"}


@pytest.mark.parametrize(
    ("state", "registers"),
    [
        (CoverageState.DATA, "data"),
        (CoverageState.EMPTY, "empty"),
        (CoverageState.FAILED, "not_asked"),
        (CoverageState.NOT_COVERED, "not_asked"),
        (None, "not_asked"),  # it has not answered yet
    ],
)
async def test_what_is_known_of_a_car_says_what_sources_answered(
    desk: Desk, anna: Caller, state: CoverageState | None, registers: str
) -> None:
    case_id = await answered(desk, state)

    told = (await anna.get(f"/cases/{case_id}/known")).json()
    drawn = (await anna.get(f"/cases/{case_id}/graph")).json()

    # One rule for both: files of sources are not there.
    assert {one["source"]: one["state"] for one in told["coverage"]}["registers"] == registers
    assert drawn["registers"] == registers


async def test_of_a_car_without_a_number_no_register_can_be_asked(desk: Desk, anna: Caller) -> None:
    fact = submitted()
    claim = fact.claim.model_copy(update={"identifier": "11111111111111111", "plate": None})
    await desk.hear(fact.model_copy(update={"claim": claim}))

    told = (await anna.get(f"/cases/{fact.inspection_id}/known")).json()
    drawn = (await anna.get(f"/cases/{fact.inspection_id}/graph")).json()

    assert {one["source"]: one["state"] for one in told["coverage"]}["registers"] == "declined"
    assert drawn["registers"] == "declined"


async def test_there_is_no_vehicle_of_no_case(anna: Caller) -> None:
    assert (await anna.get(f"/cases/{uuid4()}/vehicle")).status_code == 404
