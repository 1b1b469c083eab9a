"""An engine for vehicle records, a database of it for each test, and people at the desk who import."""

from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from bpa_service.adapters.clickhouse import ClickHouse
from bpa_service.api_ports import ApiPorts
from bpa_service.experts.domain import Role
from bpa_service.settings import Settings
from bpa_service.vehicles.importing.service import Importer
from bpa_service.vehicles.importing.working import Worker
from bpa_service.vehicles.store.records import VehicleRecords
from deploy.embedded.clickhouse import EmbeddedClickHouse
from tests.support.experts import SignedInExpert, sign_in

Json = dict[str, Any]
STOCK_HEADER: Final = "make,model,chassis,year,kms\n"


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Generator[EmbeddedClickHouse]:
    folder = tmp_path_factory.mktemp("clickhouse")
    engine = EmbeddedClickHouse(folder / "data", password="for-tests", logs=folder, pids=folder)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
async def engine_url(clickhouse: EmbeddedClickHouse) -> AsyncGenerator[str]:
    """The address of an empty database of the engine."""
    name = f"test_{uuid4().hex}"
    outside = ClickHouse(clickhouse.url())
    await outside.command(f"CREATE DATABASE {name}")
    yield clickhouse.url().replace("/default", f"/{name}")
    await outside.command(f"DROP DATABASE {name}")
    await outside.close()


@pytest.fixture
async def engine(engine_url: str) -> AsyncGenerator[ClickHouse]:
    inside = ClickHouse(engine_url)
    yield inside
    await inside.close()


@pytest.fixture
def store(engine: ClickHouse) -> VehicleRecords:
    return VehicleRecords(engine)


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """Where files lie that were sent at the desk."""
    return tmp_path / "uploads"


@pytest.fixture
def drops(tmp_path: Path) -> Path:
    return tmp_path / "drops"


@pytest.fixture
def bpa_settings(bpa_settings: Settings, engine_url: str, uploads: Path, drops: Path) -> Settings:
    """Of an installation that keeps vehicle records."""
    return bpa_settings.model_copy(
        update={
            "clickhouse_url": engine_url,
            "imports_dir": uploads,
            "drop_folder": drops,
            "import_file_bytes": 40_000_000,
        }
    )


@pytest.fixture
def worker(bpa_ports: ApiPorts, store: VehicleRecords, uploads: Path, drops: Path) -> Worker:
    """What works through the line, in this process."""
    return Worker(Importer(bpa_ports.backbone.database, store), uploads, drops)


@dataclass(frozen=True)
class Colleague:
    """Somebody signed in at the desk."""

    api: httpx.AsyncClient
    who: SignedInExpert

    async def send(
        self,
        content: bytes | str,
        *,
        source: str = "jp_stock",
        as_of: str = "2026-11-01T00:00:00Z",
        name: str = "stock.csv",
        key: str | None = None,
    ) -> httpx.Response:
        """Send a file as a browser does."""
        return await self.api.post(
            f"/api/v1/sources/{source}/files",
            data={"as_of": as_of, "name": name},
            files={"file": (name, content.encode() if isinstance(content, str) else content)},
            headers=self.who.headers | {"Idempotency-Key": key or uuid4().hex},
        )

    async def sent(self, content: bytes | str, **more: str) -> Json:
        answer = await self.send(content, **more)
        assert answer.status_code == 202, answer.text
        return answer.json()

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.api.get(f"/api/v1/{path}", headers=self.who.headers, params=query)

    async def seen(self, import_id: str) -> Json:
        answer = await self.get(f"imports/{import_id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def source(self, name: str = "jp_stock") -> Json:
        answer = await self.get("sources")
        assert answer.status_code == 200, answer.text
        return next(one for one in answer.json()["items"] if one["name"] == name)

    async def undo(self, import_id: str) -> httpx.Response:
        return await self.api.put(f"/api/v1/imports/{import_id}/undoing", headers=self.who.headers)

    async def cancel(self, import_id: str) -> httpx.Response:
        return await self.api.delete(f"/api/v1/imports/{import_id}", headers=self.who.headers)


@pytest.fixture
async def admin(bpa_api: httpx.AsyncClient, bpa_ports: ApiPorts) -> Colleague:
    return Colleague(bpa_api, await sign_in(bpa_ports, Role.BPA_ADMIN))


def written(folder: Path, rows: str, name: str = "cars.csv") -> Path:
    """A file of the source `cars`."""
    path = folder / name
    path.write_text(rows)
    return path


def car(number: int, kms: int = 10_000) -> str:
    """A row of a stock list."""
    return f"TOYOTA,COROLLA,NZE141-{number:07},2010,{kms}\n"


def stock(count: int, kms: int = 10_000, *, first: int = 1) -> str:
    """A stock list of so many cars."""
    return STOCK_HEADER + "".join(car(number, kms) for number in range(first, first + count))
