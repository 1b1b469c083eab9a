"""What the desk is told of a claim's VIN."""

from datetime import UTC, datetime

import pytest

from bpa_service.cases.core.claims import display, display_plate
from bpa_service.cases.viewing.schemas import AsSeenOut
from bpa_service.vehicles.lookup.decoding import VinDecode
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.vin.claims import DoubtCode, DoubtSeverity
from shared_schemas.vin.conclusions import ConclusionCode
from shared_schemas.vin.facts import Confidence
from shared_schemas.words import IdentifierKind

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def decode(identifier: str, *, make: str | None = None, year: int | None = None) -> VinDecode:
    claim = VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier=identifier, make=make, year=year)
    told = VinDecode.of(claim, NOW)
    assert told is not None
    return told


def test_each_year_goes_with_what_it_is_worth() -> None:
    told = decode("WVWZZZAAZRW000001", year=2019)
    assert [(one.year, one.confidence) for one in told.model_years] == [
        (2024, Confidence.POSSIBLE),
        (1994, Confidence.POSSIBLE),
    ]
    assert told.years == [2024, 1994]
    assert told.contradicts == ["year"]


def test_a_land_rover_that_is_said_to_be_a_lada_is_contradicted() -> None:
    told = decode("SALLAAA13AA510001", make="Лада", year=2003)
    assert told.makes == ["Land Rover"]
    assert told.contradicts == ["make"]


def test_nothing_is_said_of_a_maker_who_puts_something_else_there() -> None:
    told = decode("WDD2042071F176051", make="Mercedes", year=2008)
    assert (told.years, told.contradicts) == ([], [])


def test_a_number_sent_as_it_stands_says_what_is_odd_about_it() -> None:
    claim = VehicleClaim(identifier_kind=IdentifierKind.VIN, identifier="SAL1O2A40SA60666", as_seen=True)
    told = AsSeenOut.of(claim)
    assert told is not None
    assert (told.characters, told.expected) == (16, 17)
    assert [(one.character, one.position) for one in told.strange] == [("O", 5)]
    assert display(claim) == "SAL 1O2A40 SA60666"
    assert AsSeenOut.of(claim.model_copy(update={"as_seen": False})) is None


@pytest.mark.parametrize(
    ("kind", "identifier", "shown"),
    [
        (IdentifierKind.VIN, "SAL1A2A40SA606662", "SAL 1A2A40 SA606662"),
        (IdentifierKind.PLATE, "A123BC777", "А 123 ВС 777"),
        (IdentifierKind.FRAME, "SV30-0169266", "SV30-0169266"),
        (IdentifierKind.VIN, "[erased]", "[erased]"),
    ],
)
def test_numbers_are_shown_in_the_groups_of_their_kind(
    kind: IdentifierKind, identifier: str, shown: str
) -> None:
    claim = VehicleClaim(identifier_kind=kind, identifier=identifier, plate="A123BC77")
    assert display(claim) == shown
    assert display_plate(claim) == "А 123 ВС 77"


def test_each_conclusion_and_doubt_is_told_to_the_desk() -> None:
    told = decode("Z94CT41CBCR134064", make="Лада", year=2014)
    assert [one.code for one in told.conclusions] == [
        ConclusionCode.MAKER_SHARED,
        ConclusionCode.PLANT,
        ConclusionCode.CHECK_NONE,
        ConclusionCode.YEAR_LIKELY,
    ]
    assert [(one.code, one.severity) for one in told.doubts] == [
        (DoubtCode.OTHER_MAKES, DoubtSeverity.CONTRADICTION),
        (DoubtCode.OTHER_YEAR, DoubtSeverity.UNUSUAL),
    ]
    # Two years apart is unusual, and no contradiction.
    assert told.contradicts == ["make"]
