"""Both services as real processes, and people who use them through the public APIs.

The bus is RabbitMQ where AUTODETECTIVE_TEST_AMQP_URL says where one is, else signed HTTP; PostgreSQL is the one
of AUTODETECTIVE_TEST_POSTGRES_URL, else the embedded one; what is searched lies in the Elasticsearch of
AUTODETECTIVE_TEST_SEARCH_URL, else in PostgreSQL. Booting a stack costs more than most modules do with
it, so all that want the same settings share one: nothing here may count on a queue or a log of its own.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import aio_pika
import asyncpg
import pytest

from deploy.demo.people import Client, Expert, Json, Refused
from deploy.embedded.services import Service
from deploy.embedded.stack import Stack
from service_kit.bus import RetryPolicy
from service_kit.bus.rabbitmq.topology import Topology
from tests.factories.photos import jpeg
from tests.flows import traces
from tests.support.collector import Collector
from tests.support.limits import UNLIMITED_ENVIRONMENT

WHERE_IT_IS_BUSY: Final = 3
"""So often people do the same again that could not be done now: three stacks may share two cores."""
VIN: Final = "SAL1A2A40SA606662"
VIN_CLAIM: Final[Json] = {"identifier": VIN, "make": "Land Rover"}


@contextmanager
def running_stack(environment: dict[str, str] | None = None) -> Generator[Stack]:
    """Both services with each background process on its own, as in a real deployment."""
    suffix = f"_{uuid4().hex[:8]}"
    engines = {
        "BUS_URL": os.environ.get("AUTODETECTIVE_TEST_AMQP_URL", ""),
        "SEARCH_URL": os.environ.get("AUTODETECTIVE_TEST_SEARCH_URL", ""),
        "SEARCH_INDEX": f"flows{suffix}",
        "SEARCH_REPLICAS": "0",
    }
    told = {f"{service}_{name}": value for service in ("CABINET", "BPA") for name, value in engines.items()}
    empty_the_broker()
    with tempfile.TemporaryDirectory(prefix="flows-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with Stack(
            Path(folder) / "data",
            environment={**told, **(environment or {})},
            superuser_url=os.environ.get("AUTODETECTIVE_TEST_POSTGRES_URL"),
            suffix=suffix,
            durable=False,
            split=True,
        ) as stack:
            yield stack


def empty_the_broker() -> None:
    """What is under way in it is of a stack that is no more, or of a time that a restore has undone."""

    async def delete(url: str) -> None:
        connection = await aio_pika.connect(url)
        async with connection, connection.channel() as channel:
            for queue in (
                f"{service}.{kind}" for service in ("cabinet", "bpa") for kind in ("events", "work")
            ):
                for name in Topology(queue, RetryPolicy()).names():
                    await channel.queue_delete(name)

    if url := os.environ.get("AUTODETECTIVE_TEST_AMQP_URL"):
        asyncio.run(delete(url))


class Desk:
    """The demo's experts. Each signs in once a stack: a code of their app lets nobody in a second time."""

    def __init__(self, stack: Stack, opened: ExitStack) -> None:
        self._url = stack.bpa.url
        self._open = opened
        self._people = {person["login"]: person for person in stack.demo_people()}
        self._signed_in: dict[str, Expert] = {}

    def expert(self, login: str) -> Expert:
        if login not in self._signed_in:
            person = self._people[login]
            expert = self._open.enter_context(Expert(self._url))
            expert.tries_again = WHERE_IT_IS_BUSY
            expert.sign_in(login, person["password"], person["totp_secret"])
            self._signed_in[login] = expert
        return self._signed_in[login]


@dataclass
class People:
    """Who takes part in a test; everyone is signed in at their first mention."""

    stack: Stack
    open: ExitStack
    desk: Desk
    clients: list[Client] = field(default_factory=list[Client])

    def client(self, contact: str | None = None) -> Client:
        client = self.open.enter_context(Client(self.stack.cabinet.url))
        client.tries_again = WHERE_IT_IS_BUSY
        client.sign_in(contact or f"{uuid4().hex[:10]}@example.com")
        self.clients.append(client)
        return client

    def as_on(self, token: str) -> Client:
        """Whoever is signed in with this token, for as long as it lasts."""
        client = self.open.enter_context(Client(self.stack.cabinet.url))
        client.use_token(token)
        self.clients.append(client)
        return client

    def expert(self, login: str) -> Expert:
        return self.desk.expert(login)

    def check(self, **check: object) -> str:
        """Have experts check something more, until the test is over, however it ends. Returns its text."""
        admin, text = self.expert("admin"), uuid4().hex
        made = admin.call("POST", "/checks", {"text": text, "position": 1, **check}, key=uuid4().hex)
        self.open.callback(admin.call, "DELETE", f"/checks/{made['check_id']}")
        return text

    def leave_nothing_open(self) -> None:
        """Cancel what the clients still wait for, so that the next test finds the queue empty."""
        for client in self.clients:
            with suppress(Refused):  # whoever was signed out or erased waits for nothing
                for inspection in client.get("/inspections")["items"]:
                    with suppress(Refused):  # it is over
                        client.call(
                            "POST",
                            f"/inspections/{inspection['id']}/cancellation",
                            {"reason": "Over"},
                        )


class Stacks:
    """One stack at a time, since all share the broker's queues; it stays until another setting is asked for."""

    def __init__(self) -> None:
        self._opened = ExitStack()
        self._settings: dict[str, str] | None = None
        self._running: tuple[Stack, Desk] | None = None

    def running(self, settings: dict[str, str]) -> tuple[Stack, Desk]:
        """The stack with these settings, and its experts."""
        if self._running is None or settings != self._settings:
            self.close()
            stack = self._opened.enter_context(running_stack(settings))
            self._settings, self._running = settings, (stack, Desk(stack, self._opened))
        return self._running

    def close(self) -> None:
        self._running = None
        self._opened.close()


@pytest.fixture(scope="package")
def stacks() -> Iterator[Stacks]:
    stacks = Stacks()
    yield stacks
    stacks.close()


@pytest.fixture(scope="package")
def collector() -> Iterator[Collector]:
    """One for all: services keep their connection to it, and would tell the next one nothing."""
    with Collector(traces.PORT).running() as collector:
        yield collector


@pytest.fixture(scope="module")
def running(stacks: Stacks, request: pytest.FixtureRequest) -> tuple[Stack, Desk]:
    """With the SETTINGS of the module, or else the stack that most of them share, on which no limit is met."""
    module: Any = request.node.getparent(pytest.Module)
    return stacks.running(getattr(module.obj, "SETTINGS", UNLIMITED_ENVIRONMENT))


@pytest.fixture(scope="module")
def stack(running: tuple[Stack, Desk]) -> Stack:
    return running[0]


@pytest.fixture(scope="module")
def desk(running: tuple[Stack, Desk]) -> Desk:
    return running[1]


@pytest.fixture
def people(stack: Stack, desk: Desk) -> Iterator[People]:
    with ExitStack() as opened:
        taking_part = People(stack, opened, desk)
        yield taking_part
        taking_part.leave_nothing_open()


def in_database(stack: Stack, service: Service, statement: str, *values: object) -> list[asyncpg.Record]:
    """Run a statement as the service itself; returns its rows."""

    async def run() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(
            stack.environment_of(service)[f"{service.name.upper()}_DATABASE_URL"]
        )
        try:
            await connection.execute("SELECT set_config('app.scope', 'system', false)")
            return await connection.fetch(statement, *values)
        finally:
            await connection.close()

    return asyncio.run(run())


@pytest.fixture(scope="module")
def photo() -> Callable[[], bytes]:
    """A photo of its own at each call."""
    numbers = iter(range(10_000))
    return lambda: jpeg(320 + next(numbers), 240)


@pytest.fixture
def send(photo: Callable[[], bytes]) -> Callable[[Client], str]:
    """Sends a complete inspection; returns its id."""

    def send_inspection(client: Client) -> str:
        inspection_id: str = client.start(VIN_CLAIM, worry="Are the digits genuine?")["id"]
        client.upload(inspection_id, "vin_stamped", photo())
        client.upload(inspection_id, "front", photo())
        client.submit(inspection_id)
        return inspection_id

    return send_inspection
