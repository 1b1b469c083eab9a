"""Has imports done in a process of its own: one takes a processor for minutes, and clocks must not wait for it.

The process is started when there is something to do, works through the line behind everything else (nice), and
ends. However it ends, what it had is gone on with by the next one.
"""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import structlog

from bpa_service.vehicles.importing import line, uploads
from service_kit.db import Database, Session, database_now, is_database_away
from service_kit.ids import new_id

log = structlog.get_logger(__name__)

# Named, not imported: what reads files takes memory.
MODULE: Final = "bpa_service.entrypoints.import_process"
EVERY: Final = timedelta(seconds=2)
AGAIN_AFTER: Final = timedelta(seconds=15)
"""A process that ended for want of an engine, or died, is followed by the next one after so long."""
_TO_END: Final = 10.0


def command(holder: UUID) -> Sequence[str]:
    """What starts the process, which goes by that name in the line."""
    return (sys.executable, "-m", MODULE, str(holder))


@dataclass(frozen=True, slots=True)
class Imports:
    """The job of a worker."""

    database: Database
    command: Callable[[UUID], Sequence[str]] = command

    async def run(self) -> None:
        """See that what waits is imported, until cancelled; then the process ends as well."""
        while True:
            pause = EVERY
            try:
                if await self._has_work() and not await self._work():
                    pause = AGAIN_AFTER
            except Exception as error:
                if is_database_away(error):
                    log.warning("imports_postponed", error=repr(error))
                else:
                    log.exception("imports_failed")
                pause = AGAIN_AFTER
            await asyncio.sleep(pause.total_seconds())

    async def _has_work(self) -> bool:
        async with self.database.reading() as session:
            return await line.next_to_do(session, now=await database_now(session)) is not None

    async def _work(self) -> bool:
        """Whether the process ended well. What it had can be gone on with at once, however it ended."""
        holder = new_id()
        # It ends with its input: so it does not outlive a worker that is killed.
        process = await asyncio.create_subprocess_exec(*self.command(holder), stdin=asyncio.subprocess.PIPE)
        try:
            code = await process.wait()
        except asyncio.CancelledError:
            await _end(process)
            raise
        if code:
            log.warning("import_process_ended", exit_code=code)
            async with self.database.writing() as session:
                await line.free(session, holder, now=await database_now(session))
        return code == 0


async def tidy(session: Session, _now: object, *, folder: Path) -> None:
    """Remove files that were sent and got into no line: whoever took them in was killed."""
    left = await asyncio.to_thread(uploads.left_behind, folder)
    if left:
        needed = await line.needed(session, left)
        for name in set(left) - needed:
            await asyncio.to_thread(uploads.remove, folder, name)


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_TO_END):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
