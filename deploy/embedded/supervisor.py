"""Keeps a running stack running: what crashes is started again, later and later if it keeps crashing."""

import time
from collections.abc import Callable
from typing import Final

from deploy.embedded.processes import Process
from deploy.embedded.stack import Stack

WATCH_INTERVAL: Final = 0.2
FIRST_DELAY: Final = 1.0
LONGEST_DELAY: Final = 30.0
STEADY: Final = 60.0  # one that ran this long is forgiven its earlier crashes


class _Watched:
    def __init__(self, process: Process) -> None:
        self.process = process
        self.started_at = time.monotonic()
        self.delay = FIRST_DELAY
        self.due: float | None = None  # when to start it again; None while it runs


def watch(stack: Stack, say: Callable[[str], None], *, wanted: Callable[[], bool]) -> None:
    """Return when the stack's `interrupt` is set, or as soon as `wanted` says no."""
    watched = [_Watched(process) for process in stack.processes.values()]
    while wanted() and not stack.interrupt.wait(WATCH_INTERVAL):
        for each in watched:
            _look_after(each, say)


def _look_after(each: _Watched, say: Callable[[str], None]) -> None:
    now = time.monotonic()
    if each.due is None and not each.process.is_running():
        if now - each.started_at > STEADY:
            each.delay = FIRST_DELAY
        each.process.forget()
        each.due = now + each.delay
        last_words = each.process.log_tail(1).strip()
        say(f"{each.process.name} {each.process.how_it_ended()}; starting it again in {each.delay:.0f} s")
        say(f"  its last line: {last_words or '(nothing)'} ({each.process.log})")
        each.delay = min(each.delay * 2, LONGEST_DELAY)
    elif each.due is not None and now >= each.due:
        each.due = None
        each.started_at = now
        each.process.start()
        say(f"{each.process.name} is started again (process {each.process.pid})")
