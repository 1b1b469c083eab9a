"""What a car is called: one spelling for each name, none for what is no name, and when plates are at odds."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpa_service.cases.naming.adverts import LONGEST, advert_key
from bpa_service.cases.naming.domain import (
    AT_ONE_TIME,
    Name,
    NameKind,
    NameSource,
    OnPhoto,
    claimed,
    has_other_plate,
    read,
)
from shared_schemas.events.cabinet_v1 import VehicleClaim
from shared_schemas.words import IdentifierKind, Shot

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
VIN: Final = "SAL1A2A40SA606662"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.avito.ru/moskva/avtomobili/toyota_camry_2.5_at_2018_120000_km_3456789012",
        "https://m.avito.ru/moskva/avtomobili/toyota_camry_2.5_at_2018_120000_km_3456789012?utm_source=share",
        "http://avito.ru/moskva/avtomobili/toyota_camry_2.5_at_2018_120000_km_3456789012/#photos",
        "https://www.avito.ru/tver/avtomobili/another_title_3456789012?context=H4sIAAA&from=search",
    ],
)
def test_one_listing_has_one_key_wherever_its_link_was_copied(url: str) -> None:
    assert advert_key(url) == "avito.ru#3456789012"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://moscow.drom.ru/toyota/camry/51234567.html", "drom.ru#51234567"),
        ("https://auto.drom.ru/51234567.html?ref=1", "drom.ru#51234567"),
        ("https://suchen.mobile.de/fahrzeuge/details.html?id=398765432&lang=de", "mobile.de#398765432"),
        ("https://www.autotrader.co.uk/car-details/202601011234567", "autotrader.co.uk#202601011234567"),
        ("https://cars.example/lots/48213-blue-polo", "cars.example#48213"),
        # These show any number of cars.
        ("https://www.avito.ru/moskva/avtomobili/toyota/camry", None),
        ("https://auto.drom.ru/mazda/cx-5/2019/?page=2&from=123456", None),
        ("https://cars.example/lots/blue-polo?id=7", None),
        (f"https://cars.example/{'7' * 200}", None),
        ("https://www.avito.ru/", None),
        ("https://localhost/12345678", None),
        ("http://[bad/12345678", None),
        ("", None),
    ],
)
def test_what_a_link_leads_to(url: str, key: str | None) -> None:
    assert advert_key(url) == key


@given(st.text(max_size=300) | st.from_regex(r"https?://[a-z.]{1,30}/[!-~]{0,200}", fullmatch=True))
def test_any_link_has_a_key_of_bounded_length_or_none(url: str) -> None:
    key = advert_key(url)
    assert key is None or 0 < len(key) <= LONGEST
    assert advert_key(f"  {url}  ") == key


def of(**claim: str | IdentifierKind | None) -> dict[str, str]:
    values = {"identifier_kind": IdentifierKind.VIN, "identifier": VIN} | claim
    names = claimed(VehicleClaim.model_validate(values), at=NOW)
    assert {(name.source, name.said_at, name.evidence_id) for name in names} <= {
        (NameSource.CLAIM, NOW, None)
    }
    return {name.kind.value: name.key for name in names}


def test_a_claim_gives_a_number_a_plate_and_an_advert() -> None:
    assert of(plate="A123BC77", advert_url="https://avito.ru/x_3456789012") == {
        "number": VIN,
        "plate": "A123BC77",
        "advert": "avito.ru#3456789012",
    }
    assert of(identifier_kind=IdentifierKind.FRAME, identifier="SV30-0169266") == {"number": "SV300169266"}
    assert of(identifier_kind=IdentifierKind.PLATE, identifier="A123BC77") == {"plate": "A123BC77"}


@pytest.mark.parametrize("number", ["1" * 17, "1M8GDM9AXKP042788", "12", "*-*"])
def test_what_no_car_has_or_many_have_is_no_name(number: str) -> None:
    assert of(identifier=number) == {}


def on_photo(text: str, shot: Shot, kind: IdentifierKind = IdentifierKind.VIN, minutes: int = 0) -> OnPhoto:
    return OnPhoto(
        evidence_id=uuid4(), shot=shot, text=text, kind=kind, said_at=NOW + timedelta(minutes=minutes)
    )


def test_photos_give_numbers_engines_and_plates_each_where_it_was_read_first() -> None:
    first = on_photo(f"*{VIN}*", Shot.VIN_STAMPED)
    photos = [
        on_photo(VIN, Shot.VIN_PLATE, minutes=1),
        first,
        on_photo("2AZ-1234567", Shot.ENGINE_NUMBER),
        on_photo("A123BC77", Shot.FRONT, IdentifierKind.PLATE),
        on_photo("2AZ", Shot.ENGINE_NUMBER),
    ]

    names = {(name.kind, name.key): name for name in read(photos)}

    assert names.keys() == {
        (NameKind.NUMBER, VIN),
        (NameKind.ENGINE, "2AZ1234567"),
        (NameKind.PLATE, "A123BC77"),
    }
    assert names[NameKind.NUMBER, VIN].evidence_id == first.evidence_id
    assert {name.source for name in names.values()} == {NameSource.READING}


days = st.integers(-2000, 2000)
keys = st.sampled_from(["A1", "B2", "C3"])


def plate(key: str, day: int) -> Name:
    return Name(
        kind=NameKind.PLATE,
        key=key,
        source=NameSource.CLAIM,
        said_at=NOW + timedelta(days=day),
        evidence_id=UUID(int=1),
    )


names = st.lists(st.builds(plate, keys, days), max_size=3)


@given(names, names)
def test_plates_are_at_odds_only_at_one_time_and_for_both_cases_alike(
    ours: list[Name], theirs: list[Name]
) -> None:
    odd = has_other_plate(ours, theirs)
    assert odd == has_other_plate(theirs, ours)
    if odd:
        assert {name.key for name in ours}.isdisjoint(name.key for name in theirs)
        assert min(abs(a.said_at - b.said_at) for a in ours for b in theirs) <= AT_ONE_TIME
    assert not has_other_plate(ours, [*theirs, *ours])


def test_a_plate_that_changed_with_the_owner_is_not_held_against_a_car() -> None:
    assert has_other_plate([plate("A1", 0)], [plate("B2", 30)])
    assert not has_other_plate([plate("A1", 0)], [plate("B2", 31)])
    assert not has_other_plate([plate("A1", 0)], [])
