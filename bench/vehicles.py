"""Vehicle records: importing 3 million with the dirt of a real file, and looking up a car, also among 30 million.

The rows are those of real sales at auctions beside the checkout, with other serials, so that spelling, gaps and
sentinels are as frequent as there; a tenth are of a car that was sold before. Without that file nothing is told.
"""

import asyncio
import gc
import os
import tempfile
import time
from collections.abc import Awaitable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Final

import psutil

from bench.harness import Figure
from bench.stage import Stage
from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.backbone import open_backbone
from bpa_service.entrypoints.import_process import Collecting
from bpa_service.settings import read_environment
from bpa_service.vehicles.importing.service import Delivery, Importer
from bpa_service.vehicles.mappings import catalogue
from bpa_service.vehicles.mappings.files import FileReading
from bpa_service.vehicles.records.record import Identifier
from bpa_service.vehicles.store import records, schema
from bpa_service.vehicles.store.records import VehicleRecords
from shared_schemas import vin

REAL: Final = Path(__file__).parents[2] / "shared" / "data" / "us_auctions" / "camry_sales.csv"
SOURCE: Final = "us_auctions"
AS_OF: Final = datetime(2026, 11, 1, tzinfo=UTC)
ROWS: Final = int(os.environ.get("AUTODETECTIVE_BENCH_VEHICLES", "3000000"))
SOLD_AGAIN: Final = 0.1
LOOKED_UP: Final = 1000
RAW_PORTIONS: Final = 20
_VIN, _DAY = 6, 15
_REMEMBERED: Final = 10_000
_OTHERS: Final = "ABCDEFGHK"
TIMES: Final = len(_OTHERS) + 1
_OTHER_RUNS: Final = 1_000_000


def run() -> list[Figure]:
    if not REAL.exists():
        print(f"vehicles: left out, {REAL.name} is not there")
        return []
    with Stage() as stage, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        stage.stop_background()
        os.environ.update(stage.stack.environment_of(stage.stack.bpa))
        file = Path(folder) / "sales.csv"
        file.write_text("\n".join(_lines(ROWS, seed=1)), encoding="utf-8")
        return asyncio.run(_figures(file))


async def _figures(file: Path) -> list[Figure]:
    settings = read_environment()
    engine = ClickHouse(settings.clickhouse_url, seconds=3600)
    store = VehicleRecords(engine)
    try:
        async with open_backbone(settings) as backbone:
            memory: list[int] = []
            collecting = Collecting()

            def tell(run: object) -> None:
                collecting(run)
                memory.append(_resident())

            importer = Importer(backbone.database, store, tell=tell)
            with _without_collector():
                took = await _seconds(
                    importer.run(Delivery(file, catalogue.mapping(SOURCE), AS_OF, file.name))
                )
                again = await _seconds(
                    importer.run(Delivery(file, catalogue.mapping(SOURCE), AS_OF.replace(day=2), file.name))
                )
        raw = await _raw(engine, file)
        first = await _lookups(engine, store)
        size = await _bytes_a_record(engine)
        await _multiply(engine)
        tenfold = await _lookups(engine, store)
    finally:
        await engine.close()
    third = len(memory) // 3
    millions = ROWS / 1e6
    return [
        Figure(
            name=f"import of {millions:g} M rows, parsed and compared, a second",
            unit="rows/s",
            product=ROWS / took,
            baseline=raw,
            at_least=0.35,
        ),
        Figure(name="the same file again, a second", unit="rows/s", product=ROWS / again),
        Figure(
            name="memory of the import, its last third against its first",
            unit="MiB",
            product=median(memory[-third:]) / 2**20,
            baseline=median(memory[:third]) / 2**20,
            at_most=1.1,
        ),
        Figure(name="bytes of a record on the disk", unit="bytes", product=size),
        Figure(name=f"records of a car among {millions:g} M, median", unit="ms", product=median(first)),
        Figure(name="the same, p99", unit="ms", product=_p99(first), at_most=50),
        Figure(name=f"among {millions * TIMES:g} M, median", unit="ms", product=median(tenfold)),
        Figure(name="the same, p99", unit="ms", product=_p99(tenfold), at_most=50),
        Figure(
            name="p99 at ten times as many",
            unit="ms",
            product=_p99(tenfold),
            baseline=_p99(first),
            at_most=1.3,
        ),
    ]


def _lines(count: int, *, seed: int) -> Iterator[str]:
    """The header, and so many rows of the real file with serials of our own."""
    header, *real = REAL.read_text(encoding="utf-8").splitlines()
    chance = Random(seed)
    rows = [line.split(",") for line in real]
    whole = [row for row in rows if len(row[_VIN]) == vin.LENGTH]
    before: list[list[str]] = []
    yield header
    for number in range(count):
        row = chance.choice(whole).copy()
        if before and chance.random() < SOLD_AGAIN:
            row = chance.choice(before).copy()
            row[_DAY] = chance.choice(whole)[_DAY]
        else:
            row[_VIN] = f"{row[_VIN][:11]}{number % 1_000_000:06}"
            before.append(row)
            if len(before) > _REMEMBERED:
                before[chance.randrange(len(before) - 1)] = before.pop()
        yield ",".join(row)


@contextmanager
def _without_collector() -> Generator[None]:
    """As in the process that imports, which collects now and then instead."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _seconds(importing: Awaitable[object]) -> float:
    begun = time.perf_counter()
    await importing
    return time.perf_counter() - begun


def _resident() -> int:
    return psutil.Process().memory_info().rss


async def _raw(engine: ClickHouse, file: Path) -> float:
    """Rows a second of the same rows, read beforehand, into a table like ours."""
    reading = FileReading(file, catalogue.mapping(SOURCE), AS_OF, file.name)
    portions = [portion for portion, _ in zip(reading.portions(), range(RAW_PORTIONS), strict=False)]
    columns = [records.under_identifiers(0, one.batch) for one in portions]
    await engine.command(schema.records_table("raw_records"))
    names = ", ".join(("name", "value", "run", *records.NAMES))
    begun = time.perf_counter()
    for one in columns:
        await engine.insert(f"INSERT INTO raw_records ({names}) VALUES", one)
    took = time.perf_counter() - begun
    await engine.command("DROP TABLE raw_records")
    return sum(len(one[0]) for one in columns) / took


async def _lookups(engine: ClickHouse, store: VehicleRecords) -> list[float]:
    """Milliseconds of asking for cars of which nobody asked before."""
    sql = f"SELECT value FROM {schema.RECORDS} WHERE name = 'vin' ORDER BY cityHash64(value, 7) LIMIT {LOOKED_UP}"
    vins: Sequence[str] = [value for (value,) in await engine.rows(sql)]
    times: list[float] = []
    for number in vins:
        begun = time.perf_counter()
        found = await store.of([Identifier("vin", number, "")])
        times.append((time.perf_counter() - begun) * 1000)
        assert found, number
    return times


async def _bytes_a_record(engine: ClickHouse) -> float:
    sql = "SELECT sum(bytes_on_disk) / sum(rows) FROM system.parts WHERE active AND table = %(table)s"
    [(size,)] = await engine.rows(sql, {"table": schema.RECORDS})
    return float(size)


async def _multiply(engine: ClickHouse) -> None:
    """The same records of nine times as many other cars: of none of the real ones the VIN begins so."""
    for turn, letter in enumerate(_OTHERS, 1):
        other = f"concat('{letter}', substring(value, 2))"
        replaced = f"{other} AS value, {other} AS vin, {_OTHER_RUNS + turn} AS run"
        sql = f"SELECT * REPLACE ({replaced}) FROM {schema.RECORDS} WHERE run < {_OTHER_RUNS}"
        await engine.command(f"INSERT INTO {schema.RECORDS} {sql}")
    await engine.command(f"OPTIMIZE TABLE {schema.RECORDS} FINAL")


def _p99(times: Sequence[float]) -> float:
    return quantiles(times, n=100)[-1]
