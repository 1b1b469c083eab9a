"""docker-compose.yml of this checkout as a project on an engine of our own, with secrets of its own."""

import json
import resource
import sys
import time
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, Final

from deploy.embedded.stack import CHECKOUT
from tests.containers.engine import Engine, EngineFailed, found

PROJECT: Final = "autodetective"
SERVICES: Final = ("cabinet", "bpa")
ENGINES: Final = ("cabinet-db", "bpa-db", "rabbitmq", "valkey", "clickhouse")
BACKGROUND: Final = tuple(
    f"{service}-{part}" for service in SERVICES for part in ("relay", "consumer", "worker")
)
OURS: Final = (*BACKGROUND, "cabinet-api", "bpa-api")
UP_WITHIN: Final = 300.0
OPEN_FILES: Final = 65_536
LABEL: Final = f"label=com.docker.compose.project={PROJECT}"


class Compose:
    """The project. `settings` are the variables that the file asks for; they may change while it runs."""

    def __init__(self, engine: Engine, folder: Path, *, version: str) -> None:
        self.engine = engine
        self.folder = folder / "project"
        self.folder.mkdir()
        self.settings = {"ENVIRONMENT": "development", "VERSION": version}
        for name in ("docker-compose.yml", "deploy"):
            (self.folder / name).symlink_to(CHECKOUT / name)
        engine.run(
            sys.executable, CHECKOUT / "deploy" / "docker" / "make_secrets.py", self.folder / "secrets"
        )
        self._words = (
            found("docker-compose"),
            *("-p", PROJECT, "--project-directory", self.folder),
            *("-f", self.folder / "docker-compose.yml"),
            *self._within_limits_of_the_machine(),
        )

    def _within_limits_of_the_machine(self) -> Sequence[str | Path]:
        """ClickHouse is promised more open files than a machine may have to give, and then does not start."""
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if most >= OPEN_FILES:
            return ()
        override = self.folder / "within-limits.json"
        limits = {"ulimits": {"nofile": {"soft": most, "hard": most}}}
        override.write_text(json.dumps({"services": {"clickhouse": limits}}))
        return ("-f", override)

    def call(self, *words: str, given: str | None = None) -> str:
        """What the command prints; `given` is what it reads. Raises EngineFailed."""
        return self.engine.run(*self._words, *words, given=given, variables=self.settings)

    def up(self, *names: str) -> None:
        """All of it, or these with what they need; returns once those of ours are healthy."""
        self.call("up", "-d", "--no-build", *names)
        self.wait_until_healthy(names or OURS)

    def command(self, name: str, *words: str) -> str:
        """What a command of ours prints, in the container of this process."""
        return self.call("exec", "-T", name, "start", *words)

    def rows(self, service: str, statement: str) -> list[str]:
        """The first column of what the superuser is told, whatever row level security hides."""
        ask = ("psql", "-U", "postgres", "-d", service, "-v", "ON_ERROR_STOP=1", "-Atc", statement)
        return self.call("exec", "-T", f"{service}-db", *ask).splitlines()

    def container(self, name: str) -> Any:
        """What the engine knows of it."""
        identifier = self.call("ps", "-q", name).strip()
        return self.engine.inspect(identifier)

    def wait_until_healthy(self, names: Collection[str]) -> None:
        give_up = time.monotonic() + UP_WITHIN
        for name in names:
            while (state := self.container(name)["State"])["Health"]["Status"] != "healthy":
                if time.monotonic() > give_up:
                    raise EngineFailed(f"{name} is not healthy: {json.dumps(state)[-2000:]}")
                time.sleep(0.5)

    def left(self) -> list[str]:
        """What the engine still has of the project: containers, volumes, networks."""
        containers = self.engine.run("docker", "ps", "-a", "--filter", LABEL, "--format", "{{.Names}}")
        volumes = self.engine.run("docker", "volume", "ls", "-q", "--filter", LABEL)
        networks = self.engine.run("docker", "network", "ls", "--filter", LABEL, "--format", "{{.Name}}")
        return [*containers.split(), *volumes.split(), *networks.split()]
