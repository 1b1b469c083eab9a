"""Histories of real cars, out of real files that lie beside the repository, if they do."""

from collections.abc import Mapping
from datetime import date
from functools import cache

import pytest

from bpa_service.vehicles.history.mileage import FallKind
from bpa_service.vehicles.history.telling import History, tell
from bpa_service.vehicles.records.record import Record
from tests.support.vehicle_files import REAL_FILES, outcome_of

pytestmark = pytest.mark.skipif(not REAL_FILES.is_dir(), reason="the real files are not here")


@cache
def vehicles(name: str, mapping: str) -> Mapping[str, list[Record]]:
    """The records of each vehicle of a file."""
    by_vehicle: dict[str, list[Record]] = {}
    for record in outcome_of(REAL_FILES / name, mapping).records:
        if vehicle := record.vin or record.source_vehicle or record.plate:
            by_vehicle.setdefault(vehicle, []).append(record)
    return by_vehicle


def histories(name: str, mapping: str) -> Mapping[str, History]:
    """The history of each vehicle of a file."""
    told = vehicles(name, mapping).items()
    return {vehicle: tell(records, [], date(2026, 11, 29)) for vehicle, records in told}


def test_no_car_that_was_sold_more_than_once_is_accused() -> None:
    file = ("us_auctions/camry_sales.csv", "us_auctions")
    sold = [vin for vin, records in vehicles(*file).items() if len(records) > 1]
    told = histories(*file)
    again = [told[vin] for vin in sold]

    falls = [fall for one in again for fall in one.mileages.falls]
    doubts = [(aspect.name, aspect.statements) for one in again for aspect in one.aspects if aspect.severity]

    assert len(again) == 91
    assert not falls
    assert not doubts


def test_an_odometer_that_falls_within_one_card_is_a_rollback() -> None:
    [car] = histories("gibdd/diagnostic_2022.json", "gibdd").values()

    [fall] = car.mileages.falls

    assert fall.kind is FallKind.ROLLBACK
    assert (str(fall.higher.began), fall.higher.mileage_km) == ("2021-01-15", 201_532)
    assert (str(fall.lower.began), fall.lower.mileage_km) == ("2022-03-04", 179_919)


@pytest.mark.parametrize(
    ("name", "mapping"),
    [
        ("gibdd/diagnostic_unordered_previous.json", "gibdd"),
        ("dvsa/mot_history_api_v6.json", "dvsa_mot_api"),
        ("avtocod/b2b_user__report.json", "avtocod"),
    ],
)
def test_other_real_cars_have_no_rollback(name: str, mapping: str) -> None:
    told = histories(name, mapping)

    assert told
    assert not [fall for one in told.values() for fall in one.mileages.falls]


def test_one_cars_grey_and_kia_are_the_same_in_every_spelling() -> None:
    [car] = histories("avtocod/b2b_user__report.json", "avtocod").values()

    means = {aspect.name: [one.means for one in aspect.statements] for aspect in car.aspects}

    assert means["colour"] == ["grey"]
    assert means["make"] == ["Kia"]
    assert not [aspect.name for aspect in car.aspects if aspect.severity]


def test_the_register_of_a_real_car_has_its_periods_of_owners() -> None:
    owners = [one for car in histories("gibdd/history_2022.json", "gibdd").values() for one in car.owners]

    assert [len(one.periods) for one in owners] == [7]
    assert not owners[0].overlaps
