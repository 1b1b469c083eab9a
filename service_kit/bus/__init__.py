"""The event bus: how a message gets from one service's outbox to another process, and never gets lost.

`EventBus` is the port. Two engines stand behind it, `http.HttpBus` (the embedded default) and
`rabbitmq.RabbitBus`; one conformance suite (`tests/ports/test_event_bus*.py`) holds both to the same promises.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Message:
    """What is handed to the bus. `body` is the JSON of an envelope; `queue` is e.g. `bpa.events`."""

    queue: str
    message_id: UUID
    body: bytes
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a handler is given. `attempt` counts from 1 and only counts attempts that the handler failed."""

    queue: str
    message_id: UUID
    body: bytes
    attempt: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up on: `reason` says why, `attempts` how often the handler failed it."""

    queue: str
    message_id: UUID
    body: bytes
    correlation_id: str
    reason: str
    attempts: int


class BusUnavailable(Exception):
    """The engine did not confirm the message. It may or may not have it: publish it again."""


class MessageRefused(BusUnavailable):
    """The engine does not have the message, and takes it only after somebody has set something right.

    The queue is unknown or its owner never ran, the body is too large, or the receiver has none of our keys.
    """


class RetryLater(Exception):
    """Raised by a handler when an engine it needs is away. The message is kept and not blamed for it."""


class GiveUp(Exception):
    """Raised by a handler for a message that no further attempt can help: it is buried at once."""


Handler = Callable[[Delivery], Awaitable[None]]
Bury = Callable[[DeadLetter], Awaitable[None]]

# An event carries ids, small values and texts that people wrote. What is larger is refused when it is announced.
MAX_BODY_BYTES: Final = 256 * 1024
# So often a message is delivered without an answer (the process died over it) before it is buried.
DELIVERY_LIMIT: Final = 20
PUBLISH_TIMEOUT: Final = timedelta(seconds=10)
# A message that waits for an engine is tried again after the longest of these that it has waited for already: at
# once when the engine has only hiccuped, and four times a minute where somebody has to set something right.
POSTPONEMENTS: Final = tuple(timedelta(seconds=s) for s in (1, 3, 15))
# After a RetryLater its slot rests, so that a long queue does not spin while an engine is away.
RETRY_LATER_REST: Final = timedelta(milliseconds=100)

# After each failed attempt the message waits this long; after the last one it is dead.
# Together about 80 seconds: longer than a deploy, shorter than a client's patience.
RETRY_DELAYS: Final = tuple(timedelta(seconds=s) for s in (1, 5, 15, 60))


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a failing message is tried: once, and once more after each delay.

    `postponements`, growing, are for what `RetryLater` keeps, which is tried without end.
    """

    delays: tuple[timedelta, ...] = RETRY_DELAYS
    postponements: tuple[timedelta, ...] = POSTPONEMENTS

    @property
    def attempts(self) -> int:
        return len(self.delays) + 1

    def postponement(self, waited: timedelta) -> timedelta:
        """How long a message that has waited for this long is to wait once more."""
        waits = self.postponements
        return max((wait for wait in waits if wait <= waited), default=waits[0])


class EventBus(Protocol):
    """At-least-once delivery of messages to named queues.

    Duplicates and reordering are allowed (the inbox deals with both); loss is not.
    """

    async def publish(self, message: Message) -> None:
        """Return once the engine durably holds the message.

        Raises BusUnavailable within PUBLISH_TIMEOUT if that is not certain.
        """
        ...

    async def consume(self, queue: str, handler: Handler, *, bury: Bury, prefetch: int = 16) -> None:
        """Hand every message of the queue to `handler`, up to `prefetch` at once, until cancelled.

        A message is done when the handler returns. When it raises, the message is tried again after the delays
        of the retry policy, others not held up by it, and then given to `bury`. `RetryLater` is retried
        without end, ever less often, and not counted; after `GiveUp` there is no further attempt. A message that
        ends its process is buried after DELIVERY_LIMIT deliveries. Survives the engine going away and coming
        back.

        A handler is cancelled when this call is, or when the connection is lost through which its message
        could be marked as done; the message is delivered again.
        """
        ...

    async def check(self) -> None:
        """Raise BusUnavailable if the engine cannot be reached (for /readyz)."""
        ...

    async def close(self) -> None: ...
