"""Running a process: its jobs side by side until SIGTERM or Ctrl-C, then out in order."""

import asyncio
import contextlib
import dataclasses
import signal
from collections.abc import Coroutine
from typing import Any, Final

import structlog

log = structlog.get_logger(__name__)

BACKGROUND: Final = ("relay", "consumer", "worker")
PROCESSES: Final = ("api", *BACKGROUND, "background")
"""What runs until it is stopped; `background` is relay, consumer and worker in one."""

Job = Coroutine[Any, Any, None]


async def run_until_stopped(*jobs: Job) -> None:
    """Run endless jobs until a signal asks to stop. If one of them fails, all end and its error is raised."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)
    running = [asyncio.create_task(job) for job in jobs]
    waiting = asyncio.create_task(stop.wait())
    log.info("started")
    done, _ = await asyncio.wait([*running, waiting], return_when=asyncio.FIRST_COMPLETED)
    for task in [*running, waiting]:
        task.cancel()
    for task in running:
        with contextlib.suppress(asyncio.CancelledError):
            await task if task not in done else None
    for task in done:
        task.result()
    log.info("stopped")


def fields_of(ports: Any) -> dict[str, Any]:
    """The fields of a dataclass by name, for one that has these and more."""
    return {field.name: getattr(ports, field.name) for field in dataclasses.fields(ports)}
