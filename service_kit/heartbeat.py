"""Saying that a process lives where nobody can ask it: a file whose time is that of the last beat.

A process whose loop stands still beats no more, so whoever looks at the file can have it started anew.
"""

import asyncio
from pathlib import Path
from typing import Final

EVERY: Final = 5.0  # seconds


async def beat(file: Path) -> None:
    """Touch the file again and again, until cancelled. Raises OSError where that is not possible."""
    while True:
        file.touch()  # noqa: ASYNC240 - on purpose in the loop: that it turns is what is told
        await asyncio.sleep(EVERY)
