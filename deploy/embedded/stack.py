"""Both services with their engines as child processes: what `make run`, the demo and the flow tests start."""

import http.client
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from deploy.embedded import databases
from deploy.embedded.clickhouse import EmbeddedClickHouse
from deploy.embedded.data_folder import DataFolder, write_private
from deploy.embedded.databases import Database, migrations_digest
from deploy.embedded.guardian import Guardian
from deploy.embedded.postgres import EmbeddedPostgres
from deploy.embedded.processes import Process, StartFailed, free_port, stop_all, wait_until
from deploy.embedded.root_secret import RootSecret
from deploy.embedded.services import Service
from deploy.embedded.valkey import EmbeddedValkey

CHECKOUT: Final = Path(__file__).parents[2]
READY_TIMEOUT: Final = 180.0  # an old computer that is busy; who has ended is told of at once
COMMAND_TIMEOUT: Final = 180.0
MIGRATION_TIMEOUT: Final = 300.0

Step = Callable[[str], AbstractContextManager[object]]


class Stack:
    """PostgreSQL, Valkey and both services. A context manager.

    Processes go by name: `postgres`, `valkey`, `cabinet-api`, `cabinet-background`, `bpa-api`,
    `bpa-background`; with `split` each background is `-relay`, `-consumer` and `-worker`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        environment: Mapping[str, str] | None = None,
        cabinet_port: int | None = None,
        bpa_port: int | None = None,
        superuser_url: str | None = None,
        suffix: str = "",
        durable: bool = True,
        valkey: bool = True,
        split: bool = False,
        step: Step = nullcontext,
    ) -> None:
        """`environment` comes on top of what the services are given otherwise.

        `superuser_url` is a PostgreSQL server to use instead of an embedded one; `suffix` ends the names of the
        databases and roles made there. `step` wraps each step of the start, for whoever wants to tell of it.
        """
        self.data = DataFolder(folder)
        self.cabinet = Service("cabinet", cabinet_port or free_port())
        self.bpa = Service("bpa", bpa_port or free_port())
        self.processes: dict[str, Process] = {}
        self.interrupt = threading.Event()  # set it to stop waiting: `start` raises Interrupted
        self.hurry = threading.Event()  # set it to stop with force
        self._extra = dict(environment or {})
        self._environments: dict[str, Mapping[str, str]] = {}
        self._superuser_url = superuser_url
        self._embedded = EmbeddedPostgres(
            self.data.postgres, durable=durable, logs=self.data.logs, pids=self.data.pids
        )
        self._suffix = suffix
        self._with_valkey = valkey
        self._clickhouse: EmbeddedClickHouse | None = None
        self._background = ("relay", "consumer", "worker") if split else ("background",)
        self._step = step
        self._lock: int | None = None
        self._guardian: Guardian | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Return once everything is ready.

        Raises InUse, StartFailed or Interrupted; what was started by then is stopped again.
        """
        self.data.create()
        self._lock = self.data.lock()
        try:
            self._guardian = Guardian(self.data, self._lock)
            self._start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End everything, services first. Does nothing if nothing runs."""
        stop_all(self.processes.values(), hurry=self.hurry)
        if self._clickhouse is not None:
            self._clickhouse.stop()
            self._clickhouse = None
        self.data.remove_run()
        if self._guardian is not None:
            self._guardian.dismiss()
            self._guardian = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def kill(self, name: str) -> None:
        """kill -9 one process."""
        self.processes[name].kill()

    def restart(self, name: str, environment: Mapping[str, str] | None = None) -> None:
        """Stop it politely if it runs, start it, and return once it and every API that runs is ready.

        `environment` is for this one life of it.
        """
        self.processes[name].stop()
        self.processes[name].start(environment)
        self.wait_ready(name)

    def wait_ready(self, *names: str) -> None:
        """Return once the named processes (all, if none is named) run and every API that runs is ready.

        Raises StartFailed as soon as one of those named has ended.
        """
        lacking: dict[str, str] = {}

        def ready() -> bool:
            for name in names or self.processes:
                self.processes[name].check()
            for service in (self.cabinet, self.bpa):
                runs = self.processes[f"{service.name}-api"].is_running()
                lacking[service.name] = _lacks(service.port) if runs else ""
            return not any(lacking.values())

        if not wait_until(ready, seconds=READY_TIMEOUT, interrupt=self.interrupt):
            what = "; ".join(f"{name}: {answer}" for name, answer in lacking.items() if answer)
            raise StartFailed(
                f"not ready after {READY_TIMEOUT:.0f} s: {what}. The logs are in {self.data.logs}"
            )

    def command(self, service: Service, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the service's cli and return once it ended."""
        return subprocess.run(  # noqa: S603 - our own program
            [sys.executable, *service.command(*words)],
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_TIMEOUT,
            env={**os.environ, **self.environment_of(service)},
            cwd=CHECKOUT,
            start_new_session=True,
        )

    def superuser_url_of(self, service: Service) -> str:
        """The superuser's address of the service's database."""
        database = urlsplit(self.environment_of(service)[f"{service.name.upper()}_DATABASE_URL"])
        return urlsplit(self._superuser_url or self._embedded.url())._replace(path=database.path).geturl()

    @property
    def clickhouse_url(self) -> str:
        """Where vehicle records lie."""
        return self._environments["bpa"]["BPA_CLICKHOUSE_URL"]

    def environment_of(self, service: Service) -> Mapping[str, str]:
        """What the service's processes find in their environment beside ours."""
        return self._environments[service.name]

    def demo_people(self, *, with_playbook: bool = False) -> list[dict[str, str]]:
        """The experts' demo sign-ins (`role`, `login`, `password`), made if they are not there yet.

        `with_playbook` gives them checks and ready words. Stopped in between, the next run does both.
        """
        if not self.data.people.exists():
            with self._step("Adding the experts of the demo"):
                people_made = self._printed_by("demo-people")
                if with_playbook:
                    self._printed_by("starter-playbook", "admin")
                write_private(self.data.people, people_made)
        people: list[dict[str, str]] = json.loads(self.data.people.read_text())
        return people

    def _printed_by(self, *words: str) -> str:
        """What a command of bpa prints. Raises StartFailed."""
        done = self.command(self.bpa, *words)
        if done.returncode != 0:
            last_words = "\n".join(done.stderr.splitlines()[-10:])
            raise StartFailed(f"{words[0]} ended with exit code {done.returncode}:\n{last_words}")
        return done.stdout

    def _start(self) -> None:
        if self.data.end_leftovers():
            with self._step("Ended what a killed run had left behind"):
                pass
        secret = RootSecret(self.data.secret)
        with self._step("Starting PostgreSQL and Valkey" if self._with_valkey else "Starting PostgreSQL"):
            superuser_url, cache_url = self._start_engines(secret.of("cache"))
        self._clickhouse = EmbeddedClickHouse(
            self.data.clickhouse, password=secret.of("clickhouse"), logs=self.data.logs, pids=self.data.pids
        )
        self._clickhouse.start()
        owned = {service: service.database(secret, self._suffix) for service in (self.cabinet, self.bpa)}
        for service, peer in ((self.cabinet, self.bpa), (self.bpa, self.cabinet)):
            self._environments[service.name] = {
                **service.environment(
                    peer=peer,
                    data=self.data,
                    secret=secret,
                    database_url=owned[service].service_url(superuser_url),
                    cache_url=cache_url,
                    clickhouse_url=self._clickhouse.url(),
                ),
                **self._extra,
            }
        self._migrate(superuser_url, owned)
        with self._step("Starting the services"):
            for service in (self.cabinet, self.bpa):
                for name in ("api", *self._background):
                    self._start_process(service, name)
            self.wait_ready()

    def _start_engines(self, password: str) -> tuple[str, str]:
        """Returns the superuser's address and the cache's, empty if there is none."""
        postgres = self._embedded
        valkey = EmbeddedValkey(self.data.valkey, password=password, logs=self.data.logs, pids=self.data.pids)
        if self._superuser_url is None:
            self.processes["postgres"] = postgres.launch()
        if self._with_valkey:
            self.processes["valkey"] = valkey.launch()
            valkey.wait_ready(interrupt=self.interrupt)
        if self._superuser_url is None:
            postgres.wait_ready(interrupt=self.interrupt)
        return self._superuser_url or postgres.url(), valkey.url() if self._with_valkey else ""

    def _migrate(self, superuser_url: str, owned: Mapping[Service, Database]) -> None:
        marks = databases.prepare(superuser_url, list(owned.values()))
        due = {
            service: migrations_digest(CHECKOUT / service.package / "db" / "migrations") for service in owned
        }
        behind = [service for service in owned if marks[owned[service].name] != due[service]]
        if not behind:
            return
        with self._step("Migrating the databases"):
            migrations = [
                self._start_process(service, "migrate", owner_url=owned[service].owner_url(superuser_url))
                for service in behind
            ]
            if not wait_until(
                lambda: not any(migration.is_running() for migration in migrations),
                seconds=MIGRATION_TIMEOUT,
                interrupt=self.interrupt,
            ):
                raise StartFailed(f"the migrations took more than {MIGRATION_TIMEOUT:.0f} s")
            for service, migration in zip(behind, migrations, strict=True):
                if migration.exit_code() != 0:
                    raise migration.failure(migration.how_it_ended())
                migration.forget()
                del self.processes[migration.name]
                databases.mark_migrated(superuser_url, owned[service].name, due[service])
        # A database that was not up to date may be a new one, without the people of the last.
        self.data.people.unlink(missing_ok=True)

    def _start_process(self, service: Service, name: str, *, owner_url: str | None = None) -> Process:
        """Only the process that migrates is told how to connect as the database's owner."""
        environment = dict(self._environments[service.name])
        if owner_url is not None:
            environment[f"{service.name.upper()}_OWNER_DATABASE_URL"] = owner_url
        process = Process(
            f"{service.name}-{name}",
            [sys.executable, *service.command(name)],
            logs=self.data.logs,
            pids=self.data.pids,
            environment=environment,
            cwd=CHECKOUT,
        )
        self.processes[process.name] = process
        process.start()
        return process


def _lacks(port: int) -> str:
    """What /readyz says is missing; empty if the API is ready."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"no answer yet ({error!r})"
    finally:
        connection.close()
    return "" if answer.status == http.client.OK else f"{answer.status} {text}"
