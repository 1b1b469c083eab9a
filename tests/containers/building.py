"""Our own images, of this checkout, on the bases that were made here."""

from typing import Final

from deploy.embedded.stack import CHECKOUT
from tests.containers.engine import Engine
from tests.containers.steps import say

BASE: Final = "python:made-here"
DOCKERFILES: Final = {"cabinet": "Dockerfile", "bpa": "Dockerfile", "backup": "backup.Dockerfile"}
BUILT_WITHIN: Final = 1800
MEGABYTE: Final = 1_000_000


def build(engine: Engine, name: str, *, version: str) -> None:
    """The image of a service, or of the backup. Another version is another image."""
    arguments = (f"SERVICE={name}", f"BASE_IMAGE={BASE}", "NODE_IMAGE=node:made-here", f"VERSION={version}")
    words = [word for argument in arguments for word in ("--build-arg", argument)]
    file = CHECKOUT / "deploy" / "docker" / DOCKERFILES[name]
    tag = _tag(name, version)
    engine.run("docker", "build", "-q", "-t", tag, "-f", file, *words, CHECKOUT, within=BUILT_WITHIN)


def tell_size(engine: Engine, name: str, *, version: str) -> None:
    whole, base = (engine.inspect(image)["Size"] / MEGABYTE for image in (_tag(name, version), BASE))
    say(f"{whole:.0f} MB, of which the base {base:.0f}")


def _tag(name: str, version: str) -> str:
    return f"autodetective/{name}:{version}"
