"""Which Java of this machine Elasticsearch and veraPDF can run on."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.servers.processes import NotToBeHad

OLDEST: Final = 17
NEWEST: Final = 25
"""This release of Elasticsearch has not met a newer one."""
_VERSION: Final = re.compile(r'^JAVA_VERSION="(\d+)', re.MULTILINE)


def find_jdk() -> Path:
    """The home of the first that fits: of JAVA_HOME, of the one in the PATH, of those that Debian installed."""
    for home in _homes():
        if (home / "bin" / "javac").exists() and OLDEST <= _version(home) <= NEWEST:
            return home
    raise NotToBeHad(
        f"There is no JDK from {OLDEST} to {NEWEST}: apt-get install openjdk-17-jdk-headless, or set JAVA_HOME"
    )


def _homes() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home)
    if compiler := shutil.which("javac"):
        yield Path(compiler).resolve().parents[1]
    yield from sorted(Path("/usr/lib/jvm").glob("*"))


def _version(home: Path) -> int:
    release = home / "release"
    found = _VERSION.search(release.read_text()) if release.exists() else None
    return int(found[1]) if found else 0
