"""The backbone of a service: its database, its bus and everything that moves between the two.

Built once per process from plain values; `wiring.py` of each service says which. A process then runs the jobs
that are its own: the api listens, the relay relays, the consumer and the worker each consume a queue.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import httpx
from fastapi import APIRouter

from service_kit import audit_chain, live
from service_kit.audit import AuditColumns
from service_kit.bus import EventBus
from service_kit.bus.http import HttpBus, inbound_router
from service_kit.bus.rabbitmq import RabbitBus
from service_kit.bus.tables import DeadLetterColumns, QueuedMessageColumns
from service_kit.chores import Chore, repeat
from service_kit.db import Database
from service_kit.dead_letters import DeadLetters
from service_kit.health import delivery_metrics
from service_kit.http.peer import Peer
from service_kit.inbox import Handlers, Inbox, InboxColumns, IncomingStreamColumns, ParkedEventColumns
from service_kit.listen import Listener
from service_kit.live import Hub, LiveHintColumns
from service_kit.outbox import Outbox
from service_kit.processes import Job
from service_kit.relay import Relay
from service_kit.resync import Resync
from service_kit.signing import KeyRing

# Several at once: the inbox sees to the order of what belongs together.
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
    audit_log: type[AuditColumns]


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

    async def metrics(self) -> bytes:
        """What /metrics tells."""
        return await delivery_metrics(
            self.database, outbox=self.tables.outbox.table, parked=self.tables.parked, dead=self.tables.dead
        )

    def inbound_router(self) -> APIRouter:
        """Where messages for this service's own queues come in. With RabbitMQ none do."""
        if self.place.bus_url:
            return APIRouter()
        queues = (self.place.events_queue, self.place.work_queue)
        return inbound_router(self.database.engine, self.tables.queued, queues=queues, keys=self.keys)

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
        await self._consume(self.place.events_queue, handlers, EVENTS_PREFETCH)

    async def consume_work(self, handlers: Handlers) -> None:
        """Do the service's own work, until cancelled."""
        await self._consume(self.place.work_queue, handlers, WORK_PREFETCH)

    def relay_jobs(self) -> list[Job]:
        """What a relay process runs. Any number of them may run; one works at a time."""
        return [self.listener.run(), self.relay().run()]

    def consumer_jobs(self, handlers: Handlers) -> list[Job]:
        """What a consumer process runs: take in the peer's events, and ask it for those that got lost."""
        return [self.consume_events(handlers), self.resync(self.inbox(handlers)).heal_forever()]

    def worker_jobs(self, handlers: Handlers, chores: Sequence[Chore]) -> list[Job]:
        """What a worker process runs: do the service's own work, and tidy up now and then."""
        all_chores = (*chores, *self._chores())
        return [self.consume_work(handlers), *(repeat(self.database, chore) for chore in all_chores)]

    def _chores(self) -> list[Chore]:
        return [
            Chore("live_hints_pruned", live.KEPT_FOR / 24, partial(live.prune, table=self.tables.hints)),
            Chore(
                "audit_head_noted",
                audit_chain.HEAD_NOTED_EVERY,
                partial(audit_chain.note_head, table=self.tables.audit_log),
            ),
        ]

    async def _consume(self, queue: str, handlers: Handlers, prefetch: int) -> None:
        handler = self.inbox(handlers).delivery_handler(self.database)
        await self.bus.consume(queue, handler, bury=self.dead_letters.bury, prefetch=prefetch)


@asynccontextmanager
async def open_backbone(place: Place, tables: Tables) -> AsyncGenerator[Backbone]:
    """Build a backbone and close what it opened. Nothing connects before it is used."""
    keys = KeyRing(place.service_keys)
    database = Database(place.database_url, audit_log=tables.audit_log, hints=tables.hints)
    listener = Listener(place.database_url)
    bus: EventBus
    if place.bus_url:
        bus = RabbitBus(place.bus_url)
    else:
        bus = HttpBus(database.engine, tables.queued, owners=_owners(place), keys=keys)
    try:
        async with httpx.AsyncClient(timeout=PEER_TIMEOUT, trust_env=False) as http:
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
                dead_letters=DeadLetters(database.engine, tables.dead),
            )
    finally:
        await bus.close()
        await database.close()


def _owners(place: Place) -> dict[str, str]:
    return {
        place.peer_queue: place.peer_url,
        place.events_queue: place.own_url,
        place.work_queue: place.own_url,
    }
