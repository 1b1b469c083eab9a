"""`make test-containers`: builds the images on bases made here, brings docker-compose.yml up, plays the main job
through it, by https too, upgrades it while people work, and takes it all down. Prints what it measured.

It needs root, Debian's docker.io, docker-compose and debootstrap, and Debian's packages; no image registry.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.containers.building import build, tell_size
from tests.containers.by_name import lead_here
from tests.containers.compose import SERVICES, Compose
from tests.containers.engine import Engine, EngineFailed, running_engine
from tests.containers.images import make_bases, make_engines
from tests.containers.job import Job
from tests.containers.looks import look_at_ends, look_at_rights, look_for_what_is_left, tell_memory
from tests.containers.restoring import Sessions, answers, back_up, destroy, hold_against, restore, sessions
from tests.containers.rolling import roll, traffic
from tests.containers.secured import URLS, look_at_proxy, look_at_who_is_believed, secure, trust
from tests.containers.steps import NotAsPromised, step

FIRST: Final = "first"
NEXT: Final = "next"


def main() -> int:
    lead_here()
    try:
        with tempfile.TemporaryDirectory(prefix="containers-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            with running_engine(folder / "engine") as engine:
                play(engine, folder)
    except (EngineFailed, NotAsPromised, TimeoutError, subprocess.TimeoutExpired) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    return 0


def play(engine: Engine, folder: Path) -> None:
    """The whole of it. Raises NotAsPromised, TimeoutError or EngineFailed."""
    with step("bases by debootstrap"):
        make_bases(engine, folder)
    with step("stand-ins for the engines"):
        make_engines(engine)
    for service in SERVICES:
        with step(f"the image of {service}"):
            build(engine, service, version=FIRST)
            tell_size(engine, service, version=FIRST)
    compose = Compose(engine, folder, version=FIRST)
    try:
        live(compose, folder)
    except (EngineFailed, TimeoutError) as error:
        print(f"{error}\n{compose.call('logs', '--tail=40')}", file=sys.stderr, flush=True)
        raise
    finally:
        compose.call("down", "-v", "--remove-orphans")
    look_for_what_is_left(compose)


def live(compose: Compose, folder: Path) -> None:
    """Everything from the first start to the order to stop."""
    with step("up, until all are healthy"):
        compose.up()
    look_at_rights(compose)
    tell_memory(compose)
    job = Job(compose, folder)
    with step("the main job"):
        job.play()
    with step("files of four sources, until they are in ClickHouse"):
        job.deliver()
    with step("the proxy, until all are healthy again"):
        secure(compose, folder)
        look_at_proxy(compose)
    with step("the main job by https"):
        job.urls = URLS
        job.play()
        look_at_who_is_believed(compose)
    with step("new images of both"):
        for service in SERVICES:
            build(compose.engine, service, version=NEXT)
    with step("an upgrade to them, while clients send and experts answer"):
        people = traffic(compose, job)
        roll(compose, people, NEXT)
    with step("the image of the backup"):
        build(compose.engine, "backup", version=NEXT)
        tell_size(compose.engine, "backup", version=NEXT)
    come_back(compose, folder, job, sessions(people))
    with step("told to stop"):
        compose.call("stop")
    look_at_ends(compose)


def come_back(compose: Compose, folder: Path, job: Job, signed_in: Sessions) -> None:
    """A backup is taken, everything destroyed, and all that was answered is there again."""
    before = answers(job, signed_in)
    with step("a backup while it runs"):
        backup = back_up(compose, folder)
    with step("everything destroyed"):
        destroy(compose)
    with step("the engines anew, what they held, and the services, until all are healthy"):
        restore(compose, backup)
        trust(compose, folder)
    hold_against(before, answers(job, signed_in))
    with step("the main job once more"):
        job.play()


if __name__ == "__main__":
    sys.exit(main())
