"""The backbone of a service: its database, its bus and everything that moves between the two.

Built once per process; `backbone.py` of each service says from what. A process then runs the jobs
that are its own: the api listens, the relay relays, the consumer and the worker each consume a queue.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final

import httpx

from service_kit import audit_chain, idempotency, live, pruning
from service_kit.audit import AuditColumns
from service_kit.bus import EventBus
from service_kit.bus.http import HttpBus
from service_kit.chores import Chore, repeat
from service_kit.db import Database
from service_kit.dead_letters import DeadLetters
from service_kit.http.peer import Peer
from service_kit.inbox import Handlers, Inbox
from service_kit.listen import Listener
from service_kit.live import Hub
from service_kit.peer_client import peer_client
from service_kit.processes import Job
from service_kit.relay import Relay
from service_kit.resync import Resync
from service_kit.settings import ServiceSettings
from service_kit.signing import KeyRing
from service_kit.tables import Tables

# Several at once: the inbox sees to the order of what belongs together.
EVENTS_PREFETCH: Final = 8
WORK_PREFETCH: Final = 2
PEER_TIMEOUT: Final = httpx.Timeout(10, connect=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backbone:
    """See the module. `peer_noun` is how the peer calls what its events are about."""

    settings: ServiceSettings
    tables: Tables
    audit_log: type[AuditColumns]
    peer_noun: str
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
        return Resync(self.database, inbox, self.peer, noun=self.peer_noun)

    async def consume_events(self, handlers: Handlers) -> None:
        """Take in the peer's events, until cancelled."""
        await self._consume(self.tables.queues.events, handlers, EVENTS_PREFETCH)

    async def consume_work(self, handlers: Handlers) -> None:
        """Do the service's own work, until cancelled."""
        await self._consume(self.tables.queues.work, handlers, WORK_PREFETCH)

    def relay_jobs(self) -> list[Job]:
        """What a relay process runs. Any number of them may run; one works at a time."""
        return [self.listener.run(), self.relay().run()]

    def consumer_jobs(self, handlers: Handlers) -> list[Job]:
        """What a consumer process runs: take in the peer's events, and ask it for those that got lost."""
        return [self.consume_events(handlers), self.resync(self.inbox(handlers)).heal_forever()]

    def worker_jobs(self, handlers: Handlers, chores: Sequence[Chore]) -> list[Job]:
        """What a worker process runs: do the service's own work, and tidy up now and then."""
        all_chores = (*chores, *self._chores())
        tidying = (repeat(self.database, chore) for chore in all_chores)
        return [self.listener.run(), self.consume_work(handlers), *tidying]

    def _chores(self) -> list[Chore]:
        return [
            Chore("live_hints_pruned", live.KEPT_FOR / 24, partial(live.prune, table=self.tables.hints)),
            Chore("work_pruned", pruning.EVERY, partial(pruning.prune_work, outbox=self.tables.outbox)),
            Chore(
                "idempotency_keys_pruned",
                timedelta(hours=1),
                partial(idempotency.prune, table=self.tables.idempotency_keys),
            ),
            Chore("inbox_pruned", pruning.EVERY, partial(pruning.prune_inbox, inbox=self.tables.inbox)),
            Chore(
                "dead_letters_pruned",
                pruning.EVERY,
                partial(pruning.prune_dead_letters, dead=self.tables.dead),
            ),
            Chore(
                "audit_head_noted",
                audit_chain.HEAD_NOTED_EVERY,
                partial(audit_chain.note_head, table=self.audit_log),
            ),
        ]

    async def _consume(self, queue: str, handlers: Handlers, prefetch: int) -> None:
        handler = self.inbox(handlers).delivery_handler(self.database)
        await self.bus.consume(queue, handler, bury=self.dead_letters.bury, prefetch=prefetch)


@asynccontextmanager
async def open_backbone(
    settings: ServiceSettings, tables: Tables, audit_log: type[AuditColumns], *, peer_noun: str
) -> AsyncGenerator[Backbone]:
    """Build a backbone and close what it opened. Nothing connects before it is used."""
    keys = KeyRing(settings.service_keys)
    database = Database(settings.database_url, hints=tables.hints, sandbox=settings.sandbox)
    listener = Listener(settings.database_url)
    bus = _bus(settings, tables, database, keys)
    try:
        async with peer_client(keys, PEER_TIMEOUT) as http:
            yield Backbone(
                settings=settings,
                tables=tables,
                audit_log=audit_log,
                peer_noun=peer_noun,
                database=database,
                listener=listener,
                keys=keys,
                http=http,
                peer=Peer(settings.peer_url, keys, http),
                bus=bus,
                hub=Hub(database.pool, tables.hints, listener),
                dead_letters=DeadLetters(database.pool, tables.dead),
            )
    finally:
        await bus.close()
        await database.close()


def _bus(settings: ServiceSettings, tables: Tables, database: Database, keys: KeyRing) -> EventBus:
    if settings.bus_url:
        # Only here: what it is made of is 3 MiB in each process of an installation without it.
        from service_kit.bus.rabbitmq import RabbitBus

        return RabbitBus(settings.bus_url)
    # A service's own processes reach its API where everyone does.
    own, queues = settings.public_url, tables.queues
    owners = {queues.peer: settings.peer_url, queues.events: own, queues.work: own}
    return HttpBus(database.pool, tables.queued, owners=owners, keys=keys)
