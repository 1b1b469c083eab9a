"""A file of a source becomes records: once, wholly or not at all, however often it is begun."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bpa_service.ports import Ports
from bpa_service.vehicles.importing import queries
from bpa_service.vehicles.importing.holding import ImportUnderWay, NotPublished, NotTheNewest
from bpa_service.vehicles.importing.models import ImportRun
from bpa_service.vehicles.importing.service import Delivery, Importer
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.reading import texts
from bpa_service.vehicles.records.record import Identifier
from bpa_service.vehicles.store import schema
from bpa_service.vehicles.store.analytics import Analytics, EngineAway
from bpa_service.vehicles.store.records import VehicleRecords
from tests.service.vehicles.conftest import written
from tests.service.vehicles.stored import contents
from tests.support.vehicle_files import CARS, HEADER, ROW

AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
MAPPING = catalogue.parsed(CARS)


def row(number: int, vin: str = "XTA21144094700001", km: int = 100_000) -> str:
    return f"{number},{vin},LADA,2009,{km},2022-03-04,fine\n"


def delivery(path: Path, *, as_of: datetime = AS_OF, complete: bool = False) -> Delivery:
    mapping = MAPPING.model_copy(update={"delivery": "complete" if complete else "changes"})
    return Delivery(path, mapping, as_of, path.name)


@pytest.fixture
def importer(bpa_ports: Ports, store: VehicleRecords) -> Importer:
    return Importer(bpa_ports.backbone.database, store)


async def test_a_file_is_imported_with_an_account_of_its_rows(
    importer: Importer, store: VehicleRecords, tmp_path: Path
) -> None:
    path = written(tmp_path, HEADER + row(1) + row(2) + "3,,LADA,2009,1,2022-03-04,\n")
    told: list[int] = []

    def tell(further: ImportRun) -> None:
        told.append(further.portion)

    run = await replace(importer, tell=tell).run(delivery(path))
    assert (run.state, run.added, run.withdrawn) == ("published", 2, 0)
    assert run.tally["rows"] == run.tally["records"] + sum(run.tally["rejected"].values()) == 3
    [rejected] = await store.rejects_of(run.number, most=10)
    assert rejected[:4] == ("cars.csv", 4, 0, "identifier_missing")
    assert told
    assert len(await store.of([Identifier("vin", "XTA21144094700001", "")])) == 2
    async with importer.database.reading() as session:
        assert [one.number for one in await queries.recent(session, most=5)] == [run.number]


async def test_the_same_file_is_imported_once(importer: Importer, tmp_path: Path) -> None:
    path = written(tmp_path, HEADER + ROW)
    first = await importer.run(delivery(path))
    again = await importer.run(delivery(path))
    assert again.number == first.number
    later = await importer.run(delivery(path, as_of=AS_OF + timedelta(days=1)))
    assert (later.number != first.number, later.added) == (True, 0)


async def test_a_file_that_is_none_shows_nothing_and_says_why(
    importer: Importer, store: VehicleRecords, tmp_path: Path
) -> None:
    await importer.run(delivery(written(tmp_path, HEADER + ROW)))
    before = await contents(store)
    path = written(tmp_path, "<!DOCTYPE html><html><body>Too many requests</body></html>", "cars2.csv")
    run = await importer.run(delivery(path, complete=True))
    assert (run.state, run.reason) == ("failed", "html_instead_of_data")
    assert await contents(store) == before
    assert await store.engine.rows("SHOW TABLES") == [(schema.RECORDS,), (schema.REJECTS,)]


async def test_two_files_of_a_source_are_not_imported_at_once(
    importer: Importer, store: VehicleRecords, tmp_path: Path
) -> None:
    one, other = written(tmp_path, HEADER + row(1)), written(tmp_path, HEADER + row(2), "other.csv")
    results = await asyncio.gather(
        *(importer.run(delivery(path)) for path in (one, other)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["ImportRun", "ImportUnderWay"]
    assert len(await contents(store)) == 1


async def test_a_run_that_shows_no_life_makes_room_for_another_file(
    importer: Importer, store: VehicleRecords, tmp_path: Path
) -> None:
    cut_off = Importer(importer.database, VehicleRecords(Breaking(store.engine, after=4)))
    with pytest.raises(EngineAway):
        await cut_off.run(delivery(written(tmp_path, HEADER + row(1))))
    await killed(importer)
    other = delivery(written(tmp_path, HEADER + row(2), "other.csv"))
    with pytest.raises(ImportUnderWay):
        await importer.run(other)
    await asleep(importer)
    run = await importer.run(other)
    assert run.state == "published"
    assert [kept[4] for kept in await contents(store)] == ["advert:2"]
    async with importer.database.reading() as session:
        assert [one.reason for one in await queries.recent(session, most=5)] == [None, "abandoned"]


@pytest.mark.parametrize("seed", range(6))
async def test_an_import_that_is_cut_off_anywhere_comes_to_the_same(
    importer: Importer, store: VehicleRecords, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "READ_BYTES", 400)  # so that a file has many portions
    chance = random.Random(seed)
    paths = [
        written(tmp_path, HEADER + "".join(row(number) for number in range(40))),
        written(tmp_path, HEADER + "".join(row(number, km=number) for number in range(20, 60)), "later.csv"),
    ]
    deliveries = [
        delivery(path, as_of=AS_OF + timedelta(days=number), complete=True)
        for number, path in enumerate(paths)
    ]
    for one in deliveries:
        await importer.run(one)
    undisturbed = await contents(store)
    for number in (2, 1):
        await importer.undo(number)
    await forget_runs(importer)

    for one in deliveries:
        for _ in range(chance.randrange(1, 4)):
            broken = Breaking(store.engine, after=chance.randrange(1, 15), carried_out=chance.random() < 0.5)
            with suppress(EngineAway):
                await Importer(importer.database, VehicleRecords(broken)).run(one)
        run = await importer.run(one)  # at once: it said that it was cut off
        assert (run.state, run.tally["rows"], run.tally["records"]) == ("published", 40, 40)
    assert await contents(store) == undisturbed
    assert await store.engine.rows("SHOW TABLES") == [(schema.RECORDS,), (schema.REJECTS,)]


async def test_runs_are_undone_from_the_newest_on(
    importer: Importer, store: VehicleRecords, tmp_path: Path
) -> None:
    first = await importer.run(delivery(written(tmp_path, HEADER + row(1) + row(2)), complete=True))
    before = await contents(store)
    later = delivery(
        written(tmp_path, HEADER + row(2, km=7), "b.csv"), as_of=AS_OF + timedelta(days=1), complete=True
    )
    second = await importer.run(later)
    assert (second.added, second.withdrawn) == (1, 1)
    with pytest.raises(NotTheNewest):
        await importer.undo(first.number)
    assert (await importer.undo(second.number)).state == "undone"
    assert await contents(store) == before
    with pytest.raises(NotPublished):
        await importer.undo(second.number)
    assert (await importer.undo(first.number)).state == "undone"
    assert await contents(store) == []
    assert (await importer.run(later)).added == 1


class Breaking:
    """An engine that is lost at one of the statements that change something, and stays away.

    `carried_out` says whether it was before or after that statement was.
    """

    def __init__(self, engine: Analytics, *, after: int, carried_out: bool = False) -> None:
        self._engine = engine
        self._left = after
        self._carried_out = carried_out

    async def rows(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        self._stay_away()
        return await self._engine.rows(sql, parameters)

    async def command(self, sql: str, parameters: Mapping[str, Any] | None = None) -> None:
        await self._change(lambda: self._engine.command(sql, parameters))

    async def insert(self, sql: str, columns: Sequence[Sequence[Any]]) -> None:
        await self._change(lambda: self._engine.insert(sql, columns))

    async def _change(self, what: Callable[[], Awaitable[None]]) -> None:
        self._stay_away()
        self._left -= 1
        if self._left == 0 and self._carried_out:
            await what()
        self._stay_away()
        await what()

    def _stay_away(self) -> None:
        if self._left <= 0:
            raise EngineAway("it was killed")


async def asleep(importer: Importer) -> None:
    """Whoever imports shows no life any more."""
    await _execute(importer, "UPDATE vehicle_imports SET alive_until = now() - interval '1 second'")


async def killed(importer: Importer) -> None:
    """Whoever imported is gone without a word."""
    await _execute(importer, "UPDATE vehicle_imports SET alive_until = now() + interval '5 minutes'")


async def forget_runs(importer: Importer) -> None:
    await _execute(importer, "DELETE FROM vehicle_imports")


async def _execute(importer: Importer, sql: str) -> None:
    async with importer.database.writing() as session:
        await session.execute(text(sql))
