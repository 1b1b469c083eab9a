"""Elasticsearch as Maven Central has it for integration tests, and the plugin that makes up for what it lacks.

Both are made once, and kept in the cache of whoever runs the tests.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.servers.elasticsearch.java import NotToBeHad, find_jdk

VERSION: Final = "8.19.21"
ARTIFACT: Final = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
SHA256: Final = "215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a"
COPY: Final = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy"
PLUGIN: Final = Path(__file__).parent / "plugin"
PLUGIN_NAME: Final = "test-analysis"
DOWNLOAD_SECONDS: Final = 600


def lay_out(home: Path) -> None:
    """Make `home` a whole Elasticsearch with the plugin, or raise NotToBeHad.

    A server has a home of its own, since root's runs as nobody, who can't see into root's cache. Files are linked
    where that is possible, so this takes neither time nor space.
    """
    with _cache() as cache:
        server = cache / f"elasticsearch-{VERSION}"
        if not server.exists():
            with _made_at(server) as folder:
                _fetch(folder)
        plugin = cache / f"{PLUGIN_NAME}-{VERSION}-{_digest_of_plugin()}"
        if not plugin.exists():
            with _made_at(plugin) as folder:
                _build_plugin(server, folder)
        shutil.copytree(server, home, copy_function=_link)
        shutil.copytree(plugin, home / "plugins" / PLUGIN_NAME, copy_function=_link)


@contextmanager
def _cache() -> Generator[Path]:
    """The folder, while no other process works in it."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "autodetective-tests"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@contextmanager
def _made_at(place: Path) -> Generator[Path]:
    """A folder that takes its place once it is whole."""
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=f"{place.name}-") as name:
        folder = Path(name) / "made"
        folder.mkdir(mode=0o755)
        yield folder
        folder.rename(place)


def _fetch(folder: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise NotToBeHad("Elasticsearch is fetched by Maven: apt-get install maven")
    with tempfile.TemporaryDirectory(dir=folder.parent) as download:
        command = [maven, "-B", "-ntp", "-q", COPY, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={download}"]
        _run(command, "fetching Elasticsearch")
        archive = next(Path(download).glob("*.zip"))
        with archive.open("rb") as content:
            found = hashlib.file_digest(content, "sha256").hexdigest()
        if found != SHA256:
            raise NotToBeHad(f"Elasticsearch {VERSION} is not what it was: its SHA-256 is {found}")
        _unpack(archive, folder)


def _unpack(archive: Path, folder: Path) -> None:
    """What is in the archive's one folder: what was packed as a program is one, and all may read all of it."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
        for member in packed.infolist():
            may_run = member.is_dir() or member.external_attr >> 16 & 0o100
            (folder / member.filename).chmod(0o755 if may_run else 0o644)
    inner = folder / f"elasticsearch-{VERSION}"
    for item in inner.iterdir():
        item.rename(folder / item.name)
    inner.rmdir()


def _digest_of_plugin() -> str:
    digest = hashlib.sha256()
    for source in sorted(PLUGIN.iterdir()):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def _build_plugin(server: Path, folder: Path) -> None:
    """Compiled against the server's own jars, so that it fits them."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as classes:
        sources = sorted(PLUGIN.glob("*.java"))
        compiler = find_jdk() / "bin" / "javac"
        command = [compiler, "--release", "17", "-cp", f"{server / 'lib'}/*", "-d", classes, *sources]
        _run([str(word) for word in command], "building the plugin")
        with zipfile.ZipFile(folder / f"{PLUGIN_NAME}.jar", "w") as jar:
            for compiled in sorted(Path(classes).rglob("*.class")):
                jar.write(compiled, compiled.relative_to(classes))
    shutil.copy(PLUGIN / "plugin-descriptor.properties", folder)


def _run(command: list[str], what: str) -> None:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=DOWNLOAD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise NotToBeHad(f"{what} takes longer than {DOWNLOAD_SECONDS} seconds") from None
    if done.returncode != 0:
        raise NotToBeHad(f"{what} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
