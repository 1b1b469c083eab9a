"""What tests have from Maven Central: fetched once, into the cache of whoever runs them."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.servers.processes import NotToBeHad

PLUGIN_FOR_COPIES: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"
SECONDS: Final = 600


def maven(*words: str) -> None:
    """Run Maven. Raises NotToBeHad."""
    program = shutil.which("mvn")
    if program is None:
        raise NotToBeHad("It is fetched by Maven: apt-get install maven")
    run([program, "-B", "-ntp", "-q", *words], "fetching by Maven")


def cache_place() -> Path:
    """Where the folder is, made or not."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autodetective-tests"


@contextmanager
def cache_folder() -> Generator[Path]:
    """The folder, while no other process works in it."""
    folder = cache_place()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@contextmanager
def made_at(place: Path) -> Generator[Path]:
    """A folder that takes its place once it is whole."""
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=f"{place.name}-") as name:
        folder = Path(name) / "made"
        folder.mkdir(mode=0o755)
        yield folder
        folder.rename(place)


def run(command: Sequence[str], what: str) -> None:
    """Run a program that has nobody to ask. Raises NotToBeHad."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotToBeHad(f"{what} takes longer than {SECONDS} seconds") from None
    if done.returncode != 0:
        raise NotToBeHad(f"{what} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
