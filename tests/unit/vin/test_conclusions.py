"""What is concluded of a VIN, and from where: each conclusion has words in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schemas import vin
from shared_schemas.vin.conclusions import ConclusionCode, conclusions
from shared_schemas.vin.facts import facts
from shared_schemas.vin.learned import Learned, Record, learn


def said(number: str, learned: Learned | None = None) -> dict[ConclusionCode, dict[str, str]]:
    known = facts(number, this_year=2026, learned=learned)
    return {one.code: dict(one.params) for one in conclusions(known)}


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("11111111111111111", "placeholder"),
        ("1HGCM82603A123456", "maker_shared check_mandated_differs year_possible"),
        ("4T4BF1FK5DR275482", "maker_shared check_mandated_fits year_likely"),
        ("3VWZZZ1KZAM123456", "maker_known check_other_market year_possible"),
        ("X4X3A59450J024854", "maker_shared plant check_computed_fits year_no_code"),
        ("X4X3A59410J024854", "maker_shared plant check_computed_differs year_no_code"),
        ("Z94CT41CBCR134064", "maker_shared plant check_none year_likely"),
        ("X9FFXXEEDF4K30119", "maker_known plant check_none year_at_eleven"),
        ("WDD2042071F176051", "maker_shared check_unknown year_not_there"),
        ("WVWZZZ1JZRW386752", "maker_known check_unknown year_one_of"),
        ("SMTJ00HK5HT810001", "maker_listed check_unknown year_possible"),
        ("EBK00000000000001", "maker_disputed plant check_unknown year_no_code"),
        ("X89200000C0DM1234", "maker_unknown maker_small check_unknown year_not_there"),
    ],
)
def test_each_part_of_a_vin_has_its_conclusion(number: str, codes: str) -> None:
    assert list(said(number)) == codes.split()


def test_a_conclusion_says_what_it_is_drawn_from() -> None:
    known = conclusions(facts("X9FFXXEEDF4K30119", this_year=2026))
    assert [one.positions for one in known] == [(1, 2, 3), (1, 2, 3), (9,), (11,)]
    assert known[0].params["makes"] == "Ford"
    assert "published" in known[0].params["source"]
    assert known[-1].params == {"years": "2004", "code": "4"}


def test_what_one_s_own_records_teach_is_told_with_its_support() -> None:
    records = [
        Record(f"YV1RS61R0{year % 10}2{number:06}", year) for year in range(2001, 2009) for number in (1, 2)
    ]
    told = said("YV1RS61R0Y2000001", learn(records))
    assert told[ConclusionCode.CHECK_LEARNED]["support"].isdigit()
    assert told[ConclusionCode.YEAR_LEARNED]["support"] == "16"
    assert 50 < int(told[ConclusionCode.YEAR_LEARNED]["percent"]) < 100
    assert ConclusionCode.YEAR_LIKELY in told


@given(st.text(sorted(vin.ALPHABET), min_size=17, max_size=17))
def test_of_every_vin_something_is_concluded_of_each_part(number: str) -> None:
    codes = [one.code for one in conclusions(facts(number, this_year=2026))]
    if vin.is_placeholder(number):
        assert codes == [ConclusionCode.PLACEHOLDER]
        return
    for part in ("maker_", "check_", "year_"):
        assert any(code.startswith(part) for code in codes)
    assert len(codes) == len(set(codes))
