"""What the person at the terminal reads: each step as it happens, with its time."""

import contextlib
import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager


class Console:
    """Writes to standard output. A closed terminal is no error: there is just nobody left to tell."""

    def __init__(self) -> None:
        self._is_terminal = sys.stdout.isatty()
        self._terminals = _terminals()

    def is_closed(self) -> bool:
        """Whether the terminal at which we were started is gone.

        The hang-up signal does not always tell: the system sends it to the terminal's leading process only, and
        that one may ignore it.
        """
        return _terminals() != self._terminals

    def say(self, text: str = "") -> None:
        self._write(f"{text}\n")

    @contextmanager
    def step(self, doing: str) -> Generator[None]:
        """Tell what is being done, and when it is done how long it took."""
        started = time.monotonic()
        self._write(f"  {doing} …" if self._is_terminal else f"  {doing} ...\n")
        outcome = "stopped"
        try:
            yield
            outcome = "done"
        finally:
            took = f"{time.monotonic() - started:.1f} s"
            line = f"  {doing}: {outcome}, {took}"
            self._write(f"\r\x1b[K{line}\n" if self._is_terminal else f"{line}\n")

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.write(text)
            sys.stdout.flush()


def _terminals() -> list[int]:
    return [descriptor for descriptor in (0, 1, 2) if os.isatty(descriptor)]
