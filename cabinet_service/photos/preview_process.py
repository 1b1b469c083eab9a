"""Previews made in a process of their own: a file that crashes or hangs a decoder takes nothing else with it.

The process starts with the first photo and ends after a quiet while, or when whoever started it is gone. It reads
one JSON line per photo and answers with one; both ends of that conversation are in this file.
"""

import asyncio
import contextlib
import json
import resource
import select
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import structlog

from cabinet_service.photos.preview import PreviewFacts, make_preview
from cabinet_service.photos.refusal import PhotoRefused

log = structlog.get_logger(__name__)

# The largest photos that limits.py allows need about 400 MiB beside the interpreter and its libraries.
MEMORY_LIMIT: Final = 2 * 1024**3
IDLE_SECONDS: Final = 60.0
TIME_LIMIT_SECONDS: Final = 60.0
# What a decoder dies of by its own fault. Anything else was done to it, and the photo gets another try.
_CRASHES: Final = frozenset(
    -number
    for number in (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT, signal.SIGSYS)
)


class PreviewInterrupted(Exception):
    """The process ended for a reason that has nothing to do with the photo: try again."""


class PreviewProcess:
    """Makes one preview at a time."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._lock = asyncio.Lock()

    async def make(self, original: Path, target: Path) -> PreviewFacts:
        """As `preview.make_preview`. Raises PhotoRefused or PreviewInterrupted."""
        async with self._lock:
            for _ in range(2):
                process = await self._running()
                with contextlib.suppress(ConnectionError):
                    return await self._ask(process, original, target)
                # It went to sleep just before it was asked.
                await self.close()
            raise PreviewInterrupted("the process does not stay")

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
                __spec__.name,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
            )
        return self._process

    async def _ask(self, process: asyncio.subprocess.Process, original: Path, target: Path) -> PreviewFacts:
        """Raises ConnectionError if the process was gone before it took the question."""
        assert process.stdin is not None  # noqa: S101 - it was started with pipes
        assert process.stdout is not None  # noqa: S101 - the same
        question = json.dumps([str(original), str(target)]) + "\n"
        answer = b""
        try:
            async with asyncio.timeout(TIME_LIMIT_SECONDS):
                process.stdin.write(question.encode())
                await process.stdin.drain()
                answer = await process.stdout.readline()
        except TimeoutError:
            log.warning("preview_took_too_long", original=original.name)
            await self.close()
            raise PhotoRefused("photo_undecodable") from None
        except asyncio.CancelledError:
            await self.close()  # or the next photo would get this one's answer
            raise
        if not answer:
            return await self._explain_end(process)
        return _read_answer(json.loads(answer))

    async def _explain_end(self, process: asyncio.subprocess.Process) -> PreviewFacts:
        code = await process.wait()
        if code == 0:
            raise ConnectionError("the process had gone to sleep")
        log.warning("preview_process_died", exit_code=code)
        if code in _CRASHES:
            raise PhotoRefused("photo_undecodable")
        raise PreviewInterrupted(f"the process ended with {code}")


def _read_answer(answer: dict[str, Any]) -> PreviewFacts:
    if "refused" in answer:
        raise PhotoRefused(answer["refused"])
    if "error" in answer:
        raise PreviewInterrupted(answer["error"])
    return PreviewFacts(**answer)


def _answer(question: list[str]) -> dict[str, Any]:
    original, target = question
    try:
        return asdict(make_preview(Path(original), Path(target)))
    except PhotoRefused as refusal:
        return {"refused": refusal.code}
    except MemoryError:
        return {"refused": "photo_undecodable"}
    except OSError as error:
        return {"error": repr(error)}


def main() -> None:
    """The process: answers until nobody asks for a while or its input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Ctrl-C reaches every process of a terminal; this one ends with its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
        line = sys.stdin.readline()
        if not line:
            return
        sys.stdout.write(json.dumps(_answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
