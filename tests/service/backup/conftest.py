from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from deploy.backup import sealing
from deploy.backup.manifest import SERVICES, ServiceName
from deploy.backup.places import Places
from deploy.embedded.clickhouse import EmbeddedClickHouse
from tests.service.backup.installation import KEYS, OWNER, PASSWORD, NewSite, Site, announced, own, somebody
from tests.support import postgres


@pytest.fixture(scope="session")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Generator[EmbeddedClickHouse]:
    folder = tmp_path_factory.mktemp("clickhouse")
    engine = EmbeddedClickHouse(folder / "data", password="for-tests", logs=folder, pids=folder)
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
async def new_site(postgres_url: str, tmp_path: Path) -> AsyncGenerator[NewSite]:
    """Makes one, migrated or with nothing in it."""
    async with AsyncExitStack() as opened:

        async def make(*, migrated: bool) -> Site:
            urls: dict[ServiceName, str] = {}
            for service in SERVICES:
                template = await postgres.make_template(postgres_url, service) if migrated else "template1"
                urls[service] = await opened.enter_async_context(postgres.copy_of(postgres_url, template))
                await own(urls[service])
            files = tmp_path / f"files-{uuid4().hex[:8]}"
            files.mkdir()
            places = Places(
                cabinet_owner_database_url=postgres.as_role(urls["cabinet"], OWNER, PASSWORD),
                bpa_owner_database_url=postgres.as_role(urls["bpa"], OWNER, PASSWORD),
                cabinet_secret_keys=(KEYS["cabinet"],),
                bpa_secret_keys=(KEYS["bpa"],),
                cabinet_files_dir=files,
            )
            return Site(places, urls)

        yield make


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    sealing.make_key(path)
    return path


@pytest.fixture
async def site(new_site: NewSite) -> Site:
    """With a client behind row level security, an event for the peer, and work that a broker has."""
    site: Site = await new_site(migrated=True)
    folder = site.places.files
    (folder / "originals" / "aa").mkdir(parents=True)
    (folder / "originals" / "aa" / "one").write_bytes(b"a photo" * 50_000)
    (folder / ".being-written").write_bytes(b"half a pho")
    await somebody(site)
    await announced(site, "bpa.events")
    await announced(site, "cabinet.work")
    return site
