"""Whether a number lies in the range of a recall: as real recalls print them, and whatever the number."""

import csv
from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.vehicles.history.ranges import Applied, Fit, InRange, WhyMay, applies, in_ranges
from bpa_service.vehicles.records.ranges import Range
from bpa_service.vehicles.records.record import Record
from shared_schemas.records import Kind
from shared_schemas.vin import ALPHABET, LENGTH, is_well_formed
from tests.factories.vehicle_records import record
from tests.support.vehicle_files import REAL_FILES, outcome_of

YES, NO = Applied(Fit.YES), Applied(Fit.NO)
HIDDEN, VERSIONS, BUILT = WhyMay.HIDDEN, WhyMay.VERSIONS, WhyMay.BUILT


def may(*why: WhyMay) -> Applied:
    return Applied(Fit.MAY, why)


def recall(first: str, last: str, *, built_from: str = "", built_to: str = "", **more: Any) -> Record:
    days = {name: day for name, day in (("built_from", built_from), ("built_to", built_to)) if day}
    stated: dict[str, Any] = {
        "vin": "",
        "vin_from": first,
        "vin_to": last,
        "attributes": days,
        "source": "recalls_uk",
        **more,
    }
    return record(Kind.RECALL, **stated)


def within(first: str, last: str, **days: str) -> Range:
    found = Range.of(recall(first, last, **days))
    assert found is not None
    return found


ASX: Final = within("JMAXJGA6WBZ400101", "JMAXJGA6WCZ000869", built_from="2010-04-19", built_to="2012-06-27")
MAZDA: Final = within("JMZGG******100113", "JMZGG******169924")
DISCOVERY: Final = within("SALLAAA345A000001", "SALLAAA149A513325")
PEUGEOT: Final = within(
    "VF3******GT174225", "VF3******GS210463", built_from="2016-05-15", built_to="2016-10-12"
)
CITROEN: Final = within(
    "VF7******AZ025918", "VF7******AZ030421", built_from="2010-02-24", built_to="2010-05-27"
)
RENAULT: Final = within("VF11FL10250257069", "VF14FL00351759546")


@pytest.mark.parametrize(
    ("vin", "range_", "years", "says"),
    [
        pytest.param("JMAXJGA6WBZ400101", ASX, {2011}, YES, id="the first"),
        pytest.param("JMAXJGA6WCZ000869", ASX, {2012}, YES, id="the last"),
        pytest.param("JMAXJGA6WBZ999999", ASX, {2012}, YES, id="of its first year"),
        pytest.param("JMAXJGA6WBZ400100", ASX, {2011}, NO, id="one before"),
        pytest.param("JMAXJGA6WCZ000870", ASX, {2012}, NO, id="one after"),
        pytest.param("JMAXJGA6WDZ400101", ASX, {2013}, NO, id="of a later year"),
        pytest.param("JMAXJGA6WBZ500000", ASX, (), YES, id="of no year that is known"),
        pytest.param("JMAXJGA6WBZ500000", ASX, {2019}, may(BUILT), id="number and year do not agree"),
        pytest.param("JMAXJGA6ZBZ500000", ASX, {2011}, may(VERSIONS), id="another mark at 9"),
        pytest.param("JMAXJGA5WBZ500000", ASX, {2011}, NO, id="another descriptor"),
        pytest.param("JMBXJGA6WBZ500000", ASX, {2011}, NO, id="another maker"),
        pytest.param("SALLAAA347A100000", DISCOVERY, (), YES, id="of the version of one end"),
        pytest.param("SALLAAA347H100000", DISCOVERY, (), may(VERSIONS), id="of another plant"),
        pytest.param("VF12FL20250999999", RENAULT, (), may(VERSIONS), id="of a version between"),
        pytest.param("VF11FL10251000000", RENAULT, (), YES, id="one count of eight figures"),
        pytest.param("VF11FL10751000000", RENAULT, (), YES, id="whatever its check digit"),
        pytest.param("JMZGG12R621123456", MAZDA, (), may(HIDDEN), id="hidden"),
        pytest.param("JMZGG12R621100113", MAZDA, (), may(HIDDEN), id="hidden, the first"),
        pytest.param("JMZGG12R621100112", MAZDA, (), NO, id="hidden, one before"),
        pytest.param("JMZGY12R621123456", MAZDA, (), NO, id="hidden, of another body"),
        pytest.param("VF7ABCDEFAZ028000", CITROEN, (), may(HIDDEN, BUILT), id="hidden and of days"),
        pytest.param(
            "VF7ABCDEFAZ028000", CITROEN, {2009, 2020}, may(HIDDEN), id="hidden, of a year that fits"
        ),
        pytest.param("VF7ABCDEFAZ028000", CITROEN, {2020}, NO, id="hidden, of another year"),
        pytest.param("VF3ABCDEFGT200000", PEUGEOT, {2016}, may(HIDDEN, VERSIONS), id="plants in no order"),
        pytest.param("VF3ABCDEFGS174225", PEUGEOT, {2016}, may(HIDDEN, VERSIONS), id="the other plant"),
        pytest.param("VF3ABCDEFGX200000", PEUGEOT, {2016}, NO, id="neither plant"),
        pytest.param("VF3ABCDEFFT200000", PEUGEOT, {2016}, NO, id="what both say before the plant"),
        pytest.param("VF3ABCDEFGT210464", PEUGEOT, {2016}, NO, id="plants in no order, one after"),
    ],
)
def test_a_number_lies_in_a_range_as_far_as_it_says(
    vin: str, range_: Range, years: set[int], says: Applied
) -> None:
    assert applies(vin, range_, years) == says


@pytest.mark.parametrize(
    ("first", "last", "vin"),
    [
        pytest.param(
            "WDC1569022J306707", "WDD2462432J426041", "WDC2049022J350000", id="of most cars of a maker"
        ),
        pytest.param("VF7**************", "VF7**************", "VF7ABCDEFAZ028000", id="without a serial"),
        pytest.param("JMZGG*********113", "JMZGG*********924", "JMZGG12R621123456", id="of three figures"),
        pytest.param("JMAXJGA6WBZ400200", "JMAXJGA6WBZ400100", "JMAXJGA6WBZ400150", id="the wrong way round"),
    ],
)
def test_what_would_fit_most_cars_is_said_of_none(first: str, last: str, vin: str) -> None:
    assert applies(vin, within(first, last)) == NO


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("", ""),
        ("740405", "872978"),
        ("JMAXJGA6WBZ400101", "872978"),
        ("JMZGG******100113", ""),
        ("HA3W-0000895", "HA3W-0001660"),
        ("SEG2230CR5BB152276", "SEG2230CR5BC16415"),
    ],
)
def test_ends_that_are_no_numbers_make_no_range(first: str, last: str) -> None:
    assert Range.of(recall(first, last)) is None


def test_one_whole_number_alone_is_a_range_of_itself() -> None:
    alone = within("JMAXJGA6WBZ400101", "")

    assert applies("JMAXJGA6WBZ400101", alone) == YES
    assert applies("JMAXJGA6WBZ400102", alone) == NO


def test_a_letter_that_no_number_has_says_nothing() -> None:
    typed = within("JTDKB20U##7000003".replace("#", "*"), "JTDKB2OU##7893861".replace("#", "*"))

    assert typed.last == "JTDKB2*U**7893861"
    assert applies("JTDKB20U407500000", typed) == may(HIDDEN)


VINS: Final = st.text(st.sampled_from(sorted(ALPHABET)), min_size=LENGTH, max_size=LENGTH)
YEARS: Final = st.frozensets(st.integers(1980, 2030), max_size=3)


@given(VINS.map(lambda vin: vin[:11] + "1" + "".join(str(ord(one) % 10) for one in vin[12:])), st.data())
def test_a_number_of_a_range_lies_in_it_and_hiding_makes_it_no_more_certain(
    vin: str, data: st.DataObject
) -> None:
    sure = Range(first=f"{vin[:11]}100000", last=f"{vin[:11]}199999")
    places = data.draw(st.sets(st.integers(3, 10), min_size=1, max_size=5))
    veiled = Range(
        first="".join("*" if place in places else one for place, one in enumerate(sure.first)),
        last="".join("*" if place in places else one for place, one in enumerate(sure.last)),
    )

    assert applies(vin, sure) == YES
    assert applies(vin, veiled).fit is not Fit.YES
    # Its own characters alone decide: with what the range hides, any other number says the same.
    other = "".join(
        data.draw(st.sampled_from("ABC123")) if place in places else one for place, one in enumerate(vin)
    )
    assert applies(other, veiled) == applies(vin, veiled)


@given(VINS, VINS, VINS, YEARS)
def test_whatever_is_said_is_said_with_its_reason(
    vin: str, first: str, last: str, years: frozenset[int]
) -> None:
    said = applies(vin, Range(first=first, last=last), years)

    assert bool(said.why) is (said.fit is Fit.MAY)
    if said.fit is not Fit.NO:
        assert vin[:3] in (first[:3], last[:3])


@given(VINS, YEARS, st.dates(date(1985, 1, 1), date(2025, 1, 1)))
def test_days_can_only_make_it_less_certain(vin: str, years: frozenset[int], day: date) -> None:
    for veil in (vin, f"{vin[:5]}******{vin[11:]}"):
        without = applies(vin, Range(first=veil, last=veil), years)
        built = applies(vin, Range(first=veil, last=veil, built_from=day, built_to=day), years)
        order = [Fit.NO, Fit.MAY, Fit.YES]
        assert order.index(built.fit) <= order.index(without.fit)


def test_the_certain_come_first_each_once_and_the_year_that_records_state_counts() -> None:
    vin = "VF7ABCDEFAZ028000"
    sure, hidden = recall(vin, "", day="2005-01-01"), recall(CITROEN.first, CITROEN.last, day="2010-06-01")
    dated = recall(CITROEN.first, CITROEN.last, built_from="2010-02-24", built_to="2010-05-27")
    found = in_ranges([vin, "JMAXJGA6WBZ400101", vin], [hidden, dated, sure], [record(year=2020)], 2026)

    assert found == [InRange(sure, Fit.YES, ()), InRange(hidden, Fit.MAY, (HIDDEN,))]


def test_what_is_certain_of_one_number_of_a_car_comes_before_what_may_be_of_another() -> None:
    sure = recall(DISCOVERY.first, DISCOVERY.last, day="2005-01-01")
    hidden = recall(CITROEN.first, CITROEN.last, day="2010-06-01")
    found = in_ranges(
        ["SALLAAA347H100000", "VF7ABCDEFAZ028000", "SALLAAA347A100000"], [hidden, sure], [], 2026
    )

    assert found == [InRange(sure, Fit.YES, ()), InRange(hidden, Fit.MAY, (HIDDEN,))]


@pytest.mark.parametrize(
    ("days", "entries", "says"),
    [
        pytest.param("2013-01-01", (), may(HIDDEN), id="the year that its number says"),
        pytest.param("2008-01-01", (), NO, id="another than its number says"),
        pytest.param("2008-01-01", (record(year=2008),), may(HIDDEN), id="a record says that year"),
        pytest.param("2008-01-01", (record(attributes={"first_registered": "2009-05-01"}),), may(HIDDEN)),
        pytest.param("2008-01-01", (record(attributes={"first_registered": "soon"}), record()), NO),
    ],
)
def test_the_year_is_that_of_its_number_or_of_any_record(
    days: str, entries: tuple[Record, ...], says: Applied
) -> None:
    hidden = recall("4T4BF***5DR275000", "4T4BF***5DR276000", built_from=days, built_to=days)

    found = in_ranges(["4T4BF1FK5DR275482"], [hidden], entries, 2026)

    assert [(one.fit, one.why) for one in found] == ([] if says == NO else [(says.fit, says.why)])


@pytest.mark.skipif(not REAL_FILES.is_dir(), reason="the real files are not here")
def test_of_real_recalls_each_holds_its_own_ends_and_few_hold_another_car() -> None:
    recalls = outcome_of(REAL_FILES / "recalls_uk/RecallsFileSmall.cp1252.csv", "recalls_uk").records
    read = [one for one in map(Range.of, recalls) if one is not None]
    ends = [(one.first.replace("*", "1"), one.last.replace("*", "1"), one) for one in read]
    held = [
        one for first, last, one in ends if Fit.NO not in (applies(first, one).fit, applies(last, one).fit)
    ]
    with (REAL_FILES / "vin/vin_truth.csv").open() as file:
        cars = {one["vin_or_frame"] for one in csv.DictReader(file) if is_well_formed(one["vin_or_frame"])}
    others = cars - {end for first, last, _ in ends for end in (first, last)}
    fits = [vin for vin in others if any(applies(vin, one).fit is not Fit.NO for one in read)]

    # Of 39 the ends are in no order, or have too little in common.
    assert (len(read), len(held)) == (299, 260)
    assert (len(others), fits) == (322, ["WVGZZZ7PZCD012726"])
