"""Numbers that records know, in the engine: found by their ends, in every table that there may be."""

from typing import Any

import pytest

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.vehicles.records.kinds import Action
from bpa_service.vehicles.store import schema
from bpa_service.vehicles.store.likes import likes_of
from bpa_service.vehicles.store.numbers import NAMES, KnownNumber, Numbers, statement
from bpa_service.vehicles.store.records import VehicleRecords
from service_kit.search.documents import NameKind
from service_kit.search.questions import NamePattern
from tests.service.vehicles.stored import VIN, brought, record

ALL = frozenset(NAMES)
OTHERS = 40_000


@pytest.fixture
def numbers(engine: ClickHouse) -> Numbers:
    return Numbers(engine)


async def like(numbers: Numbers, typed: str, kinds: frozenset[NameKind] = ALL) -> set[str]:
    return {value for one in likes_of(NamePattern(typed)) for value in await numbers.like(one, kinds)}


async def told(engine: ClickHouse, sql: str, parameters: Any = None) -> str:
    return "\n".join(line for (line,) in await engine.rows(f"EXPLAIN indexes = 1 {sql}", parameters))


async def filled(engine: ClickHouse, *, first: int = 0) -> None:
    """Many cars that are like none of the others in these tests."""
    vins = f"concat('WVWZZZ1KZAW', leftPad(toString(number + {first}), 6, '0'))"
    given = f"'vin' AS name, {vins} AS value, value AS vin, 'state' AS action, 'other' AS source, 9 AS run"
    into = "(name, value, vin, action, source, run)"
    await engine.command(f"INSERT INTO {schema.RECORDS} {into} SELECT {given} FROM numbers({OTHERS})")


@pytest.mark.parametrize(
    ("typed", "order"),
    [("*606662", "by_end"), ("SAL1A2A40SA606663", "by_beginning"), ("?AL1A2A40SA*606662", "by_end")],
)
async def test_no_end_and_no_mistake_reads_the_whole_table(
    store: VehicleRecords, engine: ClickHouse, typed: str, order: str
) -> None:
    await brought(store, 1, [record("1")])
    await filled(engine)

    plans = [await told(engine, *statement(one, ALL)) for one in likes_of(NamePattern(typed))]

    assert any(f"ReadFromMergeTree ({order})" in plan for plan in plans)
    for plan in plans:
        read = [
            line.split()[-1].split("/") for line in plan.splitlines() if "Granules:" in line and "/" in line
        ]
        assert all(int(some) <= 2 for some, _ in read), plan
        assert sum(int(of) for _, of in read) >= OTHERS // 1024


async def test_a_number_is_found_by_its_beginning_its_end_and_with_a_mistake(
    store: VehicleRecords, numbers: Numbers
) -> None:
    await brought(store, 1, [record("1"), record("2", vin="", frame="NHP10-1234567", plate="A123BC77")])
    for typed in (VIN, "SAL1A2A", "606662", "SAL1*", "*6662", "SAL1A2A40?A606662", "SALIAZA4OSA6O6662"):
        assert VIN in await like(numbers, typed), typed
    for typed in ("SAL1A2A40SA606626", "SAL1A2A40SA60662", "XAL1A2A40SA606662", "SAL1A2A40SSA606662"):
        assert await like(numbers, typed) == {VIN}, typed
    assert await like(numbers, "NHP1012") == await like(numbers, "4567") == {"NHP101234567"}
    assert await like(numbers, "A123BC77") == {"A123BC77"}
    assert await like(numbers, "A123BC77", frozenset({NameKind.NUMBER})) == set()
    for typed in ("SAL1A2A40SA606699", "' OR 1=1 --", "SAL%", "%%%%", "____", "\\\\\\\\", "1A2A4", "Я" * 60):
        assert await like(numbers, typed) == set(), typed


async def test_what_is_known_of_a_number_is_what_holds_now(store: VehicleRecords, numbers: Numbers) -> None:
    names = {"body": VIN, "chassis": VIN, "engine": "M10-99"}
    await brought(store, 1, [record("1", make="Land Rover", model="Range", year=2013, **names)])
    await brought(store, 2, [record("2", make="LAND ROVER", model="Evoque", year=None)])

    [number] = await numbers.known([VIN], ALL)
    assert number == KnownNumber(
        kind=NameKind.NUMBER,
        value=VIN,
        names=("body", "chassis", "vin"),
        written=VIN,
        records=2,
        sources=1,
        make=number.make,
        model=None,
        year=2013,
        vin=VIN,
    )
    assert (number.make or "").upper() == "LAND ROVER"
    [engine] = await numbers.known(["M1099"], ALL)
    assert (engine.kind, engine.vin, engine.records) == (NameKind.ENGINE, VIN, 1)

    await brought(
        store, 3, [record("1", action=Action.WITHDRAW, **names), record("2", action=Action.WITHDRAW)]
    )
    assert await numbers.known([VIN, "M1099"], ALL) == []
    assert await numbers.known([], ALL) == await numbers.known([VIN], ()) == []


async def test_what_an_undone_run_brought_is_found_no_more(store: VehicleRecords, numbers: Numbers) -> None:
    await brought(store, 1, [record("1")])
    await brought(store, 2, [record("2", vin="XTA21144094700001")])
    assert await like(numbers, "700001") == {"XTA21144094700001"}
    await store.undo(2)
    assert await numbers.known(await like(numbers, "700001"), ALL) == []
    assert await like(numbers, "606662") == {VIN}


async def test_records_of_an_older_version_are_found_by_their_ends_as_well(
    store: VehicleRecords, engine: ClickHouse, numbers: Numbers
) -> None:
    made = schema.staging_table(7).replace(schema.staging(7), schema.RECORDS)
    await engine.command(made)  # as it was made before there were other orders
    await filled(engine)
    await brought(store, 1, [record("1")])
    await engine.command(
        f"ALTER TABLE {schema.RECORDS} MATERIALIZE PROJECTION by_end SETTINGS mutations_sync = 1"
    )

    for _ in range(2):
        await store.prepare()  # harmless

    assert await like(numbers, "606662") == {VIN}
    assert await like(numbers, "ZAW012345") == {"WVWZZZ1KZAW012345"}
    [end] = likes_of(NamePattern("*W012345"))
    assert "ReadFromMergeTree (by_end)" in await told(engine, *statement(end, ALL))
    [(asked,)] = await engine.rows("SELECT count() FROM system.mutations WHERE database = currentDatabase()")
    assert asked == 3  # once for each order, and once by this test
    await store.undo(9)
    assert await numbers.known({"WVWZZZ1KZAW012345"}, ALL) == []
