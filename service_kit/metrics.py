"""What Prometheus is told of delivery, and of the processes that see to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.registry import REGISTRY
from sqlalchemy import func, select

from service_kit.backbone import Backbone
from service_kit.db import ReadSession
from service_kit.process_signs import signs
from service_kit.tables import Tables

# A gap closes by itself within half a minute; what has not by then wants somebody to look at it.
STUCK_AFTER: Final = timedelta(minutes=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How far delivery lags behind: rows of the outbox that the bus has not confirmed, events that are set aside
    until their predecessor comes, aggregates that have missed one for minutes, messages that were given up.
    """

    waiting: int
    oldest_seconds: float
    parked: int
    stuck: int
    stuck_since: datetime | None
    dead: int
    dead_since: datetime | None


async def delivery(session: ReadSession, tables: Tables) -> Delivery:
    """As it is at this instant."""
    outbox, parked, dead = tables.outbox.table, tables.parked, tables.dead
    oldest = func.coalesce(func.extract("epoch", func.clock_timestamp() - func.min(outbox.occurred_at)), 0)
    waits = select(func.count(), oldest).where(outbox.sent_at.is_(None))
    waiting, seconds = (await session.execute(waits)).one()
    set_aside = await session.scalar(select(func.count()).select_from(parked)) or 0
    missing = select(func.count(parked.aggregate_id.distinct()), func.min(parked.parked_at))
    long_ago = parked.parked_at < func.clock_timestamp() - STUCK_AFTER
    stuck, stuck_since = (await session.execute(missing.where(long_ago))).one()
    given_up = select(func.count(), func.min(dead.died_at)).where(dead.replayed_at.is_(None))
    buried, dead_since = (await session.execute(given_up)).one()
    return Delivery(
        waiting=waiting,
        oldest_seconds=float(seconds),
        parked=set_aside,
        stuck=stuck,
        stuck_since=stuck_since,
        dead=buried,
        dead_since=dead_since,
    )


async def delivery_metrics(backbone: Backbone) -> bytes:
    """Prometheus text: how far delivery lags behind, beside what this process counted itself.

    The figures are read from the database, so every API process tells the same.
    """
    async with backbone.database.reading() as session:
        now = await delivery(session, backbone.tables)
        processes = await signs(session)
    registry = CollectorRegistry()
    for name, text, value in (
        ("outbox_waiting", "Rows of the outbox that the bus has not confirmed.", now.waiting),
        ("outbox_oldest_seconds", "Age of the oldest of them.", now.oldest_seconds),
        ("inbox_parked", "Events set aside until their predecessor comes.", now.parked),
        ("inbox_stuck", "Aggregates that have missed an event of the peer's for minutes.", now.stuck),
        ("dead_letters", "Messages that were given up and not replayed.", now.dead),
    ):
        Gauge(f"autodetective_{name}", text, registry=registry).set(float(value))

    def gauge(name: str, text: str) -> Gauge:
        return Gauge(f"autodetective_{name}", text, ["process"], registry=registry)

    connected = gauge("process_connected", "Whether a process of the kind is connected to the database.")
    silent = gauge("process_silent_seconds", "For how long none of the kind has asked it anything.")
    for process, sign in processes.items():
        connected.labels(process).set(sign.is_connected)
        if sign.silent_seconds is not None:
            silent.labels(process).set(sign.silent_seconds)
    return generate_latest(registry) + generate_latest(REGISTRY)
