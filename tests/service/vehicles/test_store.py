"""Vehicle records in the engine: what was brought appears at once, and the newest word of a source holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.vehicles.records.columns import Batch
from bpa_service.vehicles.records.kinds import Action
from bpa_service.vehicles.records.ranges import Range
from bpa_service.vehicles.records.record import Identifier, Record
from bpa_service.vehicles.records.rejects import Reason, Reject
from bpa_service.vehicles.store import schema
from bpa_service.vehicles.store.analytics import EngineRefused
from bpa_service.vehicles.store.records import Published, RowsMissing, VehicleRecords
from shared_schemas.records import MileageQuality, Outcome, Precision
from tests.service.vehicles.stored import FIRST, VIN, brought, record

BY_VIN = [Identifier("vin", VIN, "")]


async def mileages(store: VehicleRecords) -> dict[str, int | None]:
    return {one.key: one.mileage_km for one in await store.of(BY_VIN)}


async def test_nothing_is_seen_before_all_of_it_is(store: VehicleRecords) -> None:
    await store.begin(1)
    await store.add(1, 1, Batch.of([record("1")]))
    await store.add(1, 2, Batch.of([record("2")]))
    assert await store.of(BY_VIN) == []
    await store.publish(1, "register", as_of=FIRST, complete=False, expected=2)
    assert await mileages(store) == {"1": 100_000, "2": 100_000}


async def test_a_portion_that_is_sent_again_is_there_once(store: VehicleRecords) -> None:
    await store.begin(1)
    for _ in range(3):
        await store.add(1, 1, Batch.of([record("1"), record("2")]))
    published = await store.publish(1, "register", as_of=FIRST, complete=False, expected=2)
    assert published == Published(sent=2, added=2, withdrawn=0)


async def test_publishing_again_adds_nothing_and_says_the_same(store: VehicleRecords) -> None:
    await store.begin(1)
    await store.add(1, 1, Batch.of([record("1"), record("2")]))
    for _ in range(2):
        published = await store.publish(1, "register", as_of=FIRST, complete=True, expected=2)
        assert published == Published(sent=2, added=2, withdrawn=0)
    assert len(await store.of(BY_VIN)) == 2


async def test_rows_that_got_lost_are_missed_and_nothing_is_shown(store: VehicleRecords) -> None:
    await store.begin(1)
    await store.add(1, 1, Batch.of([record("1")]))
    with pytest.raises(RowsMissing):
        await store.publish(1, "register", as_of=FIRST, complete=False, expected=2)
    assert await store.of(BY_VIN) == []


async def test_what_was_there_before_is_known_and_not_kept_twice(store: VehicleRecords) -> None:
    await brought(store, 1, [record("1"), record("2")])
    again = await brought(store, 2, [record("2"), record("1"), record("3")])
    assert (again.added, again.known) == (1, 2)
    [(rows,)] = await store.engine.rows(f"SELECT count() FROM {schema.RECORDS}")
    assert rows == 3


async def test_the_newest_word_of_a_source_holds(store: VehicleRecords) -> None:
    await brought(store, 1, [record("1", mileage_km=100_000)])
    await brought(store, 2, [record("1", mileage_km=120_000)])
    assert await mileages(store) == {"1": 120_000}
    # It may go back to what it had said first: that is its newest word then.
    await brought(store, 3, [record("1", mileage_km=100_000)])
    assert await mileages(store) == {"1": 100_000}


async def test_what_a_source_takes_back_is_gone_until_it_states_it_again(store: VehicleRecords) -> None:
    await brought(store, 1, [record("1"), record("2")])
    await brought(store, 2, [record("1", action=Action.WITHDRAW)])
    assert await mileages(store) == {"2": 100_000}
    await brought(store, 3, [record("1")])
    assert await mileages(store) == {"1": 100_000, "2": 100_000}


async def test_what_a_delivery_of_everything_lacks_is_taken_back(store: VehicleRecords) -> None:
    await brought(store, 1, [record("1"), record("2"), record("3")], complete=True)
    second = await brought(store, 2, [record("2")], complete=True)
    assert (second.added, second.withdrawn) == (0, 2)
    assert await mileages(store) == {"2": 100_000}
    third = await brought(store, 3, [record("2"), record("3")], complete=True)
    assert (third.added, third.withdrawn) == (1, 0)
    assert await mileages(store) == {"2": 100_000, "3": 100_000}


async def test_one_source_takes_back_nothing_of_another(store: VehicleRecords) -> None:
    await brought(store, 1, [replace(record("1"), source="adverts")])
    await brought(store, 2, [record("2")], complete=True)
    assert set(await mileages(store)) == {"1", "2"}


async def test_what_an_undone_run_brought_and_took_back_is_as_before(store: VehicleRecords) -> None:
    await brought(store, 1, [record("1"), record("2")], complete=True)
    await store.reject(2, 1, [Reject("a.csv", 7, 0, Reason.IDENTIFIER_MISSING)])
    await brought(store, 2, [record("1", mileage_km=5), record("3")], complete=True)
    await store.undo(2)
    assert await mileages(store) == {"1": 100_000, "2": 100_000}
    assert await store.rejects_of(2, most=10) == []


async def test_it_is_found_by_each_of_its_names_and_by_nothing_else(store: VehicleRecords) -> None:
    names = {"plate": "A123BC77", "plate_country": "RU", "engine": "M10-99", "frame": "NHP10-1234567"}
    await brought(store, 1, [record("1", **names), record("2", vin="", vin_pattern="SAL??????????????")])
    for wanted in (
        Identifier("vin", VIN, ""),
        Identifier("plate", "A123BC77", "RU"),
        Identifier("plate", "A123BC77", ""),
        Identifier("engine", "M1099", ""),
        Identifier("frame", "NHP101234567", ""),
    ):
        assert [one.key for one in await store.of([wanted])] == ["1"], wanted
    for other in (
        Identifier("plate", "A123BC77", "NL"),
        Identifier("engine", VIN, ""),
        Identifier("vin", "", ""),
        Identifier("vin", "SAL%", ""),
        Identifier("vin", "' OR 1 = 1 --", ""),
    ):
        assert await store.of([other]) == [], other
    everything = [Identifier("vin", VIN, ""), Identifier("plate", "A123BC77", "RU")]
    assert len(await store.of(everything)) == 1


def recall(key: str, first: str, last: str, **more: Any) -> Record:
    return record(key, vin="", vin_from=first, vin_to=last, **more)


async def found_by(
    store: VehicleRecords, *codes: str, fits: Callable[[Range], bool] = lambda _: True
) -> set[str]:
    return {one.key for one in await store.ranges(codes, fits)}


async def test_a_range_is_found_by_the_codes_of_its_ends_until_its_run_is_undone(
    store: VehicleRecords,
) -> None:
    mazda = recall("1", "JMZGG******100113", "JMZGG******169924")
    two_codes = recall("2", "WDC1569022J306707", "WDD2462432J426041")
    others = [recall("3", "740405", "872978"), recall("4", "***GG******100113", "***GG******169924")]
    await brought(store, 1, [mazda], complete=True)
    await brought(store, 2, [mazda, two_codes, *others], complete=True)

    assert await found_by(store, "JMZ") == {"1"}
    assert await found_by(store, "WDC") == await found_by(store, "WDD") == {"2"}
    assert await found_by(store, "JMZ", "WDC", "WDD") == {"1", "2"}
    assert await found_by(store, "740", "***", "", "J", "JM_", "' OR 1 = 1 --") == set()
    assert await found_by(store) == set()
    assert await found_by(store, "JMZ", "WDC", fits=lambda one: one.first.startswith("W")) == {"2"}
    assert await store.of([Identifier("vin", "JMZ", ""), Identifier("vin", "", "")]) == []

    await store.undo(2)
    assert await found_by(store, "JMZ", "WDC") == {"1"}


async def test_a_range_that_a_source_takes_back_is_found_no_more(store: VehicleRecords) -> None:
    mazda = recall("1", "JMZGG******100113", "JMZGG******169924")
    await brought(store, 1, [mazda], complete=True)
    await brought(store, 2, [recall("2", "JMZGY******100039", "JMZGY******127717")], complete=True)

    assert await found_by(store, "JMZ") == {"2"}


async def test_rejects_are_kept_with_their_places(store: VehicleRecords) -> None:
    await store.prepare()
    rejects = [Reject("a.csv", row, 0, Reason.REQUIRED_MISSING, "vin", "Ж;'=1+1") for row in (3, 1)]
    for _ in range(2):
        await store.reject(5, 1, rejects)
    assert await store.rejects_of(5, most=10) == [
        ("a.csv", 1, 0, "required_missing", "vin", "Ж;'=1+1"),
        ("a.csv", 3, 0, "required_missing", "vin", "Ж;'=1+1"),
    ]


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40)
DAYS = st.dates(date(1900, 1, 2), date(2099, 12, 31)) | st.none()
RECORDS = st.builds(
    record,
    st.integers(1, 10**6).map(str),
    began=DAYS,
    ended=DAYS,
    precision=st.sampled_from(Precision),
    at=st.integers(-600_000_000, 3_700_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))
    | st.none(),
    mileage_km=st.integers(0, 5_000_000) | st.none(),
    mileage_value=st.floats(0, 5_000_000) | st.none(),
    mileage_quality=st.sampled_from(MileageQuality),
    make=TEXTS,
    model=TEXTS,
    text=TEXTS,
    place=TEXTS,
    year=st.integers(1900, 2100) | st.none(),
    amount=st.floats(-1e12, 1e12) | st.none(),
    outcome=st.sampled_from(Outcome),
    codes=st.lists(TEXTS, max_size=3).map(tuple),
    attributes=st.dictionaries(TEXTS, TEXTS, max_size=3),
    as_written=st.dictionaries(TEXTS, TEXTS, max_size=3),
    marks=st.lists(TEXTS, max_size=3).map(tuple),
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(records=st.lists(RECORDS, min_size=1, max_size=20, unique_by=lambda one: one.key))
async def test_a_record_comes_back_as_it_was(engine: ClickHouse, records: list[Record]) -> None:
    store = VehicleRecords(engine)
    await store.prepare()
    await engine.command(f"TRUNCATE TABLE {schema.RECORDS}")
    await brought(store, 1, records)
    as_of = FIRST + timedelta(days=31)
    found = {one.key: one for one in await store.of(BY_VIN)}
    assert found == {one.key: replace(one, as_of=as_of) for one in records}
    await store.forget(1)


async def test_a_statement_that_is_none_is_refused_with_its_code(engine: ClickHouse) -> None:
    with pytest.raises(EngineRefused) as refused:
        await engine.rows("SELECT * FROM nowhere")
    assert refused.value.code == 60
    assert await engine.rows("SELECT 1") == [(1,)]
