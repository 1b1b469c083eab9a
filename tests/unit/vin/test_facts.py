"""What a VIN says of itself: check digit, model years, region."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schemas import vin
from shared_schemas.vin import Region
from shared_schemas.vin.codes import Basis, CheckRule, Plant
from shared_schemas.vin.curated import CURATED, GIVEN
from shared_schemas.vin.facts import Confidence, ModelYear, facts
from shared_schemas.vin.listed import LISTED
from shared_schemas.vin.makers import code_of, is_given
from shared_schemas.vin.names import makes_named

vins = st.text(sorted(vin.ALPHABET), min_size=17, max_size=17)


@pytest.mark.parametrize(
    ("number", "digit"),
    [
        ("11111111111111111", "1"),  # the example of 49 CFR 565
        ("1M8GDM9AXKP042788", "X"),
        ("1HGCM82633A004352", "3"),
        ("5GZCZ43D13S812715", "1"),
        ("LJCPCBLCX11000237", "X"),  # China
    ],
)
def test_check_digit_of_real_vins_fits(number: str, digit: str) -> None:
    check = facts(number, this_year=None).check_digit
    assert (check.found, check.fits, check.mandatory) == (digit, True, True)


@given(vins)
def test_vin_made_with_its_check_digit_always_fits(number: str) -> None:
    made = number[:8] + vin.compute_check_digit(number) + number[9:]
    assert vin.fits_check_digit(made)


@given(vins, st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_in_a_row_of_digits_is_always_noticed(number: str, place: int, digit: str) -> None:
    right = number[:8] + vin.compute_check_digit(number) + number[9:]
    wrong = right[:place] + digit + right[place + 1 :]
    if right[place].isdigit() and digit != right[place]:
        assert not vin.fits_check_digit(wrong)


@pytest.mark.parametrize(("one", "other"), ["2S", "1J", "1A", "4U", "4D", "7P", "9R", "8Y"])
def test_twins_that_weigh_the_same_pass(one: str, other: str) -> None:
    number = "1HGCM82633A004352"
    assert vin.compute_check_digit(number.replace("A", one)) == vin.compute_check_digit(
        number.replace("A", other)
    )


@pytest.mark.parametrize(
    ("start", "region", "mandatory"),
    [
        ("WVW", Region.EUROPE, False),
        ("XTA", Region.EUROPE, False),
        ("Z94", Region.EUROPE, False),
        ("JTM", Region.ASIA, False),
        ("KMH", Region.ASIA, False),
        ("LVV", Region.ASIA, True),
        ("HJR", Region.ASIA, True),
        ("EDX", Region.EUROPE, False),
        ("AHT", Region.AFRICA, False),
        ("1FA", Region.NORTH_AMERICA, True),
        ("3VW", Region.NORTH_AMERICA, True),
        ("7SA", Region.NORTH_AMERICA, True),
        ("7A3", Region.OCEANIA, False),
        ("6F5", Region.OCEANIA, False),
        ("9BW", Region.SOUTH_AMERICA, False),
    ],
)
def test_region_decides_whether_a_check_digit_is_demanded(
    start: str, region: Region, mandatory: bool
) -> None:
    known = facts(start + "0" * 14, this_year=2026)
    assert (known.region, known.check_digit.mandatory) == (region, mandatory)


def test_north_american_cycle_of_cars_is_told_by_position_seven() -> None:
    assert facts("1HGCM82633A004352", this_year=2026).model_years == (ModelYear(2003, 10, Confidence.LIKELY),)
    assert facts("5UXWX9C58F0D45921", this_year=2026).model_years == (
        ModelYear(2015, 10, Confidence.LIKELY),
        ModelYear(1985, 10, Confidence.UNLIKELY),
    )


@pytest.mark.parametrize("number", ["1M8GDM9AXKP042788", "1XKWD49X4HJ458598", "1HD1KEF14HB612345"])
def test_position_seven_of_buses_trucks_and_motorcycles_says_nothing(number: str) -> None:
    made = number[:8] + vin.compute_check_digit(number) + number[9:]
    candidates = facts(made, this_year=2026).model_years
    assert [one.confidence for one in candidates] == [Confidence.POSSIBLE, Confidence.POSSIBLE]


def test_elsewhere_position_seven_says_nothing_of_the_year() -> None:
    with_letter, with_digit = "WVWZZZAAZRW000001", "WVWZZZ1AZRW000001"
    years = facts(with_letter, this_year=2026).model_years
    assert years == facts(with_digit, this_year=2026).model_years
    assert years == (ModelYear(2024, 10, Confidence.POSSIBLE), ModelYear(1994, 10, Confidence.POSSIBLE))


def test_a_year_is_likely_only_where_its_place_is_known() -> None:
    (known,) = facts("WVWZZZ1JZYW000001", this_year=2026).model_years
    (unknown,) = facts("YV1RS61R0Y2000001", this_year=2026).model_years
    assert (known.year, known.confidence) == (2000, Confidence.LIKELY)
    assert (unknown.year, unknown.confidence) == (2000, Confidence.POSSIBLE)


def test_years_to_come_are_left_out() -> None:
    def years(number: str) -> list[int]:
        return [one.year for one in facts(number, this_year=2026).model_years]

    assert years("WVWZZZ1JZ3W000001") == [2003]
    assert years("WVWZZZ1JZVW000001") == [2027, 1997]
    assert years("WVWZZZ1JZWW000001") == [1998]
    assert facts("WVWZZZ1JZ3W000001", this_year=None).model_years == ()


@pytest.mark.parametrize("number", ["WBAVB13500PT12345", "JTEBU29J005012345", "WVWZZZ1JZUW000001"])
def test_no_year_is_made_up_where_the_maker_put_none(number: str) -> None:
    assert facts(number, this_year=2026).model_years == ()


@pytest.mark.parametrize(
    ("number", "what"),
    [
        ("WDD2042071F176051", "Mercedes-Benz: the steering side"),
        ("VF1RFB00257166048", "Renault"),
        ("Z8NAJL10055242528", "Nissan of Togliatti"),
        ("JMZGG128271671812", "Mazda of Europe"),
        ("WMAH17ZZ05W059888", "MAN"),
        ("X89200000C0DM1234", "a maker of few cars"),
    ],
)
def test_what_is_no_year_is_not_read_as_one(number: str, what: str) -> None:
    known = facts(number, this_year=2026)
    assert (known.model_years, known.year_is_known) == ((), False), what


@pytest.mark.parametrize("maker", ["WF0", "X9F", "Z6F"])
def test_european_ford_has_its_year_at_eleven(maker: str) -> None:
    newest, *_ = facts(maker + "AXXWPMAED12345", this_year=2026).model_years
    assert (newest.year, newest.position) == (2014, 11)


def test_small_maker_goes_on_in_the_serial() -> None:
    assert facts("X89200000C0DM1234", this_year=2026).maker == "X89DM1"
    assert facts("XTA21099043576891", this_year=2026).maker == "XTA"


def test_what_is_no_vin_is_not_well_formed() -> None:
    assert vin.is_well_formed("1HGCM82633A004352")
    assert not any(map(vin.is_well_formed, ("", "1HGCM82633A00435", "1HGCM82633A00435O", "SV30-0169266")))


@pytest.mark.parametrize(
    ("number", "rule", "mandatory"),
    [
        ("1HGCM82633A004352", CheckRule.MANDATED, True),
        ("HJRPBGFB1RB168432", CheckRule.MANDATED, True),
        ("X4X3A59450J024854", CheckRule.COMPUTED, False),
        ("Z94CT41CBCR134064", CheckRule.NONE, False),
        ("XW8CK41Z3CK256092", CheckRule.UNKNOWN, False),
        ("WVWZZZ1JZ3W386752", CheckRule.UNKNOWN, False),
    ],
)
def test_what_position_nine_is_follows_of_the_law_or_the_plant(
    number: str, rule: CheckRule, mandatory: bool
) -> None:
    digit = facts(number, this_year=2026).check_digit
    assert (digit.rule, digit.mandatory) == (rule, mandatory)


def test_no_candidate_is_older_than_the_plant() -> None:
    (year,) = facts("Z94CB41BAHR446738", this_year=2026).model_years
    assert (year.year, year.confidence) == (2017, Confidence.LIKELY)
    assert (year.earliest, year.latest) == (2016, 2018)
    assert [one.year for one in facts("Z94CB41BAAR446738", this_year=2026).model_years] == [2010]
    assert [one.year for one in facts("Z94CB41BA9R446738", this_year=2026).model_years] == [2009]
    assert facts("Z94CB41BA8R446738", this_year=2026).model_years == ()


@pytest.mark.parametrize(
    ("number", "makes", "basis"),
    [
        ("X96330202B2412094", {"GAZ", "Mercedes-Benz", "Chevrolet"}, Basis.CURATED),
        ("SMTJ00HK5HT810001", {"Triumph"}, Basis.LISTED),
        ("YARVEEHZ5GZ001234", {"Toyota", "Lexus", "Scion", "Daihatsu"}, Basis.LIBRARY),
        ("KXHA51D0332000000", set[str](), Basis.NOTHING),
        ("X89200000C0DM1234", set[str](), Basis.NOTHING),
        # The library has them, and is not asked about these blocks.
        ("Z3B00000000000001", set[str](), Basis.NOTHING),
        ("00000000000000001", set[str](), Basis.NOTHING),
    ],
)
def test_whose_code_it_is_comes_from_the_best_that_knows(number: str, makes: set[str], basis: Basis) -> None:
    known = facts(number, this_year=2026)
    assert (known.makes, known.code.basis) == (makes, basis)
    assert bool(known.code.source) or basis is Basis.NOTHING


def test_what_is_disputed_or_only_in_the_library_is_not_certain() -> None:
    assert code_of("X96").is_certain
    assert code_of("SMT").is_certain
    assert not code_of("YAR").is_certain
    assert not code_of("EDX").is_certain
    assert not code_of("X89").is_certain


def test_every_row_says_whence_it_is_known_and_no_code_stands_twice() -> None:
    codes = [code for row in (*CURATED, *LISTED) for code in row.codes.split()]
    assert len(codes) == len(set(codes))
    assert all(len(code) == 3 and vin.ALPHABET.issuperset(code) for code in codes)
    assert all(row.source for row in (*CURATED, *LISTED))
    assert not GIVEN.intersection(codes)


@pytest.mark.parametrize(
    ("code", "given"),
    [("XTA", True), ("SDP", True), ("YAR", True), ("1G9", True), ("000", False), ("KXH", False)],
)
def test_whether_a_code_is_given_at_all(code: str, given: bool) -> None:
    assert is_given(code) is given


def test_a_vin_is_divided_as_the_standards_divide_it() -> None:
    known = facts("Z94CT41CBCR134064", this_year=2026)
    assert (known.maker, known.descriptor, known.serial) == ("Z94", "CT41C", "134064")
    assert known.plant is Plant.HYUNDAI_ST_PETERSBURG
    assert facts("X89200000C0DM1234", this_year=2026).serial == "234"


@pytest.mark.parametrize(
    ("text", "make"),
    [
        ("ВАЗ 2107", {"Lada"}),
        ("BAЗ21099", {"Lada"}),  # two of the letters are Latin
        ("АвтоВАЗ (Lada)", {"Lada"}),
        ("Range Rover Sport", {"Land Rover"}),
        ("мерседес-бенц", {"Mercedes-Benz"}),
        ("SKODA", {"Škoda"}),
        ("Škoda", {"Škoda"}),
        ("Rolls Royce", {"Rolls-Royce"}),
        ("Man Truck", {"MAN"}),
        ("a black one", set[str]()),
        ("", set[str]()),
    ],
)
def test_makes_are_known_by_the_names_that_people_write(text: str, make: set[str]) -> None:
    assert makes_named(text) == make


@given(vins, st.none() | st.integers(1980, 2027))
def test_whatever_is_well_formed_has_facts(number: str, this_year: int | None) -> None:
    known = facts(number, this_year=this_year)
    assert known.check_digit.computed in "0123456789X"
    assert known.check_digit.fits is vin.fits_check_digit(number)
    assert known == facts(number, this_year=this_year)
    for one in known.model_years:
        assert this_year is not None
        assert 1980 <= one.year <= this_year + 1
        assert vin.year_of(number[one.position - 1]) in {one.year, one.year - vin.CYCLE}
    likely = [one for one in known.model_years if one.confidence is Confidence.LIKELY]
    assert len(likely) <= 1
    assert known.year_is_known or not likely
