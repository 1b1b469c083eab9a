"""Passwords hashed with argon2id, in a few threads of their own.

A hash costs tens of milliseconds of a processor and 19 MiB on purpose. So only a few are worked at at a time and
only so many wait: a flood of sign-ins fills this queue and not the API.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from service_kit.http.problems import TemporarilyUnavailable

Result = TypeVar("Result")

MAX_WAITING: Final = 32
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The hash of a random password that nobody knows; it takes as long to verify as a real one.
NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$O7lxPKjoQxQFoeIdr6H1kQ$rrR08vwi+0D6iNNl7LVNJxHUI3dunBW7Lb5OPxaFQZ0"
)


class Argon2Passwords:
    """See `ports.Passwords`."""

    def __init__(self, *, threads: int = 1, max_waiting: int = MAX_WAITING) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._room = threads + max_waiting

    async def hash(self, password: str) -> str:
        return await self._run(lambda: _HASHER.hash(password))

    async def verify(self, password: str, stored: str | None) -> bool:
        fits = await self._run(lambda: _fits(password, stored or NOBODY))
        return fits and stored is not None

    def is_outdated(self, stored: str) -> bool:
        return _HASHER.check_needs_rehash(stored)

    def close(self) -> None:
        """Let go of the threads; what waits is given up."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._room == 0:
            raise TemporarilyUnavailable(headers={"Retry-After": "2"})
        self._room -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._room += 1


def _fits(password: str, stored: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except VerifyMismatchError:
        return False
