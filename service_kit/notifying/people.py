"""What the sender has to be told by a service: who can be reached how, and in which words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from service_kit.db import Session
from service_kit.notifying.channels import Wording
from service_kit.notifying.rules import Urgency
from service_kit.notifying.tables import NotificationColumns


class Address(NamedTuple):
    """`id` is that of its row, where the channel knows people by addresses of its own."""

    to: str
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a person is reached: the addresses of each channel, in the usual order of both."""

    addresses: Mapping[str, Sequence[Address]]


NOBODY: Final = Reach(MappingProxyType({}))


class People(Protocol):
    """The people of a service."""

    def urgency_of(self, kind: str) -> Urgency: ...

    async def reach(self, session: Session, person_ids: Collection[UUID]) -> Mapping[UUID, Reach]:
        """Of whoever is not in it nobody knows how to reach them."""
        ...

    async def words(
        self, session: Session, notifications: Sequence[NotificationColumns]
    ) -> Mapping[UUID, Wording]:
        """By the notification's id. What is not in it is not to be told any more."""
        ...

    async def together(self, session: Session, newest: NotificationColumns, count: int) -> Wording:
        """The words for so many of a kind at once, about different things, of which this is the newest."""
        ...

    async def told(
        self, session: Session, notification: NotificationColumns, channel: str, at: datetime
    ) -> None:
        """The first channel has taken the notification: whatever follows from it is written along with that."""
        ...
