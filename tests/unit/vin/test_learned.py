"""Rules that records teach: made where chance can hardly have, and from nothing that is no car's number."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schemas import vin
from shared_schemas.vin.claims import Claim, DoubtCode, doubts
from shared_schemas.vin.codes import CheckRule, YearPlace
from shared_schemas.vin.facts import Confidence, facts
from shared_schemas.vin.learned import FEWEST, Learned, Record, learn

CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"


def made(beginning: str, count: int, *, digit: bool, year_at: int | None, seed: int = 1) -> Iterator[Record]:
    """Cars of a plant: with a check digit or with a letter for it, the year at a place or nowhere."""
    dice = random.Random(seed)
    for number in range(count):
        year = dice.choice(range(2001, 2022))
        at_10, at_11 = "0", "U"
        code = CODES[(year - 1980) % len(CODES)]
        if year_at == 10:
            at_10 = code
        elif year_at == 11:
            at_11 = code
        text = f"{beginning:A<8}Z{at_10}{at_11}{number:06}"
        if digit:
            text = text[:8] + vin.compute_check_digit(text) + text[9:]
        yield Record(text, year, "Volvo")


@pytest.mark.parametrize(("digit", "check"), [(True, CheckRule.COMPUTED), (False, CheckRule.NONE)])
@pytest.mark.parametrize(
    ("year_at", "place"), [(10, YearPlace.AT_10), (11, YearPlace.AT_11), (None, YearPlace.NOWHERE)]
)
def test_what_a_plant_does_is_learned(
    digit: bool, check: CheckRule, year_at: int | None, place: YearPlace
) -> None:
    rule = learn(made("YV1", 40, digit=digit, year_at=year_at)).rules["YV1"]
    assert (rule.check, rule.check_support) == (check, 40)
    assert (rule.year, rule.year_support) == (place, 40)
    assert 0.9 < rule.check_confidence < 1
    assert rule.makes == {"Volvo"}


def test_of_few_records_nothing_is_learned() -> None:
    assert learn(made("YV1", FEWEST - 1, digit=True, year_at=10)).rules == {}
    assert learn(made("YV1", FEWEST, digit=True, year_at=None)).rules["YV1"].check is CheckRule.COMPUTED
    assert learn([]) == Learned()


def test_one_more_record_makes_confidence_greater_and_never_certain() -> None:
    confidences = [
        learn(made("YV1", count, digit=True, year_at=10)).rules["YV1"].check_confidence
        for count in (8, 20, 100, 500)
    ]
    assert confidences == sorted(confidences)
    assert confidences[0] > 0.6
    assert confidences[-1] < 1


def test_dirty_records_are_borne_and_mixed_plants_say_nothing() -> None:
    cars = list(made("YV1", 100, digit=True, year_at=10))
    dirty = [
        Record(car.vin, 1999 if at < 4 else car.year, "Lada" if at == 0 else car.make)
        for at, car in enumerate(cars)
    ]
    rule = learn(dirty).rules["YV1"]
    assert (rule.year, rule.year_support) == (YearPlace.AT_10, 96)
    assert rule.makes == {"Volvo"}
    mixed = [*made("YV1", 20, digit=True, year_at=10), *made("YV1", 20, digit=False, year_at=None, seed=2)]
    rule = learn(mixed).rules["YV1"]
    assert (rule.check, rule.year) == (CheckRule.UNKNOWN, YearPlace.UNKNOWN)


def test_where_models_of_a_plant_differ_the_closest_beginning_counts() -> None:
    both = [*made("YV1AA", 20, digit=True, year_at=10), *made("YV1BB", 20, digit=False, year_at=None)]
    learned = learn(both)
    one, other = (learned.rule_of(f"YV1{model}AAAZ0A000001") for model in ("AA", "BB"))
    assert one
    assert other
    assert (one.check, one.year) == (CheckRule.COMPUTED, YearPlace.AT_10)
    assert (other.check, other.year) == (CheckRule.NONE, YearPlace.NOWHERE)
    assert learned.rule_of("YV1CCAAAZ0A000001") == learned.rules["YV1"]
    assert learned.rule_of("WVWZZZ1JZ3W386752") is None
    beginnings = ("YV1AAAAAZ0A000001", "YV1AABBBZ0A000001", "YV1CCAAAZ0A000001", "WVWZZZ1JZ3W386752")
    assert [learned.known_of(number) for number in beginnings] == [7, 5, 3, 0]


def test_a_car_counts_once_and_what_is_no_car_teaches_nothing() -> None:
    one = next(made("YV1", 1, digit=True, year_at=10))
    assert learn([one] * 100).rules == {}
    assert learn([one._replace(times=100)]).rules == {}
    assert learn([Record("1" * 17, 2001), Record("SV30-0169266", 1991), Record("", None)] * 20).rules == {}


def test_a_constant_is_no_year_whatever_it_reads_as() -> None:
    cars = [Record(f"YV1AAAAAZ1A{number:06}", 2001) for number in range(20)]
    assert learn(cars).rules["YV1"].year is YearPlace.UNKNOWN


def test_of_several_years_of_a_car_the_one_that_most_name_counts() -> None:
    cars = list(made("YV1", 20, digit=True, year_at=10))
    told = [record for car in cars for record in (car._replace(times=3), car._replace(year=1985))]
    assert learn(told).rules["YV1"].year is YearPlace.AT_10


def test_what_was_learned_goes_before_the_table_and_behind_the_law() -> None:
    cars = [car._replace(make="Mercedes-Benz") for car in made("WDD", 40, digit=True, year_at=10)]
    number = cars[0].vin
    assert facts(number, this_year=2026).model_years == ()
    known = facts(number, this_year=2026, learned=learn(cars))
    assert (known.year_is_known, known.check_rule) == (True, CheckRule.COMPUTED)
    assert cars[0].year in {one.year for one in known.model_years}
    american = [car._replace(make="Ford") for car in made("1FA", 40, digit=False, year_at=None)]
    known = facts("1FA6P8CF1J5109084", this_year=2026, learned=learn(american))
    assert known.check_rule is CheckRule.MANDATED


def test_a_make_of_one_s_own_records_is_held_against_nobody() -> None:
    cars = [car._replace(make="Lada") for car in made("SAL", 10, digit=False, year_at=None)]
    for learned, expected in ((None, [DoubtCode.OTHER_MAKES]), (learn(cars), [])):
        known = facts(cars[0].vin, this_year=2026, learned=learned)
        assert [doubt.code for doubt in doubts(known, Claim(make="Lada"))] == expected


records = st.builds(
    Record,
    st.text(sorted(vin.ALPHABET)[:4], min_size=17, max_size=17) | st.text(max_size=18),
    st.none() | st.integers(1900, 2100),
    st.none() | st.sampled_from(["Lada", "Volvo", "a black one"]),
    st.integers(1, 5),
)


@given(st.lists(records, max_size=60))
def test_whatever_the_records_say_rules_have_support(told: list[Record]) -> None:
    for prefix, rule in learn(told).rules.items():
        cars = {one.vin for one in told if one.vin.startswith(prefix) and vin.is_well_formed(one.vin)}
        assert max(rule.check_support, rule.year_support) <= len(cars)
        assert len(cars) >= FEWEST
        assert 0 <= rule.check_confidence <= 1
        assert (rule.check is CheckRule.UNKNOWN) == (rule.check_support == 0)
        assert (rule.year is YearPlace.UNKNOWN) == (rule.year_support == 0)


@given(st.lists(records, max_size=40))
def test_the_order_of_records_teaches_nothing(told: list[Record]) -> None:
    one, other = learn(told), learn(reversed(told))
    assert {prefix: rule.check for prefix, rule in one.rules.items()} == {
        prefix: rule.check for prefix, rule in other.rules.items()
    }


def test_a_learned_year_is_likely_where_it_stands_out() -> None:
    cars = list(made("YV1", 40, digit=True, year_at=10))
    known = facts(cars[0].vin, this_year=2009, learned=learn(cars))
    assert all(one.confidence is Confidence.LIKELY for one in known.model_years)
