"""What figures on real servers are measured on: both services and the bare application, beside each other.

They share one durable PostgreSQL, so that neither has the better disk. A stage is fresh for each figure.
"""

import asyncio
import os
import socket
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

import psutil

from bench import load
from bench.load import Job, Load
from cabinet_service.settings import Settings
from deploy.demo.people import Client, Expert
from deploy.embedded.postgres import EmbeddedPostgres, run_sql
from deploy.embedded.processes import Process, StartFailed, free_port, stop_all, wait_until
from deploy.embedded.stack import CHECKOUT, Stack

ROUNDS: Final = 5
CONNECTIONS: Final = 8
BROKER: Final = os.environ.get("AUTODETECTIVE_TEST_AMQP_URL", "")
SCHEMA: Final = Path(__file__).parent / "bare" / "schema.sql"
START_TIMEOUT: Final = 30.0
# A load comes from few accounts. It is counted all the same, as that is part of what is measured.
_UNLIMITED: Final = {
    f"CABINET_{name.upper()}": "1000000/minute" for name in Settings.model_fields if "_per_" in name
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A round of one side. `cpu` is what its processes and PostgreSQL used."""

    load: Load
    cpu: float

    @property
    def cpu_milliseconds(self) -> float:
        """Per job."""
        return self.cpu / len(self.load.latencies) * 1000


class Stage:
    """A context manager. `stack` is the product; the bare application listens on `bare_port`."""

    def __init__(self, *, bus_url: str = "") -> None:
        """`bus_url` is a broker's; then a second bare process consumes, and listens on `screens_port`."""
        self._closing = ExitStack()
        self._bus_url = bus_url
        self.bare_port, self.screens_port = free_port(), free_port()
        self.bare: list[Process] = []
        self._people: list[dict[str, str]] = []

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._closing.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.close()

    def _start(self) -> None:
        folder = Path(
            self._closing.enter_context(
                tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True)
            )
        )
        folder.chmod(0o755)  # root's PostgreSQL runs as nobody and has to get through
        self.postgres = EmbeddedPostgres(folder / "postgres", durable=True)
        self._closing.callback(self.postgres.stop)
        self.postgres.start()
        self.stack = self._closing.enter_context(
            Stack(
                folder / "data",
                superuser_url=self.postgres.url(),
                environment={"CABINET_BUS_URL": self._bus_url, "BPA_BUS_URL": self._bus_url, **_UNLIMITED},
                split=True,
            )
        )
        self._start_bare(folder)

    def _start_bare(self, folder: Path) -> None:
        run_sql(self.postgres.url(), "CREATE DATABASE bare;")
        run_sql(self.postgres.url("bare"), SCHEMA.read_text())
        (folder / "bare-files").mkdir()
        environment = {
            "BARE_DATABASE_URL": self.postgres.url("bare"),
            "BARE_FILES": str(folder / "bare-files"),
            "BARE_BUS_URL": self._bus_url,
        }
        self._closing.callback(lambda: stop_all(self.bare))
        self._start_bare_process("bare", self.bare_port, environment, folder)
        if self._bus_url:
            self._start_bare_process(
                "bare-screens", self.screens_port, environment | {"BARE_CONSUMES": "1"}, folder
            )

    def _start_bare_process(self, name: str, port: int, environment: Mapping[str, str], folder: Path) -> None:
        process = Process(
            name,
            [sys.executable, "-m", "bench.bare", str(port)],
            logs=folder,
            pids=folder,
            environment=environment,
            cwd=CHECKOUT,
        )
        self.bare.append(process)
        process.start()
        if not wait_until(lambda: _listens(port), seconds=START_TIMEOUT):
            raise StartFailed(process.log_tail())

    def client(self) -> Client:
        """A new client, signed in. Needs the processes in the background, which send the code."""
        client = self._closing.enter_context(Client(self.stack.cabinet.url))
        client.sign_in(f"{uuid4().hex[:12]}@example.com")
        return client

    def expert(self) -> Expert:
        """An expert of the demo, signed in."""
        person = next(one for one in self.stack.demo_people() if one["role"] == "expert")
        expert = self._closing.enter_context(Expert(self.stack.bpa.url))
        expert.sign_in(person["login"], person["password"], person["totp_secret"])
        return expert

    def stop_background(self) -> None:
        """End relays, consumers and workers for good: what they would do later is not to be measured now."""
        names = ("relay", "consumer", "worker")
        stop_all(process for name, process in self.stack.processes.items() if name.endswith(names))

    def sql(self, database: str, script: str) -> str:
        """Run a psql script as the superuser, whom no wall stops."""
        return run_sql(self.postgres.url(database), script)

    def pids(self, *names: str) -> list[int]:
        """The product's processes of these names."""
        return [self.stack.processes[name].pid for name in names]

    async def measure(self, pids: Sequence[int], work: Awaitable[Load]) -> Sample:
        """Do the work and take the CPU time of these processes and PostgreSQL."""
        assert self.postgres.process is not None  # it was started with the stage
        roots = [*pids, self.postgres.process.pid]
        before = sum(map(_cpu_of, roots))
        done = await work
        await asyncio.sleep(0.05)  # the last commit's work after its answer
        return Sample(done, sum(map(_cpu_of, roots)) - before)


async def in_turns(
    stage: Stage,
    *,
    bare: Callable[[int], Sequence[Job]],
    product: Callable[[int], Sequence[Job]],
    api: str = "cabinet-api",
    connections: int = CONNECTIONS,
) -> list[tuple[Sample, Sample]]:
    """ROUNDS rounds after one to warm up. Both functions make the jobs of a round, given its number."""
    service = stage.stack.cabinet if api == "cabinet-api" else stage.stack.bpa
    rounds: list[tuple[Sample, Sample]] = []
    for number in range(ROUNDS + 1):
        theirs = load.do(stage.bare_port, bare(number), connections=connections)
        ours = load.do(service.port, product(number), connections=connections)
        pair = (
            await stage.measure([stage.bare[0].pid], theirs),
            await stage.measure(stage.pids(api), ours),
        )
        if number:
            rounds.append(pair)
    return rounds


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _cpu_of(pid: int) -> float:
    """Seconds of CPU of a process and all its children, those that have ended included."""
    root = psutil.Process(pid)
    seconds = 0.0
    for process in (root, *root.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # PostgreSQL ends some of its own at any time
            time = process.cpu_times()
            seconds += time.user + time.system + time.children_user + time.children_system
    return seconds
