"""Runs `python -m deploy.embedded` as a person would, in a checkout with a small stand-in for each service."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]
READY = "is ready after"

API = """
import http.server, os, signal, sys
prefix = "CABINET" if "cabinet_service" in __file__ else "BPA"
if os.environ.get("STAND_IN_BROKEN") == prefix:
    sys.exit("the stand-in is broken")
if os.environ.get("STAND_IN_STUBBORN") == prefix:
    signal.signal(signal.SIGTERM, lambda *_: print("SIGTERM is ignored", flush=True))

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

print("listening", flush=True)
http.server.HTTPServer((os.environ[prefix + "_HOST"], int(os.environ[prefix + "_PORT"])), Handler).serve_forever()
"""
BACKGROUND = "import time\nprint('working', flush=True)\ntime.sleep(600)\n"
MAIN = """
import importlib, pathlib, sys
name = sys.argv[1] if sys.argv[1] in ("api", "background") else "command"
importlib.import_module(f"{pathlib.Path(__file__).parent.name}.{name}")
"""
COMMAND = """
import json, os, sys
if sys.argv[1] == "migrate":
    print("migrated", flush=True)
else:
    print(json.dumps([{"role": "expert", "login": "anna", "password": os.environ["BPA_DEMO_PASSWORD"]}]))
"""


def make_checkout(folder: Path) -> None:
    """The launcher as it is, stand-ins for the services, and web apps that are built."""
    shutil.copytree(ROOT / "deploy" / "embedded", folder / "deploy" / "embedded")
    (folder / "deploy" / "__init__.py").touch()
    shutil.copy(ROOT / "deploy" / "web.py", folder / "deploy" / "web.py")
    for package in ("cabinet_service", "bpa_service"):
        (folder / package).mkdir()
        (folder / package / "__main__.py").write_text(MAIN)
        for name, text in (("api", API), ("background", BACKGROUND), ("command", COMMAND)):
            (folder / package / f"{name}.py").write_text(text)
        built = folder / package / "web" / "dist" / ".built-from"
        built.parent.mkdir(parents=True)
        built.write_text(hashlib.sha256().hexdigest())  # of no source at all: there is nothing to build


def environment(**more: str) -> dict[str, str]:
    """Ours, without what would choose the data folder."""
    return {name: value for name, value in os.environ.items() if name != "AUTODETECTIVE_DATA"} | more


class Launch:
    """One `python -m deploy.embedded run`, its output in a file."""

    def __init__(self, checkout: Path, data: Path, **more: str) -> None:
        self.data = data
        self._output = data.with_name(f"{data.name}.output")
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deploy.embedded", "run", "--data", str(data)],
                cwd=checkout,
                stdout=output,
                stderr=output,
                env=environment(**more),
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self._output.read_text()

    def wait_for(self, pattern: str, *, seconds: float = 60) -> re.Match[str]:
        """The first match of the pattern in the output; fails if the launcher ends or takes too long."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            ended = self.process.poll() is not None
            if match := re.search(pattern, self.output):
                return match
            assert not ended, f"ended with {self.process.returncode}:\n{self.output}"
            time.sleep(0.05)
        pytest.fail(f"no {pattern!r} in:\n{self.output}")

    def children(self) -> dict[str, psutil.Process]:
        """The engines and services that run, by name, as their pid files tell."""
        found: dict[str, psutil.Process] = {}
        for path in (self.data / "pids").glob("*.pid"):
            pid = re.search(r'"pid": (\d+)', path.read_text())
            assert pid is not None
            found[path.stem] = psutil.Process(int(pid[1]))
        return found

    def end(self, number: signal.Signals = signal.SIGINT, *, patience: float = 60) -> int:
        """Send the signal and return the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=patience)


Launcher = Callable[..., Launch]
