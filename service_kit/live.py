"""Live hints: "something about this changed", written with the change and sent out over SSE.

A hint carries ids, never content: the screen fetches what changed by REST. Each process has one LISTEN
connection (`listen.Listener`) feeding a `Hub`; no database session is held while a stream is open.

Replay after a reconnect reads `id > Last-Event-ID`. That is only right if the hints of one audience become
visible in the order of their ids, and ids are given out before the commit. So hints are written last in
their transaction, under an advisory lock of their audience that the commit releases; and a stream has exactly
one audience.
"""

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID

import structlog
from sqlalchemy import BigInteger, DateTime, Identity, Index, String, delete, func, select
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from service_kit import locks, tracing
from service_kit.listen import Listener
from service_kit.personal_columns import not_personal
from service_kit.pool import Pool
from service_kit.session import Session
from service_kit.tracing import Kind
from service_kit.writes import Write

log = structlog.get_logger(__name__)

CHANNEL: Final = "live"
MAX_REPLAY: Final = 500
MAX_BUFFERED: Final = 1000
KEPT_FOR: Final = timedelta(hours=24)
_PENDING: Final = "live_hints"
_FIELDS: Final = 4
# Lock, insert, tell, in one statement: for as long as it takes every other writer of the audience waits. So the
# locks come after what is written beside. No row comes out of the join before all locks are held, and a row gets
# its id when it comes out.
_LOCK: Final = """
SELECT pg_advisory_xact_lock(hashtextextended('live:' || audience, 0))
FROM (SELECT count(*) FROM @written AS other) AS written, unnest($1::text[]) AS audience
"""
_HINT: Final = f"""
INSERT INTO {{table}} (audience, kind, subject_id)
SELECT audience, kind, subject_id
FROM (SELECT count(*) FROM @0) AS all_locked,
    unnest($2::text[], $3::text[], $4::uuid[]) WITH ORDINALITY AS said (audience, kind, subject_id, place)
ORDER BY place
RETURNING pg_notify('{CHANNEL}', json_build_array(id, audience, kind, subject_id, $5::text)::text)
"""  # noqa: S608 - filled with the name of our own table


class LiveHintColumns:
    """Columns of a service's table of hints. Old rows are pruned; who was away longer must resync."""

    __tablename__: ClassVar[str]

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    audience: Mapped[str] = mapped_column(String(64), info=not_personal())
    kind: Mapped[str] = mapped_column(String(64), info=not_personal())
    subject_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.transaction_timestamp())

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        return (Index(None, "audience", "id"), Index(None, "at"))


@dataclass(frozen=True, slots=True)
class Hint:
    """`kind` of news about `subject_id` for everyone who listens as `audience`."""

    id: int
    audience: str
    kind: str
    subject_id: UUID


@dataclass(frozen=True, slots=True)
class Resync:
    """Too much was missed to replay it: fetch everything that is on screen again."""

    last_id: int


def announce(session: Session, *, audience: str, kind: str, subject_id: UUID) -> None:
    """Tell `audience` about a change, once the transaction has committed. Said twice, it is sent once."""
    pending: dict[tuple[str, str, UUID], None] = session.info.setdefault(_PENDING, {})
    pending[audience, kind, subject_id] = None


def hold(session: Session, table: type[LiveHintColumns]) -> None:
    """Have the announced hints written. Called by the edge, last thing before it commits."""
    pending: dict[tuple[str, str, UUID], None] = session.info.pop(_PENDING, {})
    if not pending:
        return
    said = list(pending)
    values = (
        # In a fixed order, or two transactions with the same two audiences could wait for each other.
        sorted({audience for audience, _, _ in said}),
        [audience for audience, _, _ in said],
        [kind for _, kind, _ in said],
        [subject_id for _, _, subject_id in said],
        tracing.traceparent(),
    )
    name = table.__tablename__
    session.hold(Write(_HINT.format(table=name), values, frozenset((name,)), before=(_LOCK,)))


async def prune(session: Session, now: datetime, *, table: type[LiveHintColumns]) -> None:
    """Forget hints older than a day. The newest stays: a stream can tell by it whether it missed any."""
    newest = select(func.max(table.id)).scalar_subquery()
    await session.execute(delete(table).where(table.at < now - KEPT_FOR, table.id < newest))


class _Subscription:
    def __init__(self, audience: str) -> None:
        self.audience = audience
        self.queue: asyncio.Queue[Hint | None] = asyncio.Queue(MAX_BUFFERED)

    def offer(self, hint: Hint | None) -> None:
        """None asks for a replay. A full queue is emptied for one: the database knows what was in it."""
        try:
            self.queue.put_nowait(hint)
        except asyncio.QueueFull:
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(None)


class Hub:
    """Fans the hints of one LISTEN connection out to the open streams of this process."""

    def __init__(self, pool: Pool, table: type[LiveHintColumns], listener: Listener) -> None:
        self._pool = pool
        self._table = table
        self._subscriptions: dict[str, set[_Subscription]] = {}
        self._ended = False
        listener.on(CHANNEL, self._on_notify)

    async def stream(
        self, audience: str, last_id: int, *, patience: float | None = None
    ) -> AsyncGenerator[Hint | Resync | None]:
        """Hints for `audience` after `last_id`, each once and in order, until `end`.

        With `patience` there is a None whenever that many seconds went by without any.
        """
        subscription = _Subscription(audience)
        self._subscriptions.setdefault(audience, set()).add(subscription)
        try:
            seen = last_id
            subscription.offer(None)
            while not self._ended:
                try:
                    async with asyncio.timeout(patience):
                        hint = await subscription.queue.get()
                except TimeoutError:
                    yield None
                    continue
                if hint is not None:
                    if hint.id > seen:
                        seen = hint.id
                        yield hint
                    continue
                if self._ended:
                    return
                async for missed in self._missed(audience, seen):
                    seen = missed.last_id if isinstance(missed, Resync) else missed.id
                    yield missed
        finally:
            self._subscriptions[audience].discard(subscription)
            if not self._subscriptions[audience]:
                del self._subscriptions[audience]

    def end(self) -> None:
        """End every stream: this process stops. Whoever listened asks another one for what comes next."""
        self._ended = True
        for subscriptions in self._subscriptions.values():
            for subscription in subscriptions:
                subscription.offer(None)

    @property
    def open_streams(self) -> int:
        return sum(len(subscriptions) for subscriptions in self._subscriptions.values())

    async def newest_id(self, audience: str) -> int:
        """The id after which everything is news to `audience` that is not committed before this returns.

        Who writes for the audience right now may hold an id below one that shows already, of another audience.
        They are waited for.
        """
        async with self._pool.reading() as session:
            await locks.share(session, f"live:{audience}")
            return await session.scalar(select(func.max(self._table.id))) or 0

    async def _missed(self, audience: str, seen: int) -> AsyncGenerator[Hint | Resync]:
        table = self._table
        async with self._pool.reading() as session:
            oldest = await session.scalar(select(func.min(table.id)))
            newest = await session.scalar(select(func.max(table.id))) or 0
            rows = (
                await session.execute(
                    select(table.id, table.audience, table.kind, table.subject_id)
                    .where(table.audience == audience, table.id > seen)
                    .order_by(table.id)
                    .limit(MAX_REPLAY + 1)
                )
            ).all()
        pruned = seen > 0 and oldest is not None and oldest > seen + 1
        from_another_database = seen > newest
        if len(rows) > MAX_REPLAY or pruned or from_another_database:
            complete = 0 < len(rows) <= MAX_REPLAY
            yield Resync(rows[-1].id if complete else await self.newest_id(audience))
            return
        for row in rows:
            yield Hint(row.id, row.audience, row.kind, row.subject_id)

    def _on_notify(self, payload: str) -> None:
        if not payload:  # the LISTEN connection is new: everyone may have missed something
            for subscriptions in self._subscriptions.values():
                for subscription in subscriptions:
                    subscription.offer(None)
            return
        fields: Any = json.loads(payload)
        hint = Hint(int(fields[0]), str(fields[1]), str(fields[2]), UUID(fields[3]))
        listening = self._subscriptions.get(hint.audience, ())
        for subscription in listening:
            subscription.offer(hint)
        traceparent = fields[4] if len(fields) > _FIELDS else None  # none from a process of the last release
        if listening and traceparent:
            with tracing.continued(traceparent, f"hint {hint.kind}", Kind.CONSUMER) as span:
                span.note("autodetective.screens", len(listening))
