"""The backbone of a service: its database, its bus and everything that moves between the two.

Built once per process from plain values; `wiring.py` of each service says which. A process then runs the jobs
that are its own: the api listens, the relay relays, the consumer and the worker each consume a queue.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import httpx

from service_kit.bus import EventBus
from service_kit.bus.http import HttpBus
from service_kit.bus.rabbitmq import RabbitBus
from service_kit.bus.tables import DeadLetterColumns, QueuedMessageColumns
from service_kit.db import Database
from service_kit.dead_letters import DeadLetters
from service_kit.http.peer import Peer
from service_kit.inbox import Handlers, Inbox, InboxColumns, IncomingStreamColumns, ParkedEventColumns
from service_kit.listen import Listener
from service_kit.live import Hub, LiveHintColumns
from service_kit.outbox import Outbox
from service_kit.relay import Relay
from service_kit.resync import Resync
from service_kit.signing import KeyRing

# One at a time keeps the order in which things happened; the inbox would cope with any other.
EVENTS_PREFETCH: Final = 8
WORK_PREFETCH: Final = 2
PEER_TIMEOUT: Final = httpx.Timeout(10, connect=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The service's own tables of delivery."""

    outbox: Outbox
    inbox: type[InboxColumns]
    incoming_streams: type[IncomingStreamColumns]
    parked: type[ParkedEventColumns]
    queued: type[QueuedMessageColumns]
    dead: type[DeadLetterColumns]
    hints: type[LiveHintColumns]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a service stands: its own queues and address, and its peer's."""

    database_url: str
    bus_url: str
    service_keys: Sequence[str] = field(repr=False)
    own_url: str
    peer_url: str
    events_queue: str
    work_queue: str
    peer_queue: str
    peer_noun: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Backbone:
    """See the module. `bus_url` of the place is empty for signed HTTP, or `amqp://…` for RabbitMQ."""

    place: Place
    tables: Tables
    database: Database
    listener: Listener
    keys: KeyRing
    http: httpx.AsyncClient
    peer: Peer
    bus: EventBus
    hub: Hub
    dead_letters: DeadLetters

    def relay(self) -> Relay:
        return Relay(self.database, self.tables.outbox, self.bus, self.listener)

    def inbox(self, handlers: Handlers) -> Inbox:
        return Inbox(
            self.tables.inbox,
            self.tables.incoming_streams,
            self.tables.parked,
            outbox=self.tables.outbox,
            handlers=handlers,
        )

    def resync(self, inbox: Inbox) -> Resync:
        return Resync(self.database, inbox, self.peer, noun=self.place.peer_noun)

    async def consume_events(self, handlers: Handlers) -> None:
        """Take in the peer's events, until cancelled."""
        handler = self.inbox(handlers).delivery_handler(self.database)
        await self.bus.consume(
            self.place.events_queue, handler, bury=self.dead_letters.bury, prefetch=EVENTS_PREFETCH
        )

    async def consume_work(self, handlers: Handlers) -> None:
        """Do the service's own work, until cancelled."""
        handler = self.inbox(handlers).delivery_handler(self.database)
        await self.bus.consume(
            self.place.work_queue, handler, bury=self.dead_letters.bury, prefetch=WORK_PREFETCH
        )


@asynccontextmanager
async def open_backbone(place: Place, tables: Tables) -> AsyncGenerator[Backbone]:
    """Build a backbone and close what it opened. Nothing connects before it is used."""
    database = Database(place.database_url, hints=tables.hints)
    listener = Listener(place.database_url)
    keys = KeyRing(place.service_keys)
    async with httpx.AsyncClient(timeout=PEER_TIMEOUT) as http:
        bus: EventBus
        if place.bus_url:
            bus = RabbitBus(place.bus_url)
        else:
            bus = HttpBus(
                table=tables.queued,
                database=database,
                listener=listener,
                keys=keys,
                client=http,
                owners={
                    place.peer_queue: place.peer_url,
                    place.events_queue: place.own_url,
                    place.work_queue: place.own_url,
                },
            )
        yield Backbone(
            place=place,
            tables=tables,
            database=database,
            listener=listener,
            keys=keys,
            http=http,
            peer=Peer(place.peer_url, keys, http),
            bus=bus,
            hub=Hub(database.engine, tables.hints, listener),
            dead_letters=DeadLetters(database, tables.dead),
        )
        await bus.close()
    await database.close()
