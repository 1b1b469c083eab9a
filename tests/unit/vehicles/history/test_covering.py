"""What the silence of imported files says: nothing, unless they could have known this vehicle."""

from datetime import UTC, datetime

import pytest

from bpa_service.vehicles.history.covering import Why, coverage_of_files
from bpa_service.vehicles.history.ranges import Fit, InRange, WhyMay
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.records.coverage import Coverage
from bpa_service.vehicles.records.record import Identifier, IdentifierName, Record
from shared_schemas.records import CoverageState, Kind
from tests.factories.vehicle_records import AS_OF, VIN, record

PUBLISHED = datetime(2026, 6, 1, tzinfo=UTC)
EMPTY, NOT_COVERED, DATA = CoverageState.EMPTY, CoverageState.NOT_COVERED, CoverageState.DATA


def by(name: IdentifierName, value: str = VIN, country: str = "") -> Identifier:
    return Identifier(name, value, country)


def block(
    source: str,
    kind: Kind,
    *names: Identifier,
    published: bool = True,
    records: tuple[Record, ...] = (),
    ranges: tuple[InRange, ...] = (),
    unavailable: Why | None = None,
) -> Coverage:
    found = coverage_of_files(
        [catalogue.mapping(source)],
        {source: PUBLISHED} if published else {},
        names or [by("vin")],
        records,
        ranges=ranges,
        unavailable=unavailable,
    )
    [only] = [one for one in found if one.kind is kind]
    return only


def test_a_source_that_could_know_the_car_and_says_nothing_is_empty_as_of_its_files() -> None:
    found = block("opencars_wanted", Kind.WANTED)

    assert found == Coverage("opencars_wanted", Kind.WANTED, EMPTY, as_of=PUBLISHED, reason=Why.PARTIAL)


def test_what_was_found_is_data() -> None:
    sale = record(Kind.AUCTION, source="us_auctions")

    found = block("us_auctions", Kind.AUCTION, records=(sale,))

    assert found == Coverage("us_auctions", Kind.AUCTION, DATA, as_of=AS_OF, count=1)


@pytest.mark.parametrize(
    ("source", "kind", "name", "why"),
    [
        pytest.param(
            "dvsa_mot_bulk", Kind.INSPECTION, by("vin"), Why.OTHER_NAMES, id="has neither VIN nor plate"
        ),
        pytest.param(
            "recalls_uk", Kind.RECALL, by("frame"), Why.OTHER_NAMES, id="a frame number is in no range"
        ),
        pytest.param(
            "us_auctions", Kind.AUCTION, by("plate", "A1"), Why.OTHER_NAMES, id="has VINs, and no plates"
        ),
        pytest.param(
            "histovec", Kind.PLEDGE, by("vin"), Why.NUMBERS_HIDDEN, id="hides characters of its VINs"
        ),
        pytest.param(
            "opencars_wanted",
            Kind.WANTED,
            by("plate", "A1", "RU"),
            Why.OTHER_COUNTRY,
            id="a plate from abroad",
        ),
    ],
)
def test_the_silence_of_a_source_that_could_not_know_the_car_says_nothing(
    source: str, kind: Kind, name: Identifier, why: Why
) -> None:
    found = block(source, kind, name)

    assert (found.state, found.reason, found.as_of) == (NOT_COVERED, why, PUBLISHED)


def test_of_several_names_one_is_enough() -> None:
    assert block("opencars_wanted", Kind.WANTED, by("plate", "A1", "RU"), by("vin")).state is EMPTY
    assert block("opencars_wanted", Kind.WANTED, by("frame", "ABC1234567")).state is EMPTY


def test_a_source_of_which_nothing_was_imported_is_not_covered() -> None:
    found = block("us_auctions", Kind.AUCTION, published=False)

    assert found == Coverage("us_auctions", Kind.AUCTION, NOT_COVERED, reason=Why.NEVER_IMPORTED)


@pytest.mark.parametrize("why", [Why.STORE_AWAY, Why.STORE_SLOW])
def test_a_store_that_does_not_answer_is_not_covered_now(why: Why) -> None:
    found = block("us_auctions", Kind.AUCTION, unavailable=why)

    assert (found.state, found.reason) == (NOT_COVERED, why)


@pytest.mark.parametrize(
    ("judgement", "state", "reason"),
    [
        ("logical", DATA, "judged_logical"),
        ("illogical", DATA, "judged_illogical"),
        ("declined", CoverageState.DECLINED, ""),
        ("never_registered", NOT_COVERED, "never_registered"),
    ],
)
def test_what_a_source_thinks_of_mileages_is_four_different_answers(
    judgement: str, state: CoverageState, reason: str
) -> None:
    said = record(Kind.DESCRIPTION, source="rdw", attributes={"mileage_judgement": judgement})

    found = block("rdw", Kind.MILEAGE, by("plate", "A1", "NL"), records=(said,))

    assert (found.state, found.reason) == (state, reason)


def test_no_source_of_files_is_left_out() -> None:
    sources = [catalogue.mapping(name) for name in catalogue.names()]

    found = coverage_of_files(sources, {}, [by("vin")], ())

    assert {one.source for one in found} == {one.name for one in sources if one.asking is None}
    assert all(one.state is NOT_COVERED for one in found)


RECALL = record(Kind.RECALL, source="recalls_uk", vin="", vin_from=VIN, vin_to=VIN)
PERHAPS = InRange(record(Kind.RECALL, source="recalls_uk", vin=""), Fit.MAY, (WhyMay.HIDDEN,))


@pytest.mark.parametrize(
    ("ranges", "count", "why"),
    [
        ((InRange(RECALL, Fit.YES, ()), PERHAPS), 2, Why.IN_RANGE),
        ((PERHAPS,), 1, Why.PERHAPS_IN_RANGE),
    ],
)
def test_a_number_in_a_range_is_data_and_says_how_certain(
    ranges: tuple[InRange, ...], count: int, why: Why
) -> None:
    found = block("recalls_uk", Kind.RECALL, ranges=ranges)

    assert found == Coverage("recalls_uk", Kind.RECALL, DATA, as_of=AS_OF, count=count, reason=why)


def test_a_source_of_ranges_is_never_empty_since_not_all_it_tells_of_has_one() -> None:
    found = block("recalls_uk", Kind.RECALL)

    assert found == Coverage("recalls_uk", Kind.RECALL, NOT_COVERED, as_of=PUBLISHED, reason=Why.BY_RANGES)
