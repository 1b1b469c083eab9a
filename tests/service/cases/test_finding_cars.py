"""Cases are found by a number of the car, in whatever spelling it is typed."""

import pytest

from bpa_service.cases.queue import queries
from service_kit.paging import Page
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import IdentifierKind
from tests.service.cases.conftest import START, Desk, submitted

VIN = VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier="XTA210990Y2766389", plate="A123BC77")
FRAME = VehicleClaim(identifier_kind=IdentifierKind.FRAME, identifier="SV30-0169266")
PLATE = VehicleClaim(identifier_kind=IdentifierKind.PLATE, identifier="K987TC166")
ODD = VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier="XTA21099OY276638", as_seen=True)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("XTA210990Y2766389", ["vin"]),
        ("хта 210990-у2766389", ["vin"]),
        ("VIN: XTA 210990 Y2766389.", ["vin"]),
        ("А123ВС77", ["vin"]),
        ("a 123 bc 77 RUS", ["vin"]),
        ("SV30-0169266", ["frame"]),
        ("sv30 0169266", ["frame"]),
        ("SV300169266", ["frame"]),
        ("к 987 тс 166", ["plate"]),
        ("K987TC166", ["plate"]),
        ("XTA21099OY276638", ["odd"]),
        ("XTA210990Y2766380", []),
        ("%", []),
        ("", []),
    ],
)
async def test_a_case_is_found_by_any_spelling_of_a_number_of_its_car(
    desk: Desk, typed: str, expected: list[str]
) -> None:
    for number, claim in {"vin": VIN, "frame": FRAME, "plate": PLATE, "odd": ODD}.items():
        await desk.hear(submitted(number).model_copy(update={"claim": claim}), START)
    async with desk.ports.backbone.database.reading() as session:
        found = await queries.history(session, Page(after=None, limit=10), identifier=typed)
    assert [case.number for case in found] == expected
