"""`make test-containers`: builds both images on bases made here, brings docker-compose.yml up, plays the main job
through it while its background processes are replaced, and takes it all down. Prints what it measured.

It needs root, Debian's docker.io, docker-compose and debootstrap, and Debian's packages; no image registry.
"""

import json
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from bpa_service.vehicles.importing.states import ImportState
from deploy.embedded.stack import CHECKOUT
from tests.containers.engine import Engine, EngineFailed, found, running_engine
from tests.containers.images import make_bases, make_engines

PROJECT: Final = "autodetective"
SERVICES: Final = ("cabinet", "bpa")
BACKGROUND: Final = tuple(
    f"{service}-{part}" for service in SERVICES for part in ("relay", "consumer", "worker")
)
OURS: Final = (*BACKGROUND, "cabinet-api", "bpa-api")
UP_WITHIN: Final = 300.0
IMPORTED_WITHIN: Final = 300.0
ORDERLY: Final = 0
OPEN_FILES: Final = 65_536
MEGABYTE: Final = 1_000_000


class NotAsPromised(Exception):
    """What was seen is not what the documents say."""


def main() -> int:
    try:
        with tempfile.TemporaryDirectory(prefix="containers-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            with running_engine(folder / "engine") as engine:
                play(engine, folder)
    except (EngineFailed, NotAsPromised, subprocess.TimeoutExpired) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def play(engine: Engine, folder: Path) -> None:
    """The whole of it. Raises NotAsPromised or EngineFailed."""
    with step("bases by debootstrap"):
        make_bases(engine, folder)
    with step("stand-ins for the engines"):
        make_engines(engine)
    base = engine.inspect("python:made-here")["Size"]
    for service in SERVICES:
        with step(f"the image of {service}"):
            build(engine, service)
        size = engine.inspect(f"autodetective/{service}:latest")["Size"]
        print(f"  {size / MEGABYTE:.0f} MB, of which the base {base / MEGABYTE:.0f}", flush=True)
    compose = Compose(engine, folder)
    try:
        with step("up, until all are healthy"):
            compose.call("up", "-d", "--no-build")
            compose.wait_until_healthy()
        look_at(engine, compose)
        with step("the main job"):
            people = compose.demo_people()
            compose.demo(folder, people)
        with step("files of four sources, until they are in ClickHouse"):
            compose.deliver(folder)
        with step("the main job twice, while background processes are replaced one after the other"):
            compose.demo_while_replacing(folder, people)
        with step("told to stop"):
            compose.call("stop")
        look_at_ends(engine, compose)
    except EngineFailed as error:
        print(f"{error}\n{compose.call('logs', '--tail=40')}", file=sys.stderr, flush=True)
        raise
    finally:
        compose.call("down", "-v", "--remove-orphans")


def build(engine: Engine, service: str) -> None:
    arguments = (f"SERVICE={service}", "BASE_IMAGE=python:made-here", "NODE_IMAGE=node:made-here")
    words = [word for argument in arguments for word in ("--build-arg", argument)]
    tag, file = f"autodetective/{service}:latest", CHECKOUT / "deploy" / "docker" / "Dockerfile"
    engine.run("docker", "build", "-q", "-t", tag, "-f", file, *words, CHECKOUT, within=1800)


class Compose:
    """docker-compose.yml of this checkout, with secrets of its own."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.folder = folder / "project"
        self.folder.mkdir()
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

    def call(self, *words: str) -> str:
        return self.engine.run(*self._words, *words, ENVIRONMENT="development")

    def container(self, name: str) -> Any:
        identifier = self.call("ps", "-q", name).strip()
        return self.engine.inspect(identifier)

    def wait_until_healthy(self) -> None:
        give_up = time.monotonic() + UP_WITHIN
        for name in OURS:
            while (state := self.container(name)["State"])["Health"]["Status"] != "healthy":
                if time.monotonic() > give_up:
                    raise EngineFailed(f"{name} is not healthy: {json.dumps(state)[-2000:]}")
                time.sleep(0.5)

    def demo_people(self) -> list[dict[str, str]]:
        password = secrets.token_hex(8)
        told = self.call(
            "exec", "-T", "-e", f"BPA_DEMO_PASSWORD={password}", "bpa-api", "start", "demo-people"
        )
        people: list[dict[str, str]] = json.loads(told)
        return people

    def demo(self, folder: Path, people: Sequence[dict[str, str]]) -> None:
        self._demo(folder, people).wait_for_end()

    def deliver(self, folder: Path) -> None:
        """What the demo has left for the worker of `make run` goes into the worker's own folder."""
        worker = self.call("ps", "-q", "bpa-worker").strip()
        self.engine.run("docker", "cp", f"{_drop(folder)}/.", f"{worker}:/data/drop")
        give_up = time.monotonic() + IMPORTED_WITHIN
        while (told := self._imports()).count(ImportState.PUBLISHED) < len(list(_drop(folder).iterdir())):
            if time.monotonic() > give_up:
                raise EngineFailed(f"not all of the files were imported:\n{told}")
            time.sleep(2)

    def _imports(self) -> str:
        return self.call("exec", "-T", "bpa-api", "start", "vehicles-imports")

    def demo_while_replacing(self, folder: Path, people: Sequence[dict[str, str]]) -> None:
        for _ in range(2):
            running = self._demo(folder, people)
            for name in BACKGROUND:
                self.call("up", "-d", "--no-build", "--no-deps", "--force-recreate", name)
            running.wait_for_end()

    def _demo(self, folder: Path, people: Sequence[dict[str, str]]) -> "_Demo":
        data = folder / "data"
        _drop(folder).mkdir(parents=True, exist_ok=True)
        urls = {"cabinet_url": "http://localhost:8080", "bpa_url": "http://localhost:8090"}
        (data / "run.json").write_text(json.dumps({**urls, "people": people}))
        return _Demo(data, self.engine)


def _drop(folder: Path) -> Path:
    return folder / "data" / "drop"


class _Demo:
    def __init__(self, data: Path, engine: Engine) -> None:
        self._process = subprocess.Popen(
            (sys.executable, "-m", "deploy.demo"),
            cwd=CHECKOUT,
            env={**engine.environment, "AUTODETECTIVE_DATA": str(data)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wait_for_end(self) -> None:
        said, _ = self._process.communicate(timeout=600)
        if self._process.returncode != 0:
            raise EngineFailed(f"the main job did not come to its end:\n{said[-3000:]}")


def look_at(engine: Engine, compose: Compose) -> None:
    """Each process of ours may do what it has to, and no more."""
    for name in OURS:
        found_here = compose.container(name)
        host, config = found_here["HostConfig"], found_here["Config"]
        promised = {
            "read-only": host["ReadonlyRootfs"],
            "no capability": host["CapDrop"] == ["ALL"],
            "no new privileges": "no-new-privileges:true" in host["SecurityOpt"],
            "a user by number": config["User"] == "10001:10001",
            "a limit of memory": host["Memory"] > 0,
        }
        if broken := [what for what, holds in promised.items() if not holds]:
            raise NotAsPromised(f"{name}: not {', '.join(broken)}")
    lines = engine.run("docker", "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}").splitlines()
    print("\n".join(f"  {line}" for line in sorted(lines)), flush=True)


def look_at_ends(engine: Engine, compose: Compose) -> None:
    """Whoever is told to stop ends in order, and is not killed."""
    everybody = engine.run(
        "docker", "ps", "-aq", "--filter", f"label=com.docker.compose.project={PROJECT}"
    ).split()
    for identifier in everybody:
        ended = engine.inspect(identifier)
        name = ended["Config"]["Labels"]["com.docker.compose.service"]
        if name in OURS and ended["State"]["ExitCode"] != ORDERLY:
            said = compose.call("logs", "--tail=20", name)
            raise NotAsPromised(f"{name} ended with {ended['State']['ExitCode']}:\n{said}")


@contextmanager
def step(what: str) -> Generator[None]:
    print(f"{what} …", flush=True)
    began = time.monotonic()
    yield
    print(f"  {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
