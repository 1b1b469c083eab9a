"""The port of a channel: one way to reach people."""

import asyncio
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody is told: in plain text as a letter (`subject`, `letter`), and `short`, as to a phone.

    `title`, `sentence` and `action` are the same in parts, for channels that lay them out themselves; `link` is
    where the action leads, if there is one.
    """

    subject: str
    letter: str
    short: str
    title: str = ""
    sentence: str = ""
    action: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one address. Sent again it keeps its `message_id`, by which repetitions can be told.

    `kind`, `subject_id` and `task_id` say what it is about, where a channel has more to show than the words.
    """

    message_id: UUID
    to: str
    wording: Wording
    kind: str = ""
    subject_id: UUID | None = None
    task_id: UUID | None = None
    is_silent: bool = False


class MessageUndeliverable(Exception):
    """The channel will never take this message for this address; another address may work.

    `is_dead`: nor any other message for it. The bot was blocked, the browser's subscription is gone.
    """

    def __init__(self, reason: str, *, is_dead: bool = False) -> None:
        super().__init__(reason)
        self.is_dead = is_dead


class MessageDeferred(Exception):
    """The channel works, but does not take this message just now: try again, though not for ever.

    `retry_after` is in seconds, if the channel says it.
    """

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class ChannelAway(Exception):
    """The channel does not work at all right now: try again until it does. `retry_after` as above."""

    def __init__(self, reason: str, *, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class AnswerLost(ChannelAway):
    """The channel may have taken the message: only its answer is missing. Sent again it may come twice."""


class Channel(Protocol):
    """One way to reach people."""

    async def send(self, message: Message) -> str | None:
        """Return once the message was accepted for delivery, with the channel's own name for it if it has one.

        Raises MessageUndeliverable, MessageDeferred, ChannelAway or AnswerLost. May deliver twice when it is
        called twice, and may have delivered although it raised ChannelAway.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a channel wants to be used: `at_once` messages under way, and so many `a_second`, of all people's.

    `to_all`: a message goes to every address of a person, each by itself, not only to the first that takes it.
    """

    at_once: int = 8
    a_second: float = 100.0
    to_all: bool = False


class Pace:
    """Lets through so many a second, evenly; who comes too early waits for their turn."""

    def __init__(self, a_second: float) -> None:
        self._gap = 1 / a_second
        self._next = 0.0

    async def turn(self) -> None:
        now = asyncio.get_running_loop().time()
        at = max(now, self._next)
        self._next = at + self._gap
        if at > now:
            await asyncio.sleep(at - now)
