"""Very many webhooks to a server that is by turns slow, broken and closed, by workers that are killed.

AUTODETECTIVE_STORM=10000 sends that many and kills 20 times, in some minutes; by default it is short. `-s` shows
the count.
"""

import asyncio
import itertools
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import func, select

from cabinet_service.api_ports import ApiPorts
from cabinet_service.webhooks.models import WebhookDelivery
from service_kit.failpoints import Deed, Point
from shared_schemas.webhooks import WebhookType
from tests.service.webhooks import workers
from tests.service.webhooks.conftest import Admin
from tests.support.partner_server import BROKEN, CLOSED, OK, PartnerServer

NOTICES: Final = int(os.environ.get("AUTODETECTIVE_STORM", "300"))
IS_LONG: Final = NOTICES >= 10_000
KILLS: Final = 20 if IS_LONG else 3
INSPECTIONS: Final = 20
CALM: Final = 300 if IS_LONG else 40
A_SECOND: Final = 20
AT_ONCE: Final = 8
"""Requests under way when a worker is killed, whose answers are lost with it."""
PATIENCE: Final = 1800 if IS_LONG else 300
MOODS: Final = (
    # what it says, after so many seconds, so many times
    (OK, 0.0, 150),
    (OK, 0.3, 30),
    (BROKEN, 0.0, 30),
    (OK, 0.0, 60),
    (CLOSED, 0.0, 30),
)
# What was tried and failed is due at once, and never for the last time; what somebody is trying, or was when they
# were killed, is not.
_WAITED: Final = """
WITH waited AS (
    SELECT endpoint_id, event_id FROM webhook_deliveries AS one
    WHERE state = 'pending' AND due_at > now() AND EXISTS (
        SELECT FROM webhook_attempts AS tried
        WHERE (tried.endpoint_id, tried.event_id, tried.number) = (one.endpoint_id, one.event_id, one.attempts)
    )
    FOR UPDATE SKIP LOCKED
)
UPDATE webhook_deliveries AS one SET due_at = now(), tries = 1 FROM waited
WHERE (one.endpoint_id, one.event_id) = (waited.endpoint_id, waited.event_id)
RETURNING pg_notify('webhooks', '')
"""
_TO_FIRST_TRY: Final = """
SELECT percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (
    ORDER BY extract(epoch FROM tried.began_at - event.created_at)
) FROM webhook_attempts AS tried JOIN webhook_events AS event ON event.id = tried.event_id
WHERE tried.number = 1 AND event.created_at > (SELECT min(began_at) FROM webhook_attempts)
"""
"""Of what was put down once the worker had begun."""


@pytest.mark.busless
async def test_every_notice_arrives_in_order_whatever_happens_to_both_sides(
    admin: Admin, partner: PartnerServer, ordered: Any, cabinet_ports: ApiPorts
) -> None:
    luck = random.Random(11)
    webhook = await admin.add(partner.url, [WebhookType.INSPECTION_QUEUED])
    ids = [(await ordered()).id for _ in range(INSPECTIONS)]
    async with asyncio.timeout(PATIENCE):
        first = await in_the_calm(cabinet_ports, ids)
        async with time_flies(cabinet_ports), by_turns(partner, webhook["secret"]):
            for number in range(CALM, CALM + NOTICES, 500):
                await put_down(cabinet_ports, ids, range(number, min(number + 500, CALM + NOTICES)))
            kills = await killed_again_and_again(cabinet_ports, partner, luck)

    times = Counter(one.id for one in partner.requests)
    again = times.total() - len(times)
    failures = await tries(cabinet_ports) - CALM - NOTICES
    half, nearly_all = (round(seconds * 1000) for seconds in first)
    sys.stdout.write(
        f"{CALM} notices in the calm, to the first try: p50 {half} ms, p99 {nearly_all} ms\n"
        f"{NOTICES} notices, {kills} kills, {times.total()} requests with the calm's, {failures} tries failed:"
        f" {again} came again\n"
    )
    assert kills == KILLS
    assert await states(cabinet_ports) == {"delivered": CALM + NOTICES}
    assert len(times) == CALM + NOTICES
    bodies = {(one.id, one.body) for one in partner.requests}
    assert len(bodies) == len(times), "what comes again is the same"
    assert failures > 0
    assert again <= failures + KILLS * AT_ONCE
    for sequences in partner.by_inspection().values():
        assert sequences == sorted(sequences)


async def in_the_calm(ports: ApiPorts, ids: Sequence[UUID]) -> tuple[float, float]:
    """So many a second to a server that takes them; seconds to the first try, of half and of 99 in 100."""
    async with workers.running(ports):
        await put_down(ports, ids, range(1))
        await until_sent(ports)
        for number in range(1, CALM):
            await put_down(ports, ids, range(number, number + 1))
            await asyncio.sleep(1 / A_SECOND)
        await until_sent(ports)
    async with ports.backbone.database.reading() as session:
        [row] = await session.fetch(_TO_FIRST_TRY)
    half, nearly_all = row[0]
    return half, nearly_all


async def killed_again_and_again(ports: ApiPorts, partner: PartnerServer, luck: random.Random) -> int:
    """Have everything sent by workers that die, by themselves or not; how many did."""
    kills, least = 0, NOTICES // (KILLS + 1)
    while await workers.pending(ports):
        point = luck.choice((Point.WEBHOOK_CLAIMED, Point.WEBHOOK_SENT))
        failpoint = f"{point}={Deed.KILL}@{luck.randint(1, 2 * least)}" if kills < KILLS else ""
        begun = len(partner.requests)
        async with workers.running(ports, failpoint=failpoint) as worker:
            while worker.returncode is None and await workers.pending(ports):
                await asyncio.sleep(luck.uniform(0.02, 0.1))
                if kills < KILLS and len(partner.requests) - begun >= least:
                    break
        kills += kills < KILLS
        await workers.let_claims_lapse(ports)
    return kills


async def put_down(ports: ApiPorts, ids: Sequence[UUID], numbers: range) -> None:
    async with ports.backbone.database.writing() as session:
        for number in numbers:
            await workers.announce(session, ids[number % len(ids)], number)


async def until_sent(ports: ApiPorts) -> None:
    while await workers.pending(ports):
        await asyncio.sleep(0.05)


@asynccontextmanager
async def by_turns(partner: PartnerServer, secret: str) -> AsyncGenerator[None]:
    """Meanwhile the server is in one mood after the other, and verifies what it got last in each."""

    async def change() -> None:
        for said, takes, times in itertools.cycle(MOODS):
            partner.usual, partner.takes = said, takes
            until = len(partner.requests) + times
            while len(partner.requests) < until:
                await asyncio.sleep(0.005)
            partner.requests[-1].verified(secret)

    async with asyncio.TaskGroup() as group:  # whoever fails in it ends the test
        changing = group.create_task(change())
        try:
            yield
        finally:
            changing.cancel()
            partner.usual, partner.takes = OK, 0.0


@asynccontextmanager
async def time_flies(ports: ApiPorts) -> AsyncGenerator[None]:
    """Meanwhile nobody waits long before they try again."""

    async def fly() -> None:
        while True:
            async with ports.backbone.database.writing() as session:
                await session.fetch(_WAITED)
            await asyncio.sleep(0.5)

    async with asyncio.TaskGroup() as group:
        flying = group.create_task(fly())
        try:
            yield
        finally:
            flying.cancel()


async def states(ports: ApiPorts) -> dict[str, int]:
    async with ports.backbone.database.reading() as session:
        counted = select(WebhookDelivery.state, func.count()).group_by(WebhookDelivery.state)
        return {str(state): count for state, count in await session.execute(counted)}


async def tries(ports: ApiPorts) -> int:
    """Those that were written down."""
    async with ports.backbone.database.reading() as session:
        [row] = await session.fetch("SELECT count(*) FROM webhook_attempts")
        return row[0]
