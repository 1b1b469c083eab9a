"""Published VINs whose make and year are known: none is contradicted. Needs the folder of real data."""

import csv
from collections import Counter
from pathlib import Path
from zlib import crc32

import pytest

from shared_schemas import vin
from shared_schemas.identifiers import read_identifier
from shared_schemas.identifiers.candidates import candidates
from shared_schemas.vin.claims import Claim, DoubtCode, doubts
from shared_schemas.vin.codes import CheckRule, YearPlace
from shared_schemas.vin.facts import Confidence, VinFacts, facts
from shared_schemas.vin.learned import Learned, Record, learn
from shared_schemas.vin.makers import code_of
from shared_schemas.vin.names import makes_named
from shared_schemas.words import IdentifierKind

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
THIS_YEAR = 2026

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder of real data is not there")
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return [{key.lower(): value for key, value in row.items()} for row in csv.DictReader(file)]


def truth(kind: str = "vin") -> list[Row]:
    """What is published and not disputed between its sources."""
    return [row for row in rows("vin/vin_truth.csv") if row["kind"] == kind and not row["disputed"]]


def sales() -> list[Row]:
    return [row for row in rows("us_auctions/camry_sales.csv") if vin.is_well_formed(row["vin"].upper())]


def year_of(row: Row) -> int | None:
    """The year of this car; a boundary of a recall's range gives the range's."""
    is_told = row["model_year"] and "boundary" not in row["note"]
    return int(row["model_year"][:4]) if is_told else None


def read(row: Row, learned: Learned | None = None) -> VinFacts:
    return facts(row["vin_or_frame"].upper(), this_year=THIS_YEAR, learned=learned)


def test_none_is_called_invalid() -> None:
    for row in truth():
        reading = read_identifier(row["vin_or_frame"], this_year=THIS_YEAR)
        assert (reading.kind, reading.ok) == (IdentifierKind.VIN, True), row


def test_none_is_contradicted_by_what_is_known_of_it() -> None:
    made_up = 0
    for row in truth():
        claim = Claim(make=row["make"], model=row["model"], year=year_of(row))
        for doubt in doubts(read(row), claim):
            # VINs that somebody made up do not compute, and one is a sample out of a book.
            assert doubt.code in {DoubtCode.CHECK_DIGIT, DoubtCode.PLACEHOLDER}, row
            assert "made up" in row["market"] or doubt.code is DoubtCode.PLACEHOLDER, row
            made_up += 1
    assert made_up == 13


def test_the_make_is_right_or_honestly_unknown() -> None:
    told: Counter[str] = Counter()
    for row in truth():
        makes = read(row).makes
        told["unknown" if not makes else "right" if makes & makes_named(row["make"]) else "wrong"] += 1
    # Of those that are wrong six have a model where the make should be, and two the converter of a camper.
    assert told["wrong"] <= 0.02 * told.total()
    assert told["right"] >= 0.85 * told.total()


def test_the_year_is_among_the_candidates_or_honestly_none() -> None:
    known = [row for row in truth() if year_of(row)]
    assert len(known) > 200
    for row in known:
        years, year = read(row).model_years, year_of(row) or 0
        assert not years or any(one.earliest <= year <= one.latest for one in years), row
        assert all(
            one.earliest <= year <= one.latest for one in years if one.confidence is Confidence.LIKELY
        ), row


def test_thousands_of_sales_are_not_contradicted_and_their_years_are_told() -> None:
    told = 0
    for row in sales():
        known = facts(row["vin"].upper(), this_year=THIS_YEAR)
        assert not doubts(known, Claim(make=row["make"], model=row["model"], year=int(row["year"]))), row
        assert "Toyota" in known.makes
        told += known.year_is_known
    assert told > len(sales()) * 0.9


def is_held_out(number: str) -> bool:
    """Every other maker's code, the same ones in each run."""
    return crc32(number[:3].encode()) % 2 == 0


def test_rules_learned_of_some_cars_hold_for_others() -> None:
    """Learned of one half of the cars of each code, tried on the other half: nobody is contradicted."""
    cars = [
        Record(row["vin_or_frame"].upper(), year_of(row), row["make"])
        for row in truth()
        if "made up" not in row["market"]
    ]
    cars += [Record(row["vin"].upper(), int(row["year"]), row["make"]) for row in sales()]
    known = sorted({car.vin: car for car in cars if vin.is_well_formed(car.vin)}.values())
    learned = learn(known[::2])
    assert learned.rules
    for car in known[1::2]:
        found = facts(car.vin, this_year=THIS_YEAR, learned=learned)
        against = doubts(found, Claim(make=car.make, year=car.year))
        assert not [doubt for doubt in against if doubt.code is not DoubtCode.PLACEHOLDER], car
        if (rule := found.learned) and rule.check is CheckRule.COMPUTED:
            assert vin.fits_check_digit(car.vin), car


def test_what_tables_say_of_check_digits_and_years_is_learned_of_cars_too() -> None:
    """Of codes with cars enough the rule out of the records never speaks against our table."""
    cars = [
        Record(row["vin_or_frame"].upper(), year_of(row), row["make"])
        for row in truth()
        if "made up" not in row["market"]
    ]
    rules = {prefix: rule for prefix, rule in learn(cars).rules.items() if len(prefix) == 3}
    assert rules
    for prefix, rule in rules.items():
        table = code_of(prefix)
        if CheckRule.UNKNOWN not in {rule.check, table.check}:
            assert rule.check is table.check, prefix
        if YearPlace.UNKNOWN not in {rule.year, table.year}:
            assert rule.year is table.year, prefix


def test_codes_that_no_table_of_ours_has_are_named_rightly_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half of the codes are held out of our tables, as if nobody had looked into them: the library is asked."""
    from shared_schemas.vin import makers

    known: dict[str, object] = vars(makers)["_KNOWN"]
    monkeypatch.setattr(makers, "_KNOWN", {code: one for code, one in known.items() if not is_held_out(code)})
    code_of.cache_clear()
    told: Counter[str] = Counter()
    try:
        for row in truth():
            if is_held_out(row["vin_or_frame"]) and makes_named(row["make"]):
                found = read(row)
                makes = found.makes
                told[
                    "unknown" if not makes else "right" if makes & makes_named(row["make"]) else "wrong"
                ] += 1
                assert not [
                    one for one in doubts(found, Claim(make=row["make"])) if one.code is DoubtCode.OTHER_MAKES
                ]
    finally:
        code_of.cache_clear()
    assert told.total() > 100
    assert told["wrong"] <= 0.05 * told.total()


def test_frames_are_read_as_frames() -> None:
    for row in truth("frame"):
        reading = read_identifier(row["vin_or_frame"])
        assert reading.ok or read_identifier(row["vin_or_frame"], IdentifierKind.FRAME).ok, row
    stock = [row for row in rows("jp_stock/stock_list.csv") if "-" in row["chassis"]]
    odd = [row["chassis"] for row in stock if read_identifier(row["chassis"]).value != row["chassis"]]
    # A model code that was misread, a VIN with a hyphen in it, and a motorcycle's, whose serial has four digits.
    assert odd == ["2GE31G-0165868", "WBA4A-6165SUNJ75", "RH03-1201"]


def test_titles_of_lots_give_the_number_in_them() -> None:
    titles = (DATA / "ru_lots" / "lot_titles.txt").read_text(encoding="utf-8").splitlines()
    found = {title: read_identifier(title, this_year=THIS_YEAR) for title in titles if len(title) <= 200}
    numbers = [
        reading.value for reading in found.values() if reading.ok and reading.kind is IdentifierKind.VIN
    ]
    assert "WBAFP31020C256349" in numbers
    assert "XWF0AHM75D0003411" in numbers
    assert all(vin.is_well_formed(number) for number in numbers)


def test_a_character_that_is_missing_is_found_where_one_s_own_records_know_such_cars() -> None:
    typed = read_identifier("EDAVGC30TL109357")
    assert candidates(typed) == ()
    cars = [Record(f"EDAVGC3B0TL1{number:05}", 2026, "Exeed") for number in range(10)]
    assert "EDAVGC3B0TL109357" in {one.value for one in candidates(typed, learn(cars))}
