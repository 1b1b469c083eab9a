"""What of a claim does not agree with a VIN, and how much that weighs: no honest car is accused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schemas import vin
from shared_schemas.vin.claims import Claim, ClaimPart, Document, Doubt, DoubtCode, DoubtSeverity, doubts
from shared_schemas.vin.facts import facts

ACCORD = "1HGCM82623A123456"  # Honda, 2003
VINS = st.text(sorted(vin.ALPHABET), min_size=17, max_size=17)


def with_digit(number: str) -> str:
    return number[:8] + vin.compute_check_digit(number) + number[9:]


def found(number: str, **claim: object) -> list[tuple[DoubtCode, DoubtSeverity]]:
    known = facts(number, this_year=2026)
    return [(doubt.code, doubt.severity) for doubt in doubts(known, Claim(**claim))]  # pyright: ignore[reportArgumentType]  # fields by name


def test_the_car_of_these_tests_is_one() -> None:
    assert vin.fits_check_digit(with_digit(ACCORD))
    assert found(with_digit(ACCORD), make="Honda", model="Accord", year=2003) == []


@pytest.mark.parametrize(
    ("year", "severity"),
    [
        (None, None),
        (2002, None),
        (2004, None),
        (2001, DoubtSeverity.UNUSUAL),
        (2005, DoubtSeverity.UNUSUAL),
        (2000, DoubtSeverity.CONTRADICTION),
        (2006, DoubtSeverity.CONTRADICTION),
    ],
)
def test_a_year_weighs_by_how_far_it_is_from_any_that_the_vin_may_mean(
    year: int | None, severity: DoubtSeverity | None
) -> None:
    expected = [(DoubtCode.OTHER_YEAR, severity)] if severity else []
    assert found(with_digit(ACCORD), year=year) == expected


def test_of_a_year_that_may_be_mistyped_and_of_makers_who_put_none_there_nothing_is_said() -> None:
    number = with_digit(ACCORD)
    other = number[:8] + ("0" if number[8] != "0" else "1") + number[9:]
    assert found(other, year=1990) == [(DoubtCode.CHECK_DIGIT, DoubtSeverity.ANOMALY)]
    for silent in ("WDD2042071F176051", "VF1RFB00257166048", "WBA3A5C50CF256349", "YV1RS61R0Y2000001"):
        assert found(silent, year=1990) == []


@pytest.mark.parametrize(
    ("number", "make", "severity"),
    [
        ("SALLAAA13AA510001", "Lada", DoubtSeverity.CONTRADICTION),
        ("SALLAAA13AA510001", "ВАЗ 2107", DoubtSeverity.CONTRADICTION),
        ("XTA21099043576891", "Мерседес", DoubtSeverity.CONTRADICTION),
        ("SMTJ00HK5HT810001", "BMW", DoubtSeverity.ANOMALY),  # lists agree, no car was looked at
        ("SALLAAA13AA510001", "Range Rover Sport", None),
        ("SALLAAA13AA510001", "a black one", None),
        ("SALLAAA13AA510001", None, None),
        ("WDD2042071F176051", "Mercedes Benz", None),
        ("XW8ZZZ16ZEN900156", "Шкода", None),
        ("Z94CB41BAHR446738", "Киа", None),
        ("Z94CB41BAHR446738", "Hyundai", None),
        ("XWFFN9E51D0000078", "Cadillac", None),
        ("YARVEEHZ5GZ001234", "Lada", None),  # only the library says whose it is
        ("EDXVGC3B0TL109357", "Lada", None),  # disputed
        ("KXHA51D0332000000", "Lada", None),  # nobody knows
    ],
)
def test_a_make_is_held_against_somebody_only_where_those_of_the_code_are_known(
    number: str, make: str | None, severity: DoubtSeverity | None
) -> None:
    makes = [one for one in found(number, make=make) if one[0] is DoubtCode.OTHER_MAKES]
    assert makes == ([(DoubtCode.OTHER_MAKES, severity)] if severity else [])


@pytest.mark.parametrize(
    ("number", "make", "model", "is_doubted"),
    [
        ("XTA21099043576891", "ВАЗ", "2107", True),
        ("XTA21099043576891", "Lada", "Веста", True),
        ("XTA21099043576891", "ВАЗ", "21099", False),
        ("XTA21099043576891", "ВАЗ", "2115 Самара", False),
        ("XTA217030B0288765", "Лада Приора", None, False),
        ("XTA217030B0288765", "LADA", "Priora 2011", False),
        ("XTAGFK330JY144213", "Lada", "Granta", True),
        ("XTA219470J0123456", "Lada", "Гранта", False),
        ("XTA219470J0123456", "Lada", "Kalina", False),
        ("X9L212300A0287536", "Chevrolet", "Niva", False),
        ("WVWZZZ3CZFE523732", "VW", "Golf", True),
        ("WVWZZZ3CZFE523732", "VW", "Passat", False),
        ("WVWZZZ3CZFE523732", "VW", "Polo", False),  # whose type is not known here
        ("WVWJF7CD8TW190545", "VW", "Passat", False),  # no type at 7 and 8
        ("SALLAAA13AA510001", "Land Rover", "Discovery", False),
    ],
)
def test_a_model_is_held_against_somebody_only_where_both_are_known(
    number: str, make: str, model: str | None, is_doubted: bool
) -> None:
    models = [one for one in found(number, make=make, model=model) if one[0] is DoubtCode.OTHER_MODEL]
    assert models == ([(DoubtCode.OTHER_MODEL, DoubtSeverity.ANOMALY)] if is_doubted else [])


def test_a_check_digit_that_does_not_fit_weighs_by_who_orders_it() -> None:
    for number, severity in {
        "1HGCM82613A123457": DoubtSeverity.ANOMALY,
        "LVVDC21B0RD574965": DoubtSeverity.ANOMALY,
        "3VWZZZ1KZAM123456": DoubtSeverity.UNUSUAL,  # made for another market
        "X4X3A59410J024854": DoubtSeverity.UNUSUAL,  # nobody orders it, the plant is seen to compute it
    }.items():
        assert not vin.fits_check_digit(number)
        assert found(number) == [(DoubtCode.CHECK_DIGIT, severity)]
    assert found("Z94CT41CBCR134064") == found("WVWZZZ1JZ3W386752") == []


def test_a_placeholder_is_all_that_is_said_of_it() -> None:
    assert found("11111111111111111", make="Lada", year=1999) == [
        (DoubtCode.PLACEHOLDER, DoubtSeverity.ANOMALY)
    ]


def test_documents_are_compared_with_the_number_and_the_year() -> None:
    number = with_digit(ACCORD)
    agreeing = Document(number=number[:11] + "******", year=2004, issued=2003)
    assert found(number, documents=(agreeing, Document())) == []
    other = Document(number=number[:16] + "9", year=2010, issued=1999)
    known = facts(number, this_year=2026)
    assert doubts(known, Claim(documents=(other,))) == (
        Doubt(
            DoubtCode.DOCUMENT_OTHER_NUMBER,
            ClaimPart.DOCUMENTS,
            DoubtSeverity.CONTRADICTION,
            (17,),
            {"number": number[:16] + "9"},
        ),
        Doubt(
            DoubtCode.DOCUMENT_OTHER_YEAR,
            ClaimPart.DOCUMENTS,
            DoubtSeverity.CONTRADICTION,
            (10,),
            {"said": "2010", "known": "2003"},
        ),
        Doubt(
            DoubtCode.DOCUMENT_OLDER,
            ClaimPart.DOCUMENTS,
            DoubtSeverity.CONTRADICTION,
            (10,),
            {"said": "1999", "known": "2002"},
        ),
    )
    assert found(number, documents=(Document(issued=2002),)) == []
    assert found("WDD2042071F176051", documents=(Document(issued=1950, year=1950),)) == []
    assert found(number, documents=(Document(number="SV30-0169266"),)) == []


def test_the_gravest_stands_first() -> None:
    severities = [severity for _, severity in found("1HGCM82613A123457", make="Lada", year=2003)]
    assert severities == [DoubtSeverity.CONTRADICTION, DoubtSeverity.ANOMALY]


@given(VINS, st.integers(1980, 2027))
def test_a_year_that_the_vin_may_mean_is_never_doubted(number: str, this_year: int) -> None:
    known = facts(number, this_year=this_year)
    for candidate in known.model_years:
        for said in range(candidate.earliest, candidate.latest + 1):
            assert not [one for one in doubts(known, Claim(year=said)) if one.about is ClaimPart.YEAR]


@given(VINS, st.text(max_size=20), st.text(max_size=20), st.integers(1960, 2030))
def test_of_codes_that_nothing_is_known_of_nothing_is_said(
    number: str, make: str, model: str, year: int
) -> None:
    unknown = "KX" + number[2:]
    assert doubts(facts(unknown, this_year=2026), Claim(make=make, model=model, year=year)) == ()


@given(VINS)
def test_every_doubt_points_into_the_vin(number: str) -> None:
    claim = Claim(make="Lada", model="2107", year=1975, documents=(Document(number="0" * 17, issued=1950),))
    for doubt in doubts(facts(number, this_year=2026), claim):
        assert all(1 <= place <= 17 for place in doubt.positions)
        assert all(doubt.params.values())


def doubted(number: str, **claim: object) -> Doubt:
    known = facts(number, this_year=2026)
    (one,) = doubts(known, Claim(**claim))  # pyright: ignore[reportArgumentType]  # fields by name
    return one


def test_a_doubt_says_of_what_it_is_and_where_the_vin_says_so() -> None:
    assert doubted("1HGCM82613A123457") == Doubt(
        DoubtCode.CHECK_DIGIT,
        ClaimPart.NUMBER,
        DoubtSeverity.ANOMALY,
        (9,),
        {"found": "1", "computed": vin.compute_check_digit("1HGCM82613A123457")},
    )
    assert doubted("11111111111111111") == Doubt(
        DoubtCode.PLACEHOLDER, ClaimPart.NUMBER, DoubtSeverity.ANOMALY
    )
    assert doubted("Z94CB41BAHR446738", make="Lada") == Doubt(
        DoubtCode.OTHER_MAKES,
        ClaimPart.MAKE,
        DoubtSeverity.CONTRADICTION,
        (1, 2, 3),
        {"said": "Lada", "known": "Genesis, Hyundai, Kia"},
    )
    assert doubted("XTA217030B0288765", make="Лада Гранта") == Doubt(
        DoubtCode.OTHER_MODEL,
        ClaimPart.MODEL,
        DoubtSeverity.ANOMALY,
        (4, 5, 6, 7),
        {"said": "Granta", "known": "Priora"},
    )
    assert doubted(with_digit(ACCORD), year=2010) == Doubt(
        DoubtCode.OTHER_YEAR,
        ClaimPart.YEAR,
        DoubtSeverity.CONTRADICTION,
        (10,),
        {"said": "2010", "known": "2003"},
    )


def test_of_two_years_that_a_code_means_either_will_do() -> None:
    for year in (1993, 1995, 2023, 2025):
        assert found("WVWZZZ1JZRW386752", year=year) == []
    assert found("WVWZZZ1JZRW386752", year=2010) == [(DoubtCode.OTHER_YEAR, DoubtSeverity.CONTRADICTION)]


def test_an_x_at_nine_is_a_digit_of_a_check() -> None:
    number = "1HGCM826X3A123456"
    assert not vin.fits_check_digit(number)
    assert found(number) == [(DoubtCode.CHECK_DIGIT, DoubtSeverity.ANOMALY)]


def test_what_a_paper_hides_is_held_against_nobody() -> None:
    number = with_digit(ACCORD)
    hidden = Document(number=number[:10] + "B" + "******")
    assert doubted(number, documents=(hidden,)).positions == (11,)


@pytest.mark.parametrize("number", ["X9FFXXEEDF0K30119", "YV1RS61R0Y2000001"])
def test_a_year_that_is_not_there_or_not_known_is_held_against_no_paper(number: str) -> None:
    assert found(number, year=1950, documents=(Document(issued=1950, year=1950),)) == []
