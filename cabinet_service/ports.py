"""The engines that can be exchanged, as cabinet's slices see them. `wiring.py` says which stands behind each.

Each has one conformance suite under `tests/ports`, which every adapter passes.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import UUID

from cabinet_service.settings import Settings
from service_kit.backbone import Backbone
from service_kit.signing import KeyRing

Checked = TypeVar("Checked")


class FileMissing(Exception):
    """The store holds nothing under this key."""


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
    """Keeps files byte for byte. Keys are made by us (`originals/ab/<uuid>`), never by a client."""

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


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody is told: in plain text as a letter (`subject`, `letter`), and `short`, as to a phone."""

    subject: str
    letter: str
    short: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one address. Sent again it keeps its `message_id`, by which repetitions can be told."""

    message_id: UUID
    to: str
    wording: Wording


class MessageUndeliverable(Exception):
    """The channel will never take this message for this address; another address may work."""


class MessageDeferred(Exception):
    """The channel works, but does not take this message just now: try again, though not for ever."""


class ChannelAway(Exception):
    """The channel does not work at all right now: try again until it does."""


class Channel(Protocol):
    """One way to reach people."""

    async def send(self, message: Message) -> None:
        """Return once the message was accepted for delivery.

        Raises MessageUndeliverable, MessageDeferred or ChannelAway. May deliver twice when it is called twice,
        and may have delivered although it raised ChannelAway.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything a process works with. `channels` has those that are configured, by the kind of contact.

    `secrets` signs what only cabinet itself reads again: sign-in codes, say. `closing` takes what a process
    starts later and has to end. The API has more: `api_ports`.
    """

    settings: Settings
    backbone: Backbone
    files: FileStore
    channels: Mapping[str, Channel]
    secrets: KeyRing
    closing: AsyncExitStack
