"""The steps of the run as they are told, and how one of them fails."""

import time
from collections.abc import Generator
from contextlib import contextmanager


class NotAsPromised(Exception):
    """What was seen is not what the documents say."""


@contextmanager
def step(what: str) -> Generator[None]:
    """Say what is being done, and how long it took."""
    say(f"{what} …", indent="")
    began = time.monotonic()
    yield
    say(f"{time.monotonic() - began:.0f} s")


def say(line: str, *, indent: str = "  ") -> None:
    """A line of the run's account."""
    print(f"{indent}{line}", flush=True)
