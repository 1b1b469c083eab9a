"""Both services and everything they stand on, on either bus; each part can be killed and comes back.

On signed HTTP the engines are the embedded ones; with RabbitMQ, the broker and PostgreSQL 15 are Debian's. They
are always this world's own: nobody else may be standing on what is killed here.
"""

import os
import tempfile
import threading
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final, Literal, Protocol

from deploy.embedded.processes import Process
from deploy.embedded.services import Service
from deploy.embedded.stack import Stack
from tests.servers.postgres import Postgres
from tests.servers.rabbitmq import RabbitMQ
from tests.support.limits import UNLIMITED_ENVIRONMENT
from tests.support.partner_server import PartnerServer, partner_server_beside

Bus = Literal["http", "rabbitmq"]
PARTS: Final = ("api", "relay", "consumer", "worker")
PROCESSES: Final = tuple(f"{service}-{part}" for service in ("cabinet", "bpa") for part in PARTS)
WATCH_INTERVAL: Final = 0.2


def bus_of_this_run() -> Bus:
    """RabbitMQ where the tests were started beside the real servers (`make test-servers`)."""
    return "rabbitmq" if os.environ.get("AUTODETECTIVE_TEST_AMQP_URL") else "http"


class Engine(Protocol):
    """What the world stands on: it comes back with everything that it had confirmed."""

    def start(self) -> None: ...
    def kill(self) -> None: ...


class World:
    """A running stack and its parts by name: PROCESSES, `postgres`, `valkey`, and with RabbitMQ the `broker`.

    `partner` is the server of the companies in it: nothing happens to it.
    """

    def __init__(self, stack: Stack, bus: Bus, engines: Mapping[str, Engine], partner: PartnerServer) -> None:
        self.stack = stack
        self.partner = partner
        self.bus: Bus = bus
        self._engines = {"valkey": stack.processes["valkey"], **engines}
        if "postgres" not in self._engines:
            self._engines["postgres"] = stack.processes["postgres"]
        self.unexpected: list[str] = []

    def person(self, login: str) -> Mapping[str, str]:
        """How one of the demo's experts signs in."""
        return next(one for one in self.stack.demo_people() if one["login"] == login)

    @property
    def victims(self) -> tuple[str, ...]:
        """Everything that may die without a promise being broken."""
        return (*PROCESSES, *sorted(self._engines.keys() - {"valkey"}))

    def kill(self, name: str) -> None:
        """kill -9."""
        self._part(name).kill()

    def start(self, name: str, environment: Mapping[str, str] | None = None) -> None:
        """Start what was killed; a process is not waited for. `environment` is for this one life of it."""
        part = self._part(name)
        if isinstance(part, Process):
            part.start(environment)
        else:
            part.start()

    def is_running(self, name: str) -> bool:
        return self.stack.processes[name].is_running()

    def exit_code(self, name: str) -> int | None:
        """None while it runs, minus the signal if one ended it."""
        return self.stack.processes[name].exit_code()

    def start_again(self) -> None:
        """Start every process that does not run, and wait until all is ready."""
        for name in PROCESSES:
            if not self.is_running(name):
                self.start(name)
        self.stack.wait_ready(*PROCESSES)

    @contextmanager
    def supervised(self) -> Generator[None]:
        """While the block runs, what ends by itself is noted in `unexpected` and started again."""
        done = threading.Event()

        def watch() -> None:
            while not done.wait(WATCH_INTERVAL):
                for name in PROCESSES:
                    process = self.stack.processes[name]
                    code = process.exit_code()
                    if code is not None and code >= 0:  # a signal is somebody's doing
                        self.unexpected.append(f"{name} {process.how_it_ended()}:\n{process.log_tail(30)}")
                        process.start()

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

    def log_of(self, name: str) -> str:
        """Everything that the process has logged, in all its lives."""
        log = self.stack.processes[name].log
        older = log.with_suffix(".log.1")
        return "".join(path.read_text(errors="replace") for path in (older, log) if path.exists())

    def files(self) -> Path:
        return self.stack.data.files

    def service(self, name: str) -> Service:
        return self.stack.cabinet if name == "cabinet" else self.stack.bpa

    def _part(self, name: str) -> Process | Engine:
        return self._engines.get(name) or self.stack.processes[name]


@contextmanager
def running_world(bus: Bus, environment: Mapping[str, str] | None = None) -> Generator[World]:
    """A world with each process on its own; PostgreSQL keeps what it committed when it is killed."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(_folder()))
        engines: dict[str, Engine] = {}
        superuser_url, amqp_url = None, ""
        if bus == "rabbitmq":
            postgres, broker = Postgres(folder / "pg", survives_kills=True), RabbitMQ(folder / "mq")
            opened.callback(postgres.stop)
            postgres.start()
            opened.callback(broker.stop)
            broker.start()
            engines = {"postgres": postgres, "broker": broker}
            superuser_url, amqp_url = postgres.url, broker.url
        stack = opened.enter_context(
            Stack(
                folder / "data",
                environment={
                    "CABINET_BUS_URL": amqp_url,
                    "BPA_BUS_URL": amqp_url,
                    **UNLIMITED_ENVIRONMENT,
                    **(environment or {}),
                },
                superuser_url=superuser_url,
                split=True,
            )
        )
        yield World(stack, bus, engines, opened.enter_context(partner_server_beside()))


@contextmanager
def away(world: World, *names: str) -> Generator[None]:
    """Killed at the beginning of the block, started again at its end."""
    for name in names:
        world.kill(name)
    try:
        yield
    finally:
        for name in names:
            world.start(name)


@contextmanager
def _folder() -> Generator[str]:
    with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # root's servers run as nobody and have to get through
        yield folder
