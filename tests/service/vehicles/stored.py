"""Records of vehicles, and what is stored of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from bpa_service.vehicles.records.columns import Batch
from bpa_service.vehicles.records.record import Record
from bpa_service.vehicles.store import schema
from bpa_service.vehicles.store.records import Published, VehicleRecords
from shared_schemas.records import Kind


async def contents(store: VehicleRecords) -> list[tuple[object, ...]]:
    """The whole table, but for which run it was."""
    columns = "name, value, source, kind, key, item, hex(row_hash), row, as_of, action, mileage_km"
    return await store.engine.rows(f"SELECT {columns} FROM {schema.RECORDS} ORDER BY ALL")


VIN = "SAL1A2A40SA606662"
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def record(key: str = "1", **more: Any) -> Record:
    given: dict[str, Any] = {"vin": VIN, "mileage_km": 100_000, "as_of": FIRST, **more}
    row_hash = blake2b(repr(sorted(given.items())).encode(), digest_size=16).digest()
    return Record(
        source="register", kind=Kind.MILEAGE, key=key, row_hash=row_hash, file="a.csv", row=int(key), **given
    )


async def brought(
    store: VehicleRecords, run: int, records: Iterable[Record], *, complete: bool = False
) -> Published:
    """Bring these in, each delivery a month after the one before."""
    as_of = FIRST + timedelta(days=31 * run)
    batch = Batch.of(replace(one, as_of=as_of) for one in records)
    await store.begin(run)
    expected = await store.add(run, 1, batch)
    published = await store.publish(run, "register", as_of=as_of, complete=complete, expected=expected)
    await store.forget(run)
    return published
