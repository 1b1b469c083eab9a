"""Both services as real processes, and people who use them through the public APIs.

The bus is RabbitMQ where AUTODETECTIVE_TEST_AMQP_URL says where one is, else signed HTTP; PostgreSQL is the one
of AUTODETECTIVE_TEST_POSTGRES_URL, else the embedded one. Stacks share the broker's queues, so there is never
more than one at a time: they live as long as a module.
"""

import os
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest

from deploy.demo.people import Client, Expert, Json
from deploy.embedded.stack import Stack
from tests.factories.photos import jpeg

VIN: Final = "SAL1A2A40SA606662"
VIN_CLAIM: Final[Json] = {"identifier": VIN, "make": "Land Rover"}


@contextmanager
def running_stack(environment: dict[str, str] | None = None) -> Generator[Stack]:
    """Both services with each background process on its own, as in a real deployment."""
    amqp_url = os.environ.get("AUTODETECTIVE_TEST_AMQP_URL", "")
    with tempfile.TemporaryDirectory(prefix="flows-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with Stack(
            Path(folder) / "data",
            environment={"CABINET_BUS_URL": amqp_url, "BPA_BUS_URL": amqp_url, **(environment or {})},
            superuser_url=os.environ.get("AUTODETECTIVE_TEST_POSTGRES_URL"),
            suffix=f"_{uuid4().hex[:8]}",
            durable=False,
            split=True,
        ) as stack:
            yield stack


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running_stack() as running:
        yield running


class Desk:
    """The demo's experts. Each signs in once a module: a code of their app lets nobody in a second time."""

    def __init__(self, stack: Stack, opened: ExitStack) -> None:
        self._url = stack.bpa.url
        self._open = opened
        self._people = {person["login"]: person for person in stack.demo_people()}
        self._signed_in: dict[str, Expert] = {}

    def expert(self, login: str) -> Expert:
        if login not in self._signed_in:
            person = self._people[login]
            expert = self._open.enter_context(Expert(self._url))
            expert.sign_in(login, person["password"], person["totp_secret"])
            self._signed_in[login] = expert
        return self._signed_in[login]


@dataclass
class People:
    """Who takes part in a test; everyone is signed in at their first mention."""

    stack: Stack
    open: ExitStack
    desk: Desk

    def client(self, contact: str | None = None) -> Client:
        client = self.open.enter_context(Client(self.stack.cabinet.url))
        client.sign_in(contact or f"{uuid4().hex[:10]}@example.com")
        return client

    def as_on(self, token: str) -> Client:
        """Whoever is signed in with this token, for as long as it lasts."""
        client = self.open.enter_context(Client(self.stack.cabinet.url))
        client.use_token(token)
        return client

    def expert(self, login: str) -> Expert:
        return self.desk.expert(login)


@pytest.fixture(scope="module")
def desk(stack: Stack) -> Iterator[Desk]:
    with ExitStack() as opened:
        yield Desk(stack, opened)


@pytest.fixture
def people(stack: Stack, desk: Desk) -> Iterator[People]:
    with ExitStack() as opened:
        yield People(stack, opened, desk)


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
