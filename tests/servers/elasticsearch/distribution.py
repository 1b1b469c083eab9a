"""Elasticsearch as Maven Central has it for integration tests, and the plugin that makes up for what it lacks.

Both are made once, and kept in the cache of whoever runs the tests.
"""

import hashlib
import os
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import Final

from tests.servers.java import find_jdk
from tests.servers.maven import PLUGIN_FOR_COPIES, cache_folder, made_at, maven, run
from tests.servers.processes import NotToBeHad

VERSION: Final = "8.19.21"
ARTIFACT: Final = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
SHA256: Final = "215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a"
PLUGIN: Final = Path(__file__).parent / "plugin"
PLUGIN_NAME: Final = "test-analysis"


def lay_out(home: Path) -> None:
    """Make `home` a whole Elasticsearch with the plugin, or raise NotToBeHad.

    A server has a home of its own, since root's runs as nobody, who can't see into root's cache. Files are linked
    where that is possible, so this takes neither time nor space.
    """
    with cache_folder() as cache:
        server = cache / f"elasticsearch-{VERSION}"
        if not server.exists():
            with made_at(server) as folder:
                _fetch(folder)
        plugin = cache / f"{PLUGIN_NAME}-{VERSION}-{_digest_of_plugin()}"
        if not plugin.exists():
            with made_at(plugin) as folder:
                _build_plugin(server, folder)
        shutil.copytree(server, home, copy_function=_link)
        shutil.copytree(plugin, home / "plugins" / PLUGIN_NAME, copy_function=_link)


def _fetch(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent) as download:
        maven(f"{PLUGIN_FOR_COPIES}:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={download}")
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
        run([str(word) for word in command], "building the plugin")
        with zipfile.ZipFile(folder / f"{PLUGIN_NAME}.jar", "w") as jar:
            for compiled in sorted(Path(classes).rglob("*.class")):
                jar.write(compiled, compiled.relative_to(classes))
    shutil.copy(PLUGIN / "plugin-descriptor.properties", folder)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)
