"""The clients that partners get: a wheel and an npm tarball of the partners' part of the contract, in `dist/`.

Both have a version of their own, in `python/pyproject.toml` and `typescript/package.json`: its first number is
that of the API, the second grows when fields are added.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from deploy import web

HERE: Final = Path(__file__).parent
CONTRACT: Final = HERE.parents[1] / "cabinet_service" / "developers" / "pages" / "openapi.json"
BUILD: Final = HERE / "build"
DIST: Final = HERE / "dist"


class Unfit(Exception):
    """A client cannot be made; in words of the tool that said so."""


def wheel() -> Path:
    """The Python client, packed. Raises Unfit."""
    source = _fresh(BUILD / "wheel")
    shutil.copytree(HERE / "python", source, dirs_exist_ok=True)
    run(
        *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--overwrite"),
        *("--fail-on-warning", "--config", str(HERE / "python.yaml")),
        *("--path", str(CONTRACT), "--output-path", str(source / "autodetective_client")),
    )
    run(sys.executable, "-m", "uv", "build", "--wheel", "--offline", "--out-dir", str(DIST), str(source))
    shutil.rmtree(source)
    return _newest("*.whl")


def tarball() -> Path:
    """The TypeScript client, packed. Raises Unfit or BuildFailed."""
    source = _fresh(BUILD / "npm")
    shutil.copytree(HERE / "typescript", source, dirs_exist_ok=True)
    DIST.mkdir(exist_ok=True)
    web.run(HERE, "partners")
    web.run(HERE, "pack-partners")
    shutil.rmtree(source)
    return _newest("*.tgz")


def run(*command: str, path: Path | None = None) -> None:
    """Raises Unfit."""
    environment = os.environ | ({} if path is None else {"PYTHONPATH": str(path)})
    done = subprocess.run(  # noqa: S603 - our own command
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode != 0:
        raise Unfit(f"{' '.join(command[:4])} …:\n{done.stdout[-8000:]}")


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _newest(pattern: str) -> Path:
    return max(DIST.glob(pattern), key=lambda one: one.stat().st_mtime)
