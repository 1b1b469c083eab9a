"""The processors' time that a system takes in which nothing happens: all processes, PostgreSQL and Valkey too."""

import tempfile
import time
from pathlib import Path
from typing import Final

import psutil

from bench.harness import Figure
from deploy.embedded.stack import Stack

SETTLING: Final = 10.0
SECONDS: Final = 30.0
GOAL: Final = 20.0


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, Stack(Path(folder), split=True) as stack:
        time.sleep(SETTLING)
        before, began = _taken(stack), time.monotonic()
        time.sleep(SECONDS)
        after, lasted = _taken(stack), time.monotonic() - began
    each = {name: 1000 * (after[name] - before[name]) / lasted for name in after}
    return [
        *(Figure(name=f"idle {name}", unit="ms/s", product=taken) for name, taken in each.items()),
        Figure(name="idle system", unit="ms/s", product=sum(each.values()), at_most=GOAL),
    ]


def _taken(stack: Stack) -> dict[str, float]:
    """Seconds of processors that each process and its children took since they started."""
    return {name: sum(map(_seconds, _family(process.pid))) for name, process in stack.processes.items()}


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
