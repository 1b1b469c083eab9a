"""The engines that can be exchanged, as cabinet's slices see them. `wiring.py` says which stands behind each.

Each has one conformance suite under `tests/ports`, which every adapter passes.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar

from cabinet_service.settings import Settings
from service_kit.backbone import Backbone
from service_kit.notifying.channels import Channel, Manners
from service_kit.signing import KeyRing

Checked = TypeVar("Checked")


class FileMissing(Exception):
    """The store holds nothing under this key."""


class StoreAway(ConnectionError):
    """The store cannot be reached now, or not by us. It passes, as any connection does that breaks: whoever asked
    is told to come again, and what is worked on is tried again.
    """


class Draft(Protocol):
    """A new file of a store while its bytes come in."""

    async def write(self, data: bytes | memoryview) -> None:
        """Append. Raises OSError, with errno ENOSPC when there is no room."""
        ...

    async def keep(self, check: Callable[[Path], Checked]) -> Checked:
        """Keep the file under its key, as `put` does, unless `check` raises; returns what that returned.

        `check` reads the file at the path that it gets. It runs in a thread, once, and nothing is written after.
        """
        ...


class FileStore(Protocol):
    """Keeps files byte for byte. Keys are made by us (`originals/ab/<uuid>`), never by a client.

    Where the files are on other machines, every call may raise StoreAway.
    """

    def draft(self, key: str) -> AbstractAsyncContextManager[Draft]:
        """A file to write, which is gone when the block ends unless it was kept."""
        ...

    async def put(self, key: str, source: Path) -> None:
        """Take in the file at `source`, whole or not at all; it survives a power cut once this returns.

        A key that is taken gets the new content. Raises OSError, with errno ENOSPC when there is no room.
        """
        ...

    async def open(self, key: str) -> AsyncIterator[bytes]:
        """The content, chunk by chunk. Raises FileMissing before the first."""
        ...

    async def fetch(self, key: str, target: Path) -> None:
        """Write the content to the file `target`. Raises FileMissing."""
        ...

    async def exists(self, key: str) -> bool: ...

    async def delete(self, key: str) -> None:
        """Nothing happens if there is nothing."""
        ...

    def kept_before(self, instant: datetime, *, under: str = "") -> AsyncIterator[str]:
        """The keys of all files (of the folder `under`) taken in before `instant`, in no particular order."""
        ...

    async def check(self) -> None:
        """Raise whatever is wrong if files can be neither kept nor read (for /readyz)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything a process works with.

    `channels` has those that are configured, by name; that of a contact is its kind.

    `secrets` signs what only cabinet itself reads again: sign-in codes, say. `closing` takes what a process
    starts later and has to end. The API has more: `api_ports`.
    """

    settings: Settings
    backbone: Backbone
    files: FileStore
    channels: Mapping[str, tuple[Channel, Manners]]
    secrets: KeyRing
    closing: AsyncExitStack
