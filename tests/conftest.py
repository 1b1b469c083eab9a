"""Fixtures for tests that need a real PostgreSQL or a whole service.

Each test has databases of its own, so that tests neither wait for each other nor see each other's rows, however
many processes run them (pytest -n).
"""

import os
import signal
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import hypothesis
import pytest
import structlog

from bpa_service.api_ports import ApiPorts as BpaPorts
from bpa_service.api_wiring import open_api_ports as open_bpa_ports
from bpa_service.entrypoints.app import create_app as create_bpa
from bpa_service.settings import Settings as BpaSettings
from cabinet_service.api_ports import ApiPorts as CabinetPorts
from cabinet_service.api_wiring import open_api_ports as open_cabinet_ports
from cabinet_service.entrypoints.app import create_app as create_cabinet
from cabinet_service.settings import Settings as CabinetSettings
from tests.support import postgres, running_order
from tests.support.api import BASE_URL, running

if TYPE_CHECKING:
    from tests.servers.versitygw import VersityGateway

SERVICE_KEY: Final = "between-the-services-in-tests"
OWN_KEY: Final = "known-to-one-service-in-tests"

_server: Final = postgres.Server()

# How long an example takes says how busy the machine is, and nothing of whether it is right.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_configure() -> None:
    # Whoever is told to end ends in order, as after a Ctrl-C, and takes the servers along.
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With pytest-xdist the one server is started here, in the process that outlives the workers."""
    node.workerinput["postgres_url"] = _server.url()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> running_order.Groups:
    return running_order.Groups(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=running_order.turn_of)


def pytest_collection_finish(session: pytest.Session) -> None:
    running_order.stop_if_something_is_missing(session)


def pytest_sessionstart(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(running_order.Course(reporter))


def pytest_unconfigure() -> None:
    _server.stop()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One a core. One more took as long, and screens waited longer for services than they do for anybody."""
    return os.cpu_count() or 1


@pytest.fixture(scope="session", autouse=True)
def plain_tracebacks() -> None:
    """Tests log hundreds of errors on purpose; with colours and local variables each takes its time."""
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, renderer])


@pytest.fixture(scope="session")
def postgres_url(pytestconfig: pytest.Config) -> str:
    """A superuser's address of a PostgreSQL server."""
    workerinput: dict[str, str] = getattr(pytestconfig, "workerinput", {})
    return workerinput.get("postgres_url") or _server.url()


@pytest.fixture(scope="session")
async def cabinet_template(postgres_url: str) -> str:
    """The name of cabinet's migrated template database."""
    return await postgres.make_template(postgres_url, "cabinet")


@pytest.fixture(scope="session")
async def cabinet_copies(postgres_url: str, cabinet_template: str) -> AsyncGenerator[postgres.Copies]:
    copies = postgres.Copies(postgres_url, cabinet_template)
    yield copies
    await copies.drop()


@pytest.fixture
async def cabinet_url(cabinet_copies: postgres.Copies) -> AsyncGenerator[str]:
    """The address of an empty database of cabinet, as cabinet itself connects to it."""
    async with cabinet_copies.one() as url:
        yield postgres.as_service(url)


@pytest.fixture
def cabinet_superuser_url(postgres_url: str, cabinet_url: str) -> str:
    """The address of the same database for whoever may do everything in it."""
    return postgres.as_superuser(postgres_url, cabinet_url)


@pytest.fixture(scope="session")
def object_server(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[VersityGateway]":
    # Only here: few tests need a bucket, and no other loads its library.
    from tests.servers import versitygw

    program = versitygw.built()
    if program is None:
        pytest.skip("there is no object store: python -m tests.servers.versitygw builds one, by Go")
    gateway = versitygw.VersityGateway(program, tmp_path_factory.mktemp("objects"))
    gateway.start()
    yield gateway
    gateway.stop()


@pytest.fixture
def cabinet_settings(cabinet_url: str, tmp_path: Path) -> CabinetSettings:
    """To change some: `cabinet_settings.model_copy(update={...})`."""
    return CabinetSettings(
        environment="development",
        database_url=cabinet_url,
        public_url=BASE_URL,
        service_keys=(SERVICE_KEY,),
        secret_keys=(OWN_KEY,),
        files_dir=tmp_path / "cabinet-files",
        outbox_dir=tmp_path / "cabinet-outbox",
        erasures_file=tmp_path / "erasures.jsonl",
    )


@pytest.fixture
async def cabinet_ports(cabinet_settings: CabinetSettings) -> AsyncGenerator[CabinetPorts]:
    """Cabinet's engines, on its own database."""
    async with open_cabinet_ports(cabinet_settings) as ports:
        yield ports


@pytest.fixture
async def cabinet_api(cabinet_settings: CabinetSettings) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of cabinet's API, not signed in; works on the same database as `cabinet_ports`."""
    async with running(create_cabinet(cabinet_settings)) as client:
        yield client


@pytest.fixture(scope="session")
async def bpa_template(postgres_url: str) -> str:
    """The name of bpa's migrated template database."""
    return await postgres.make_template(postgres_url, "bpa")


@pytest.fixture(scope="session")
async def bpa_copies(postgres_url: str, bpa_template: str) -> AsyncGenerator[postgres.Copies]:
    copies = postgres.Copies(postgres_url, bpa_template)
    yield copies
    await copies.drop()


@pytest.fixture
async def bpa_url(bpa_copies: postgres.Copies) -> AsyncGenerator[str]:
    """The address of an empty database of bpa, as bpa itself connects to it."""
    async with bpa_copies.one() as url:
        yield postgres.as_service(url)


@pytest.fixture
def bpa_superuser_url(postgres_url: str, bpa_url: str) -> str:
    """The address of the same database for whoever may do everything in it."""
    return postgres.as_superuser(postgres_url, bpa_url)


@pytest.fixture
def bpa_settings(bpa_url: str) -> BpaSettings:
    """To change some: `bpa_settings.model_copy(update={...})`."""
    return BpaSettings(
        environment="development",
        database_url=bpa_url,
        public_url=BASE_URL,
        service_keys=(SERVICE_KEY,),
        secret_keys=(OWN_KEY,),
        web_dir=Path("not built"),  # the API answers the same, whether or not the desk is here
    )


@pytest.fixture
async def bpa_ports(bpa_settings: BpaSettings) -> AsyncGenerator[BpaPorts]:
    """Bpa's engines, on its own database."""
    async with open_bpa_ports(bpa_settings) as ports:
        yield ports


@pytest.fixture
async def bpa_api(bpa_settings: BpaSettings) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of bpa's API, not signed in; works on the same database as `bpa_ports`."""
    async with running(create_bpa(bpa_settings)) as client:
        yield client
