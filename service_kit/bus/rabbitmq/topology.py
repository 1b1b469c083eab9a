"""The queues of RabbitMQ behind one queue of the bus.

    Q               the work. A message that was delivered over and over without an answer goes to Q.dead.
    Q.retry.<ms>    where a message waits for its next attempt. It expires there, back to Q. One queue per delay,
                    because messages expire in order only: a long delay would hold up the short ones behind it.
    Q.dead          given up on; `consumer` moves them on into the consumer's database.

All are quorum queues. What moves on its own between them does so *at least once*, which RabbitMQ does only for
queues that refuse messages, rather than drop them, when they are full.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aio_pika.abc import AbstractChannel

from service_kit.bus import DELIVERY_LIMIT, RetryPolicy

# RabbitMQ 4 gives every quorum queue a limit of 20 and drops what goes over it; 3.x knows no word for "none".
NO_DELIVERY_LIMIT: Final = 2**31 - 1

Arguments = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class Topology:
    """The names of the queues behind `queue`, and how they are declared."""

    queue: str
    policy: RetryPolicy

    @property
    def dead(self) -> str:
        return f"{self.queue}.dead"

    def retry(self, delay: timedelta) -> str:
        return f"{self.queue}.retry.{_milliseconds(delay)}"

    def names(self) -> list[str]:
        """Every queue there is."""
        return [self.queue, self.dead, *(self.retry(delay) for delay in self._delays())]

    async def declare(self, channel: AbstractChannel) -> None:
        """Raises ChannelPreconditionFailed if one of them exists with other arguments."""
        await _declare(channel, self.dead, {"x-delivery-limit": NO_DELIVERY_LIMIT})
        limit = {"x-delivery-limit": DELIVERY_LIMIT}
        await _declare(channel, self.queue, limit | _dead_letters_to(self.dead))
        for delay in self._delays():
            expiry = {"x-message-ttl": _milliseconds(delay)}
            await _declare(channel, self.retry(delay), expiry | _dead_letters_to(self.queue))

    def _delays(self) -> set[timedelta]:
        return {*self.policy.delays, *self.policy.postponements}


def _dead_letters_to(queue: str) -> dict[str, str | int]:
    return {
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


async def _declare(channel: AbstractChannel, name: str, arguments: Arguments) -> None:
    await channel.declare_queue(name, durable=True, arguments={"x-queue-type": "quorum", **arguments})


def _milliseconds(delay: timedelta) -> int:
    return round(delay.total_seconds() * 1000)
