"""The engines that can be exchanged, as cabinet's slices see them. `wiring.py` says which stands behind each.

Each has one conformance suite under `tests/ports`, which every adapter passes.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Request

from cabinet_service.settings import Settings
from service_kit.backbone import Backbone
from service_kit.limiting import RateLimits
from service_kit.signing import KeyRing
from service_kit.tokens import TokenSigner


class FileMissing(Exception):
    """The store holds nothing under this key."""


class FileStore(Protocol):
    """Keeps files byte for byte. Keys are made by us (`originals/ab/<uuid>`), never by a client."""

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

    def kept_before(self, instant: datetime) -> AsyncIterator[str]:
        """The keys of all files taken in before `instant`, in no particular order."""
        ...

    async def check(self) -> None:
        """Raise whatever is wrong if files can be neither kept nor read (for /readyz)."""
        ...


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail in plain text. Sent again it keeps its `message_id`, by which repetitions can be told."""

    message_id: UUID
    to: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class ShortMessage:
    """A message to a phone; `to` is an E.164 number. Sent again it keeps its `message_id`."""

    message_id: UUID
    to: str
    text: str


class MessageUndeliverable(Exception):
    """The channel will never take this message for this address; another address may work."""


class MessageDeferred(Exception):
    """The channel works, but does not take this message just now: try again, though not for ever."""


class ChannelAway(Exception):
    """The channel does not work at all right now: try again until it does."""


class Mailer(Protocol):
    """Sends e-mail."""

    async def send(self, letter: Letter) -> None:
        """Return once the letter was accepted for delivery.

        Raises MessageUndeliverable, MessageDeferred or ChannelAway. May deliver twice when it is called twice,
        and may have delivered although it raised ChannelAway.
        """
        ...


class Messenger(Protocol):
    """Sends messages to phones."""

    async def send(self, message: ShortMessage) -> None:
        """The same promises as those of Mailer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Everything a process works with. `mailer` and `messenger` are None where none is configured.

    `secrets` signs what only cabinet itself reads again: sign-in codes and links;
    `tokens` signs what clients show who they are with. `closing` takes what a process
    starts later and has to end.
    """

    settings: Settings
    backbone: Backbone
    files: FileStore
    mailer: Mailer | None
    messenger: Messenger | None
    limits: RateLimits
    secrets: KeyRing
    tokens: TokenSigner
    closing: AsyncExitStack

    @property
    def channels(self) -> frozenset[str]:
        """How clients can be written to here: by `email`, by `phone`, or both."""
        engines = {"email": self.mailer, "phone": self.messenger}
        return frozenset(name for name, engine in engines.items() if engine is not None)


async def _of_the_app(request: Request) -> Ports:
    ports: Ports = request.app.state.ports
    return ports


PortsOfApp = Annotated[Ports, Depends(_of_the_app)]
