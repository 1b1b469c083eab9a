"""Published VINs whose make and year are known: none of them is contradicted. Needs the folder of real data."""

import csv
from pathlib import Path

import pytest

from shared_schemas import vin
from shared_schemas.vin import Confidence

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real data is not there")


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return [{key.lower(): value for key, value in row.items()} for row in csv.DictReader(file)]


def truth() -> list[dict[str, str]]:
    return [row for row in rows("vin/vin_truth.csv") if vin.is_well_formed(row["vin_or_frame"].upper())]


def test_no_known_year_is_contradicted() -> None:
    known = [row for row in truth() if row["model_year"] and "boundary" not in row["note"]]
    assert len(known) > 200
    for row in known:
        facts = vin.facts(row["vin_or_frame"].upper(), this_year=2026)
        year = int(row["model_year"][:4])
        likely = [one.year for one in facts.model_years if one.confidence is Confidence.LIKELY]
        assert not vin.speaks_against(facts, year), row
        assert all(abs(one - year) <= 1 for one in likely), row


def test_no_known_make_is_contradicted() -> None:
    for row in truth():
        facts = vin.facts(row["vin_or_frame"].upper(), this_year=2026)
        assert row["disputed"] or not vin.speaks_against_make(facts, row["make"]), row


def test_thousands_of_sales_are_not_contradicted_and_their_years_are_told() -> None:
    sales = [row for row in rows("us_auctions/camry_sales.csv") if vin.is_well_formed(row["vin"].upper())]
    told = 0
    for row in sales:
        facts = vin.facts(row["vin"].upper(), this_year=2026)
        assert not vin.speaks_against(facts, int(row["year"])), row
        assert not vin.speaks_against_make(facts, row["make"]), row
        told += facts.year_is_known
    assert told > len(sales) * 0.9
