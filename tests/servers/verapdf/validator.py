"""The validator as Maven Central has it, and what it says of files."""

import hashlib
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from tests.servers.java import find_jdk
from tests.servers.maven import PLUGIN_FOR_COPIES, cache_folder, cache_place, made_at, maven
from tests.servers.processes import NotToBeHad

VERSION: Final = "1.28.1"
SHA256: Final = "1acadbbb1ac8261cd0132b13d0d154f64794fd9505a9b5979071bd7313bfed46"
POM: Final = Path(__file__).with_name("pom.xml")
PROGRAM: Final = Path(__file__).with_name("Validate.java")
_NAME: Final = f"verapdf-{VERSION}"
# It lives for some seconds: no time to become fast.
_QUICK: Final = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g")


class Judged(NamedTuple):
    """What one standard says of one file: the rules that it breaks, or an empty text."""

    file: str
    standard: str
    broken: str


def is_here() -> bool:
    """Whether it has been fetched, and there is a Java to run it."""
    try:
        find_jdk()
    except NotToBeHad:
        return False
    return (cache_place() / _NAME).exists()


def fetch() -> None:
    """Fetch it unless it is here. Raises NotToBeHad."""
    find_jdk()
    with cache_folder() as cache:
        if (cache / _NAME).exists():
            return
        with made_at(cache / _NAME) as folder:
            maven("-f", str(POM), f"{PLUGIN_FOR_COPIES}:copy-dependencies", f"-DoutputDirectory={folder}")
            if (found := _digest(folder)) != SHA256:
                raise NotToBeHad(f"veraPDF {VERSION} is not what it was: its SHA-256 is {found}")


def judge(files: Sequence[Path]) -> list[Judged]:
    """What PDF/A-2b (`2b`) and PDF/UA-1 (`ua1`) say of each file, in one run."""
    jars = cache_place() / _NAME / "*"
    command = [find_jdk() / "bin" / "java", *_QUICK, "-cp", jars, PROGRAM, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [Judged(*line.split("\t")) for line in done.stdout.splitlines()]


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for jar in sorted(folder.iterdir()):
        digest.update(f"{jar.name} {hashlib.sha256(jar.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()
