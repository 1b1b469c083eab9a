"""An engine for vehicle records, and a database of it for each test."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from uuid import uuid4

import pytest

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.vehicles.store.records import VehicleRecords
from deploy.embedded.clickhouse import EmbeddedClickHouse


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Generator[EmbeddedClickHouse]:
    folder = tmp_path_factory.mktemp("clickhouse")
    engine = EmbeddedClickHouse(folder / "data", password="for-tests", logs=folder, pids=folder)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
async def engine(clickhouse: EmbeddedClickHouse) -> AsyncGenerator[ClickHouse]:
    name = f"test_{uuid4().hex}"
    outside = ClickHouse(clickhouse.url())
    await outside.command(f"CREATE DATABASE {name}")
    inside = ClickHouse(clickhouse.url().replace("/default", f"/{name}"))
    yield inside
    await inside.close()
    await outside.command(f"DROP DATABASE {name}")
    await outside.close()


@pytest.fixture
def store(engine: ClickHouse) -> VehicleRecords:
    return VehicleRecords(engine)


def written(folder: Path, rows: str, name: str = "cars.csv") -> Path:
    """A file of the source `cars`."""
    path = folder / name
    path.write_text(rows)
    return path
