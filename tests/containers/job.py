"""The main job, as `make demo` plays it, from outside of the containers."""

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bpa_service.vehicles.importing.states import ImportState
from deploy.embedded.stack import CHECKOUT
from tests.containers.compose import Compose
from tests.containers.engine import EngineFailed

IMPORTED_WITHIN: Final = 300.0
JOB_WITHIN: Final = 600.0


class Job:
    """The demo and its people. `urls` is where the two services are reached; it may change."""

    def __init__(self, compose: Compose, folder: Path) -> None:
        self._compose = compose
        self._data = folder / "data"
        self._drop = self._data / "drop"
        self._drop.mkdir(parents=True)
        self.people = self._make_people()
        self.urls = {"cabinet": "http://localhost:8080", "bpa": "http://localhost:8090"}

    def _make_people(self) -> list[dict[str, str]]:
        password = f"BPA_DEMO_PASSWORD={secrets.token_hex(8)}"
        told = self._compose.call("exec", "-T", "-e", password, "bpa-api", "start", "demo-people")
        people: list[dict[str, str]] = json.loads(told)
        return people

    def play(self) -> None:
        """Raises EngineFailed unless it comes to its end."""
        run = {f"{service}_url": url for service, url in self.urls.items()}
        (self._data / "run.json").write_text(json.dumps({**run, "people": self.people}))
        done = subprocess.run(
            (sys.executable, "-m", "tests.containers.by_name", "deploy.demo"),
            cwd=CHECKOUT,
            env={**os.environ, "AUTODETECTIVE_DATA": str(self._data)},
            capture_output=True,
            text=True,
            timeout=JOB_WITHIN,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stdout + done.stderr)[-3000:]
            raise EngineFailed(f"the main job did not come to its end:\n{said}")

    def deliver(self) -> None:
        """What the demo has left for the worker of `make run` goes into the worker's own folder."""
        worker = self._compose.container("bpa-worker")["Id"]
        self._compose.engine.run("docker", "cp", f"{self._drop}/.", f"{worker}:/data/drop")
        sources: Sequence[Path] = list(self._drop.iterdir())
        give_up = time.monotonic() + IMPORTED_WITHIN
        while (told := self._imports()).count(ImportState.PUBLISHED) < len(sources):
            if time.monotonic() > give_up:
                raise EngineFailed(f"not all of the files were imported:\n{told}")
            time.sleep(2)

    def _imports(self) -> str:
        return self._compose.command("bpa-api", "vehicles-imports")
