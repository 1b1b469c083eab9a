"""Work in a process of its own: a file that crashes or hangs a decoder takes nothing else with it.

The process starts with the first question and ends after a quiet while, or when whoever started it is gone. It
reads one JSON line per question and answers with one; both ends of that conversation are in this file.
"""

import asyncio
import contextlib
import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from typing import Any, Final

import structlog

log = structlog.get_logger(__name__)

# What a decoder dies of by its own fault. Anything else was done to it, and the file gets another try.
_CRASHES: Final = frozenset(
    -number
    for number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT, signal.SIGSYS)
)


class BroughtDown(Exception):
    """What was asked about crashed the process, or kept it busy for too long."""


class TookTooLong(BroughtDown):
    """It kept the process busy for too long, or others kept the processors busy."""


class Interrupted(Exception):
    """The process ended for a reason that has nothing to do with the question: try again."""


class SideProcess:
    """Runs a module that calls `answer_questions`, and asks it one question at a time."""

    def __init__(self, module: str, *, seconds: float) -> None:
        """`seconds` is how long an answer may take, the process's start included."""
        self._module = module
        self._seconds = seconds
        self._process: asyncio.subprocess.Process | None = None
        self._lock = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """Of the process, if one runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process and running else None

    async def ask(self, question: Any) -> Any:
        """The process's answer to a question, both as JSON has them. Raises BroughtDown or Interrupted."""
        async with self._lock:
            for _ in range(2):
                process = await self._running()
                with contextlib.suppress(ConnectionError):
                    return await self._ask(process, question)
                # It went to sleep just before it was asked.
                await self.close()
            raise Interrupted("the process does not stay")

    async def close(self) -> None:
        """End the process if it runs."""
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                self._module,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        return self._process

    async def _ask(self, process: asyncio.subprocess.Process, question: Any) -> Any:
        """Raises ConnectionError if the process was gone before it took the question."""
        assert process.stdin is not None  # noqa: S101 - it was started with pipes
        assert process.stdout is not None  # noqa: S101 - the same
        answer = b""
        try:
            async with asyncio.timeout(self._seconds):
                process.stdin.write(json.dumps(question).encode() + b"\n")
                await process.stdin.drain()
                answer = await process.stdout.readline()
        except TimeoutError:
            log.warning("side_process_took_too_long", module=self._module)
            await self.close()
            raise TookTooLong from None
        except asyncio.CancelledError:
            await self.close()  # or the next question would get this one's answer
            raise
        if not answer:
            await self._explain_end(process)
        return json.loads(answer)

    async def _explain_end(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        if code == 0:
            raise ConnectionError("the process had gone to sleep")
        log.warning("side_process_died", module=self._module, exit_code=code)
        if code in _CRASHES:
            raise BroughtDown(f"it ended the process with {code}")
        raise Interrupted(f"the process ended with {code}")


def answer_questions(
    answer: Callable[[Any], Any], *, memory: int, idle_seconds: float, niceness: int = 0
) -> None:
    """The process: answers until nobody asks for `idle_seconds` or its input ends; takes at most `memory` bytes.

    With a `niceness` it leaves the processors to whoever else wants them.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(niceness)
    # Ctrl-C reaches every process of a terminal; this one ends with its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while select.select([sys.stdin], [], [], idle_seconds)[0]:
        line = sys.stdin.readline()
        if not line:
            return
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()
