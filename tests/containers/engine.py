"""A container engine of our own, on a socket of its own: what it makes is gone with its folder."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

START_TIMEOUT: Final = 60.0
STOP_TIMEOUT: Final = 60.0


class EngineFailed(Exception):
    """The engine is not there or did not start, or what it was asked for failed; the message says more."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine. `environment` leads its clients to it."""

    environment: Mapping[str, str]

    def run(
        self,
        *words: str | Path,
        within: float = 900,
        given: str | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> str:
        """What the command prints; `given` is what it reads. Raises EngineFailed."""
        environment = {**self.environment, **(variables or {})}
        done = subprocess.run(
            words, env=environment, input=given, capture_output=True, text=True, timeout=within, check=False
        )
        if done.returncode != 0:
            said = (done.stdout + done.stderr)[-3000:]
            raise EngineFailed(f"{' '.join(map(str, words))} ended with exit code {done.returncode}:\n{said}")
        return done.stdout

    def inspect(self, name: str) -> Any:
        """What the engine knows of a container or an image."""
        [found] = json.loads(self.run("docker", "inspect", name))
        return found


@contextmanager
def running_engine(folder: Path) -> Generator[Engine]:
    """Starts dockerd, as root, and stops it with all that it runs. Raises EngineFailed."""
    if shutil.which("dockerd") is None or os.geteuid() != 0:
        raise EngineFailed(
            "there is no dockerd here, or nobody who may start it: apt install docker.io, as root"
        )
    folder.mkdir()
    limits = {"Name": "nofile", "Hard": 4096, "Soft": 4096}
    processes = {**limits, "Name": "nproc"}
    config = folder / "daemon.json"
    config.write_text(json.dumps({"default-ulimits": {"nofile": limits, "nproc": processes}}))
    socket = f"unix://{folder}/socket"
    parts = ("--data-root", folder / "data", "--exec-root", folder / "exec", "--pidfile", folder / "pid")
    with (folder / "log").open("wb") as log:
        daemon = subprocess.Popen(
            ("dockerd", "--config-file", config, *parts, "-H", socket),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        # Debian's client first: it is of the engine's age, and builds with BuildKit by itself.
        path = f"/usr/bin:{os.environ.get('PATH', '')}"
        engine = Engine({**os.environ, "PATH": path, "DOCKER_HOST": socket, "DOCKER_BUILDKIT": "1"})
        _wait_for(engine, daemon, folder / "log")
        yield engine
    finally:
        daemon.send_signal(signal.SIGTERM)
        try:
            daemon.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            daemon.kill()


def _wait_for(engine: Engine, daemon: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + START_TIMEOUT
    while True:
        try:
            engine.run("docker", "version", within=10)
            return
        except (EngineFailed, subprocess.TimeoutExpired):
            if daemon.poll() is not None or time.monotonic() > give_up:
                raise EngineFailed(f"dockerd did not start:\n{log.read_text()[-2000:]}") from None
        time.sleep(0.2)


def found(*names: str) -> Path:
    """The first of these programs that is here. Raises EngineFailed."""
    for name in names:
        if path := shutil.which(name):
            return Path(path)
    raise EngineFailed(f"none of these is here: {', '.join(names)}")
