"""What a VIN says of itself: check digit, model years, region."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schemas import vin
from shared_schemas.vin import Confidence, ModelYear, Region

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
    check = vin.check_digit(number)
    assert (check.found, check.fits, check.mandatory) == (digit, True, True)


@given(vins)
def test_vin_made_with_its_check_digit_always_fits(number: str) -> None:
    made = number[:8] + vin.compute_check_digit(number) + number[9:]
    assert vin.check_digit(made).fits


@given(vins, st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_in_a_row_of_digits_is_always_noticed(number: str, place: int, digit: str) -> None:
    right = number[:8] + vin.compute_check_digit(number) + number[9:]
    wrong = right[:place] + digit + right[place + 1 :]
    if right[place].isdigit() and digit != right[place]:
        assert not vin.check_digit(wrong).fits


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
    facts = vin.facts(start + "0" * 14, this_year=2026)
    assert (facts.region, facts.check_digit.mandatory) == (region, mandatory)


def test_north_american_cycle_of_cars_is_told_by_position_seven() -> None:
    assert vin.model_years("1HGCM82633A004352", this_year=2026) == (ModelYear(2003, 10, Confidence.LIKELY),)
    assert vin.model_years("5YJ3E1EA2KF317000", this_year=2026) == (
        ModelYear(2019, 10, Confidence.LIKELY),
        ModelYear(1989, 10, Confidence.UNLIKELY),
    )


@pytest.mark.parametrize("number", ["1M8GDM9AXKP042788", "1XKWD49X4HJ458598", "1HD1KEF14HB612345"])
def test_position_seven_of_buses_trucks_and_motorcycles_says_nothing(number: str) -> None:
    made = number[:8] + vin.compute_check_digit(number) + number[9:]
    candidates = vin.model_years(made, this_year=2026)
    assert [one.confidence for one in candidates] == [Confidence.POSSIBLE, Confidence.POSSIBLE]


def test_elsewhere_position_seven_says_nothing_of_the_year() -> None:
    with_letter, with_digit = "WVWZZZAAZRW000001", "WVWZZZ1AZRW000001"
    years = vin.model_years(with_letter, this_year=2026)
    assert years == vin.model_years(with_digit, this_year=2026)
    assert years == (ModelYear(2024, 10, Confidence.POSSIBLE), ModelYear(1994, 10, Confidence.POSSIBLE))


def test_a_year_is_likely_only_where_its_place_is_known() -> None:
    (known,) = vin.model_years("WVWZZZ1JZYW000001", this_year=2026)
    (unknown,) = vin.model_years("YV1RS61R0Y2000001", this_year=2026)
    assert (known.year, known.confidence) == (2000, Confidence.LIKELY)
    assert (unknown.year, unknown.confidence) == (2000, Confidence.POSSIBLE)


def test_years_to_come_are_left_out() -> None:
    def years(number: str) -> list[int]:
        return [one.year for one in vin.model_years(number, this_year=2026)]

    assert years("WVWZZZ1JZ3W000001") == [2003]
    assert years("WVWZZZ1JZVW000001") == [2027, 1997]
    assert years("WVWZZZ1JZWW000001") == [1998]
    assert vin.facts("WVWZZZ1JZ3W000001", this_year=None).model_years == ()


@pytest.mark.parametrize("number", ["WBAVB13500PT12345", "JTEBU29J005012345", "WVWZZZ1JZUW000001"])
def test_no_year_is_made_up_where_the_maker_put_none(number: str) -> None:
    assert vin.model_years(number, this_year=2026) == ()


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
    known = vin.facts(number, this_year=2026)
    assert known.model_years == (), what
    assert not any(vin.speaks_against(known, year) for year in range(1980, 2028)), what


@pytest.mark.parametrize("maker", ["WF0", "X9F", "Z6F"])
def test_european_ford_has_its_year_at_eleven(maker: str) -> None:
    years = vin.model_years(maker + "AXXWPMA8D12345", this_year=2026)
    assert [(year.year, year.position) for year in years] == [(2008, 11)]


def test_small_maker_goes_on_in_the_serial() -> None:
    assert vin.facts("X89200000C0DM1234", this_year=2026).maker == "X89DM1"
    assert vin.facts("XTA21099043576891", this_year=2026).maker == "XTA"


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        ("1HGCM82633A004352", 2003, False),
        ("1HGCM82633A004352", 2004, False),
        ("1HGCM82633A004352", 2006, True),
        ("1HGCM82633A004352", None, False),
        ("WBA00000000000000", 2020, False),
    ],
)
def test_a_year_is_contradicted_only_beyond_one_either_way(
    text: str, year: int | None, expected: bool
) -> None:
    assert vin.speaks_against(vin.facts(text, this_year=2026), year) is expected


@given(vins, st.integers(1980, 2027))
def test_a_year_that_the_vin_may_mean_is_never_contradicted(number: str, this_year: int) -> None:
    known = vin.facts(number, this_year=this_year)
    for candidate in known.model_years:
        assert candidate.year <= this_year + 1
        for said in (candidate.year - 1, candidate.year, candidate.year + 1):
            assert not vin.speaks_against(known, said)


@given(vins, st.integers(1960, 2030))
def test_of_codes_that_nothing_is_known_of_nothing_is_said(number: str, year: int) -> None:
    unknown = "KX" + number[2:]
    assert not vin.speaks_against(vin.facts(unknown, this_year=2026), year)


def test_a_misfit_of_the_check_digit_says_that_the_year_may_be_mistyped_too() -> None:
    assert vin.speaks_against(vin.facts("1HGCM82633A004352", this_year=2026), 2010)
    assert not vin.speaks_against(vin.facts("1HGCM82643A004352", this_year=2026), 2010)


@pytest.mark.parametrize(
    ("number", "make", "expected"),
    [
        ("SALLAAA13AA510001", "Lada", True),
        ("SALLAAA13AA510001", "ВАЗ 2107", True),
        ("SALLAAA13AA510001", "Range Rover Sport", False),
        ("SALLAAA13AA510001", "a black one", False),
        ("SALLAAA13AA510001", None, False),
        ("XTA21099043576891", "BAЗ21099", False),  # two of the letters are Latin
        ("XTA21099043576891", "АвтоВАЗ (Lada)", False),
        ("XTA21099043576891", "Мерседес", True),
        ("WDD2042071F176051", "Mercedes Benz", False),
        ("WDD2042071F176051", "мерседес-бенц", False),
        ("WVWZZZ1JZ3W386752", "vw", False),
        ("XW8ZZZ16ZEN900156", "Шкода", False),
        ("TMBMS46Y513000090", "SKODA", False),
        ("TMBMS46Y513000090", "Škoda", False),
        ("Z94CB41BAHR446738", "Киа", False),
        ("Z94CB41BAHR446738", "Hyundai", False),
        ("XWFFN9E51D0000078", "Cadillac", False),
        ("KXHA51D0332000000", "Lada", False),  # nobody knows whose code it is
    ],
)
def test_a_make_is_contradicted_only_where_the_makes_of_the_code_are_known(
    number: str, make: str | None, expected: bool
) -> None:
    assert vin.speaks_against_make(vin.facts(number, this_year=2026), make) is expected


def test_what_is_no_vin_is_not_well_formed() -> None:
    assert vin.is_well_formed("1HGCM82633A004352")
    assert not any(map(vin.is_well_formed, ("", "1HGCM82633A00435", "1HGCM82633A00435O", "SV30-0169266")))
