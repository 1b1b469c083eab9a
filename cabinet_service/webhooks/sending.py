"""Sending what is due: each address in a lane of its own, so that one that is slow delays no other.

A delivery is claimed in the database, sent without a transaction, and what came of it is written down if nobody
else has claimed it since. Whoever dies in between leaves a claim that lapses: it is sent again, with the same id.
Of an inspection nothing is sent to an address while something earlier is pending there.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final
from uuid import UUID

import httpx
import structlog

from cabinet_service.ports import Ports
from cabinet_service.webhooks import receiver, settling, signing
from cabinet_service.webhooks.announcing import CHANNEL
from cabinet_service.webhooks.receiver import Answer
from cabinet_service.webhooks.settling import Tried
from service_kit import failpoints
from service_kit.db import Database, database_now, will_pass
from service_kit.listen import Listener
from service_kit.sealing import Seal, Unsealable

log = structlog.get_logger(__name__)

AT_ONCE: Final = 8
"""Requests to one address under way in one process; to one that takes nothing, one."""
POLL: Final = timedelta(seconds=5)
"""So late at most something is sent of which no NOTIFY told: what is tried again, or whose claim lapsed."""
CLAIMED_FOR: Final = receiver.TIMEOUT + timedelta(seconds=20)

_ADDRESSES_DUE: Final = """
SELECT endpoint.id FROM webhook_endpoints AS endpoint
WHERE endpoint.removed_at IS NULL AND EXISTS (
    SELECT FROM webhook_deliveries AS one
    WHERE one.endpoint_id = endpoint.id AND one.state = 'pending' AND one.due_at <= statement_timestamp()
)
"""
# Read in the order of an index, until there are enough, whatever the statistics say. What is due and does not
# come first in its line is passed over, and there is little of it: `settling` moves a line with its first.
_CLAIM: Final = """
WITH claimed AS (
    SELECT one.endpoint_id, one.event_id FROM webhook_deliveries AS one
    WHERE one.endpoint_id = $1 AND one.state = 'pending' AND one.due_at <= statement_timestamp()
        AND EXISTS (SELECT FROM webhook_endpoints WHERE id = $1 AND removed_at IS NULL)
        AND (one.inspection_id IS NULL OR one.event_id = (
            SELECT first.event_id FROM webhook_deliveries AS first
            WHERE first.endpoint_id = one.endpoint_id AND first.inspection_id = one.inspection_id
                AND first.state = 'pending'
            ORDER BY first.sequence LIMIT 1
        ))
    ORDER BY one.due_at, one.sequence
    LIMIT (
        SELECT CASE WHEN failing_since IS NULL THEN $2::bigint ELSE $3::bigint END
        FROM webhook_endpoints WHERE id = $1
    )
    FOR UPDATE SKIP LOCKED
)
UPDATE webhook_deliveries AS delivery
SET attempts = delivery.attempts + 1, due_at = clock_timestamp() + $4::interval
FROM claimed, webhook_endpoints AS endpoint, webhook_events AS event
WHERE delivery.endpoint_id = claimed.endpoint_id AND delivery.event_id = claimed.event_id
    AND endpoint.id = claimed.endpoint_id AND event.id = claimed.event_id
RETURNING delivery.event_id, delivery.attempts, endpoint.url, event.body, clock_timestamp() AS claimed_at,
    ARRAY (
        SELECT secret.sealed FROM webhook_secrets AS secret
        WHERE secret.endpoint_id = endpoint.id
            AND (secret.expires_at IS NULL OR secret.expires_at > clock_timestamp())
        ORDER BY secret.created_at DESC, secret.id DESC
    ) AS secrets
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that is ours to try; `number` says that it still is."""

    endpoint_id: UUID
    event_id: UUID
    number: int
    claimed_at: datetime
    url: str
    body: str
    secrets: tuple[bytes, ...]


class WebhookSender:
    """Runs in any number of workers: what one has claimed the others leave alone."""

    def __init__(self, database: Database, listener: Listener, client: httpx.AsyncClient, seal: Seal) -> None:
        self._database = database
        self._client = client
        self._seal = seal
        self._wakeup = listener.wakeup(CHANNEL)
        self._lanes: dict[UUID, _Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send until cancelled. What is under way then is left to lapse."""
        try:
            while True:
                self._wakeup.clear()
                await self._wake_lanes()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(POLL.total_seconds()):
                        await self._wakeup.wait()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def send_due(self) -> int:
        """Send what is due now and return how many requests that were; what fails is due later."""
        count = 0
        while True:
            claims = [
                claim for one in await self._addresses_due() for claim in await self.claim(one, free=AT_ONCE)
            ]
            if not claims:
                return count
            await asyncio.gather(*(self.send(claim) for claim in claims))
            count += len(claims)

    async def claim(self, endpoint_id: UUID, *, free: int) -> list[Claim]:
        """What is due at the address, of each inspection the earliest, for so many of its AT_ONCE places."""
        async with self._database.writing() as session:
            places_of_failing = max(0, free - AT_ONCE + 1)
            rows = await session.fetch(_CLAIM, endpoint_id, free, places_of_failing, CLAIMED_FOR)
        failpoints.reach(failpoints.Point.WEBHOOK_CLAIMED)
        return [
            Claim(
                endpoint_id,
                row["event_id"],
                row["attempts"],
                row["claimed_at"],
                row["url"],
                row["body"],
                tuple(row["secrets"]),
            )
            for row in rows
        ]

    async def send(self, claim: Claim) -> None:
        """Send it, and write down what came of it."""
        began = monotonic()
        answer = await self._answer(claim)
        took = timedelta(seconds=monotonic() - began)
        failpoints.reach(failpoints.Point.WEBHOOK_SENT)
        async with self._database.writing() as session:
            tried = Tried(claim.endpoint_id, claim.event_id, claim.number, claim.claimed_at, took, answer)
            await settling.settle(session, tried, now=await database_now(session))

    async def _answer(self, claim: Claim) -> Answer:
        try:
            secrets = [self._seal.open(one) for one in claim.secrets]
        except Unsealable:
            log.exception("webhook_secret_unsealable", endpoint_id=str(claim.endpoint_id))
            return Answer(error="its secret cannot be read here")
        body = claim.body.encode()
        headers = signing.headers(claim.event_id, body, secrets=secrets, now=claim.claimed_at)
        return await receiver.post(self._client, claim.url, body, headers)

    async def _addresses_due(self) -> list[UUID]:
        async with self._database.reading() as session:
            return [row["id"] for row in await session.fetch(_ADDRESSES_DUE)]

    async def _wake_lanes(self) -> None:
        try:
            due = await self._addresses_due()
        except Exception as error:
            if not will_pass(error):
                raise
            log.warning("webhooks_postponed", error=repr(error))
            return
        for endpoint_id in due:
            if (lane := self._lanes.get(endpoint_id)) is not None:
                lane.nudged.set()
                continue
            lane = self._lanes[endpoint_id] = _Lane(self, endpoint_id)
            task = asyncio.create_task(self._drive(lane))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _drive(self, lane: "_Lane") -> None:
        try:
            await lane.run()
        except Exception as error:  # of this address alone; what is due there is looked for again
            if will_pass(error):
                log.warning("webhooks_postponed", endpoint_id=str(lane.endpoint_id), error=repr(error))
            else:
                log.exception("webhooks_not_claimed", endpoint_id=str(lane.endpoint_id))
        finally:
            del self._lanes[lane.endpoint_id]


class _Lane:
    """What is due at one address, a few at once, until nothing is."""

    def __init__(self, sender: WebhookSender, endpoint_id: UUID) -> None:
        self.endpoint_id = endpoint_id
        self.nudged = asyncio.Event()
        self._sender = sender
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        try:
            while True:
                self.nudged.clear()
                if free := AT_ONCE - len(self._under_way):
                    for claim in await self._sender.claim(self.endpoint_id, free=free):
                        self._under_way.add(asyncio.create_task(self._send(claim)))
                if self._under_way:
                    await self._until_news()
                elif not self.nudged.is_set():
                    return
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _until_news(self) -> None:
        nudge = asyncio.create_task(self.nudged.wait())
        await asyncio.wait({nudge, *self._under_way}, return_when=asyncio.FIRST_COMPLETED)
        nudge.cancel()
        self._under_way = {task for task in self._under_way if not task.done()}

    async def _send(self, claim: Claim) -> None:
        try:
            await self._sender.send(claim)
        except Exception as error:  # the claim lapses, and it is sent again
            if will_pass(error):
                log.warning("webhook_unsettled", endpoint_id=str(claim.endpoint_id), error=repr(error))
            else:
                log.exception("webhook_failed", endpoint_id=str(claim.endpoint_id))


async def send_webhooks(ports: Ports) -> None:
    """The job of a worker: send until cancelled."""
    backbone, settings = ports.backbone, ports.settings
    seal = Seal(settings.secret_keys, purpose=signing.SEALED)
    async with receiver.open_client(is_development=settings.is_development) as client:
        await WebhookSender(backbone.database, backbone.listener, client, seal).run()
