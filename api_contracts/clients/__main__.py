"""Lints the OpenAPI documents, and generates and compiles clients from them: `python -m api_contracts.clients`.

TypeScript, Python, and where there are a JDK and Maven, Java. What is generated is not kept, but for the packages
that partners get, in `dist/`.
"""

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from api_contracts.clients import packing
from deploy import web

HERE: Final = Path(__file__).parent
CONTRACTS: Final = HERE.parent / "openapi"
SERVICES: Final = ("cabinet", "bpa")
# Imports every module, so that a class that is missing or defined twice shows.
_IMPORT_ALL: Final = """
import importlib, pkgutil, sys
for service in sys.argv[1:]:
    package = importlib.import_module(service)
    for module in pkgutil.walk_packages(package.__path__, service + "."):
        importlib.import_module(module.name)
"""


def lint() -> None:
    web.run(HERE, "lint")


def typescript() -> None:
    web.run(HERE, "typescript")


def python() -> None:
    built = HERE / "build" / "python"
    built.mkdir(parents=True, exist_ok=True)
    for service in SERVICES:
        packing.run(
            *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--overwrite"),
            *("--fail-on-warning", "--config", str(HERE / "python.yaml")),
            *("--path", str(CONTRACTS / service / "v1.json"), "--output-path", str(built / service)),
        )
    packing.run(sys.executable, "-c", _IMPORT_ALL, *SERVICES, path=built)


def java() -> None:
    maven = shutil.which("mvn")
    if maven is None or shutil.which("javac") is None:
        print("java: left out, there is no JDK with Maven")
        return
    packing.run(maven, "--quiet", "--batch-mode", "--file", str(HERE / "pom.xml"), "compile")


def packages() -> None:
    packing.wheel()
    packing.tarball()
    web.run(HERE, "examples")


def main() -> int:
    shutil.rmtree(HERE / "build", ignore_errors=True)
    steps: tuple[Callable[[], None], ...] = (lint, typescript, python, java, packages)
    for step in steps:
        began = time.monotonic()
        try:
            step()
        except (packing.Unfit, web.BuildFailed) as error:
            print(f"{step.__name__}: {error}")
            return 1
        print(f"{step.__name__}: {time.monotonic() - began:.0f} s")
    shutil.rmtree(HERE / "build", ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
