"""The mappings on real files of their sources, which lie beside the repository, if they do.

`FILES` says for each file what becomes of its rows: read, records, duplicates, and rejects by reason. What each
trap does is held by `test_traps.py`, whose files are its own.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

import pytest

from bpa_service.vehicles.mappings.converters.values import in_one_script
from bpa_service.vehicles.records.record import Record
from tests.support.vehicle_files import REAL_FILES, outcome_of

pytestmark = pytest.mark.skipif(not REAL_FILES.is_dir(), reason="the real files are not here")


class Read(NamedTuple):
    mapping: str
    rows: int
    records: int
    rejects: Mapping[str, int] = MappingProxyType({})
    duplicates: int = 0


FILES: Final[dict[str, Read]] = {
    "avtocod/full.json": Read("avtocod", 29, 29),
    "avtocod/empty.json": Read("avtocod", 1, 0, {"nothing_in_it": 1}),
    "avtocod/b2b_user__report.json": Read("avtocod", 23, 22, duplicates=1),
    "avtocod/b2b_report_make.json": Read("avtocod", 1, 0, {"nothing_in_it": 1}),
    "avtocod/b2b_error_400.json": Read("avtocod", 1, 0, {"source_error": 1}),
    "avtocod/b2b_error_500.json": Read("avtocod", 1, 0, {"source_error": 1}),
    "copart/salesdata_format.csv": Read("copart", 3, 3),
    "dvsa/mot_bulk_2020.csv": Read("dvsa_mot_bulk", 6, 6),
    "dvsa/mot_bulk_2023.psv": Read("dvsa_mot_bulk", 3, 3),
    "dvsa/mot_history_api_v6.json": Read("dvsa_mot_api", 4, 4),
    "dvsa/cvs_test_results.json": Read("dvsa_cvs", 65, 65),
    "gibdd/history_2022.json": Read("gibdd", 8, 8),
    "gibdd/diagnostic_2022.json": Read("gibdd", 2, 2),
    "gibdd/diagnostic_unordered_previous.json": Read("gibdd", 4, 4),
    "gibdd/dtp.json": Read("gibdd", 3, 3),
    "histovec/siv_sample.ndjson": Read("histovec", 5727, 5727),
    "jp_stock/stock_list.csv": Read("jp_stock", 48, 48),
    "rdw/0001TJ.json": Read("rdw", 1, 1),
    "rdw/VXJ99N.json": Read("rdw", 1, 1),
    "rdw/fuel_11ZKZ3.json": Read("rdw", 1, 1),
    "rdw/fuel_electric.json": Read("rdw", 1, 1),
    "rdw/recalls.json": Read("rdw", 2, 2),
    "recalls_uk/RecallsFileSmall.cp1252.csv": Read("recalls_uk", 555, 551, duplicates=4),
    "recalls_uk/testData.csv": Read("recalls_uk", 3, 3),
    "recalls_uk/testDataCRLF.csv": Read("recalls_uk", 1, 1),
    "recalls_uk/testData-BeforeDeleting.csv": Read("recalls_uk", 9, 9),
    "recalls_uk/testData-AfterDeleting.csv": Read("recalls_uk", 5, 5),
    "recalls_uk/testDataWithAdditionalRecalls.csv": Read("recalls_uk", 10, 10),
    "recalls_uk/testDataWithAdditionalRecalls-Reordered.csv": Read("recalls_uk", 9, 9),
    "ru_lots/lot_titles.txt": Read("ru_lots", 26, 21, {"identifier_missing": 5}),
    "ua_adverts/adverts.tsv": Read("ua_adverts", 48, 45, {"identifier_missing": 3}),
    "us_auctions/camry_sales.csv": Read("us_auctions", 9000, 9000),
}


@pytest.mark.parametrize("name", FILES)
def test_each_row_is_stored_or_rejected(name: str) -> None:
    expected = FILES[name]

    outcome = outcome_of(REAL_FILES / name, expected.mapping)

    tally = outcome.tally
    assert outcome.refused is None
    assert tally.complete
    assert (tally.rows, tally.records, tally.duplicates) == (
        expected.rows,
        expected.records,
        expected.duplicates,
    )
    assert tally.rejected == expected.rejects


def test_every_source_of_the_folder_has_its_mapping() -> None:
    reference = {"vin", "wmi", "opencars"}  # tables of truth, and schemas without rows
    folders = {path.name for path in REAL_FILES.iterdir() if path.is_dir()} - reference

    assert folders == {name.partition("/")[0] for name in FILES}


def records(name: str) -> list[Record]:
    return outcome_of(REAL_FILES / name, FILES[name].mapping).records


def test_no_name_and_no_phone_of_a_person_is_kept() -> None:
    kept = "\n".join(map(repr, records("avtocod/full.json")))

    for private in ("Дроздова", "Маслова", "Иванович", "+78005353535", "Артём", "91234567890", "1983-08-31"):
        assert private not in kept


def test_cars_that_were_sold_more_than_once_never_fall_in_mileage() -> None:
    sales: dict[str, list[Record]] = {}
    for record in records("us_auctions/camry_sales.csv"):
        sales.setdefault(record.vin, []).append(record)
    again = [
        sorted(of_car, key=lambda one: str(one.at or one.began))
        for of_car in sales.values()
        if len(of_car) > 1
    ]

    falls = [
        (earlier, later)
        for of_car in again
        for earlier, later in pairwise(of_car)
        if earlier.mileage_km and later.mileage_km and later.mileage_km < earlier.mileage_km
    ]

    assert len(again) == 91
    assert not falls


def test_an_odometer_that_falls_within_one_card_is_read_as_it_stands() -> None:
    cards = sorted(records("gibdd/diagnostic_2022.json"), key=lambda one: str(one.began))

    assert [(str(card.began), card.mileage_km) for card in cards] == [
        ("2021-01-15", 201_532),
        ("2022-03-04", 179_919),
    ]


def test_the_same_recalls_in_other_order_are_the_same_rows() -> None:
    additional = {one.row_hash for one in records("recalls_uk/testDataWithAdditionalRecalls.csv")}
    reordered = {one.row_hash for one in records("recalls_uk/testDataWithAdditionalRecalls-Reordered.csv")}
    before = {one.row_hash for one in records("recalls_uk/testData-BeforeDeleting.csv")}
    after = {one.row_hash for one in records("recalls_uk/testData-AfterDeleting.csv")}

    assert len(additional & reordered) == 9
    assert len(before - after) == 4


def test_events_of_histovec_fall_on_the_day_that_the_source_names() -> None:
    events = [one for one in records("histovec/siv_sample.ndjson") if one.kind == "registration"]
    disagreeing = [one for one in events if "dates_disagree" in one.marks]

    assert len(events) == 4724
    assert len(disagreeing) == 24  # registered overseas: their moments are of the evening before in Paris


def test_raw_brands_of_ukraine_are_put_into_one_script() -> None:
    pairs = (REAL_FILES / "opencars/brand_normalisation_pairs.tsv").read_text(encoding="utf-8").splitlines()
    found = Counter(
        maker in " ".join(map(in_one_script, raw.split())) or maker.casefold() in raw.casefold()
        for raw, maker, *_ in (line.split("\t") for line in pairs)
    )

    assert found[True] >= 0.8 * len(pairs)
