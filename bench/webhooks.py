"""What a signature costs, and from what happened to the first try, beside a server that hangs.

A signature against the bare HMAC of the same bytes. Events at 20 a second, each told to a server that answers at
once and to one that never does: what the second takes must not be felt at the first.
"""

import asyncio
import hashlib
import hmac
import re
import statistics
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid4

from bench.harness import Figure
from bench.load import p99
from bench.stage import Stage
from cabinet_service.db.tables import TABLES
from cabinet_service.webhooks import announcing, receiver, signing
from cabinet_service.webhooks.models import WebhookEndpoint, WebhookSecret
from cabinet_service.webhooks.sending import WebhookSender
from service_kit.db import Database, database_now
from service_kit.listen import Listener
from service_kit.sealing import Seal
from shared_schemas.webhooks import InspectionNotice, Links, WebhookType
from shared_schemas.words import InspectionState
from tests.support.partner_server import PartnerServer, partner_server

A_SECOND: Final = 20
SECONDS: Final = 15
SIGNATURES: Final = 20_000
GOAL_MILLISECONDS: Final = 1000.0
PATIENCE: Final = 120.0
KEY: Final = "a key that seals nothing but this"
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def run() -> list[Figure]:
    with Stage() as stage:
        stage.client()
        stage.stop_background()
        url = stage.stack.environment_of(stage.stack.cabinet)["CABINET_DATABASE_URL"]
        [account] = _UUID.findall(stage.sql("cabinet", "SELECT id FROM accounts LIMIT 1;"))
        company, inspections = uuid4(), [uuid4() for _ in range(A_SECOND)]
        stage.sql("cabinet", f"INSERT INTO companies VALUES ('{company}', 'Motors', now());")
        for one in inspections:
            stage.sql(
                "cabinet",
                "INSERT INTO inspections (id, account_id, company_id, state, version, created_at, updated_at)"
                f" VALUES ('{one}', '{account}', '{company}', 'submitted', 1, now(), now());",
            )
        return [_signature(), *asyncio.run(_measure(url, company, inspections))]


def _signature() -> Figure:
    body, secret, now = b"x" * 900, signing.new_secret(), datetime.now(UTC)
    event, key = uuid4(), b"k" * 32
    begun = time.perf_counter()
    for _ in range(SIGNATURES):
        signing.headers(event, body, secrets=[secret], now=now)
    signed = time.perf_counter()
    for _ in range(SIGNATURES):
        hmac.digest(key, body, hashlib.sha256)
    bare = time.perf_counter() - signed
    micro = 1e6 / SIGNATURES
    return Figure(
        name="a signature", unit="µs", product=(signed - begun) * micro, baseline=bare * micro, at_most=10
    )


async def _measure(url: str, company: UUID, inspections: list[UUID]) -> list[Figure]:
    database, listener = Database(url, hints=TABLES.hints), Listener(url)
    seal = Seal([KEY], purpose=signing.SEALED)
    async with (
        partner_server() as quick,
        partner_server() as slow,
        receiver.open_client(is_development=True) as http,
    ):
        for partner in (quick, slow):
            await _add(database, company, partner, seal)
        slow.hangs = True
        sender = WebhookSender(database, listener, http, seal)
        jobs = [asyncio.create_task(listener.run()), asyncio.create_task(sender.run())]
        try:
            await asyncio.sleep(1.5)  # until it listens
            delays = await _trickle(database, quick, company, inspections)
        finally:
            for job in jobs:
                job.cancel()
                with suppress(asyncio.CancelledError):
                    await job
            await database.close()
        hung = len(slow.requests)
    return [
        Figure(
            name="event to first try, p50, beside one that hangs",
            unit="ms",
            product=statistics.median(delays),
        ),
        Figure(
            name="event to first try, p99, beside one that hangs",
            unit="ms",
            product=p99(delays),
            at_most=GOAL_MILLISECONDS,
        ),
        Figure(name="requests that hung meanwhile", unit="", product=hung),
    ]


async def _add(database: Database, company: UUID, partner: PartnerServer, seal: Seal) -> None:
    async with database.writing() as session:
        now, endpoint_id = await database_now(session), uuid4()
        session.add(
            WebhookEndpoint(
                id=endpoint_id,
                company_id=company,
                url=partner.url,
                events=[WebhookType.INSPECTION_QUEUED],
                created_by=uuid4(),
                created_at=now,
            )
        )
        sealed = seal.seal(signing.new_secret())
        session.add(WebhookSecret(id=uuid4(), endpoint_id=endpoint_id, sealed=sealed, created_at=now))


async def _trickle(
    database: Database, partner: PartnerServer, company: UUID, inspections: list[UUID]
) -> list[float]:
    """So many a second; milliseconds from the beginning of each transaction to its request."""
    begun: dict[str, float] = {}
    came: dict[str, float] = {}

    async def note() -> None:
        seen = 0
        while True:
            for one in partner.requests[seen:]:
                data = one.told["data"]
                came[f"{data['inspection_id']} {data['sequence']}"] = time.perf_counter()
                seen += 1
            await asyncio.sleep(0.001)

    noting = asyncio.create_task(note())
    for number in range(A_SECOND * SECONDS):
        started, inspection = time.perf_counter(), inspections[number % len(inspections)]
        async with database.writing() as session:
            now = await database_now(session)
            notice = InspectionNotice(
                inspection_id=inspection,
                number="A-1000001",
                company_id=company,
                branch_id=None,
                state=InspectionState.QUEUED,
                sequence=number,
                clock=None,
                links=Links.to(inspection),
            )
            announcing.announce(session, WebhookType.INSPECTION_QUEUED, notice, occurred_at=now, now=now)
        begun[f"{inspection} {number}"] = started
        await asyncio.sleep(max(0.0, 1 / A_SECOND - (time.perf_counter() - started)))
    async with asyncio.timeout(PATIENCE):
        while len(came) < len(begun):  # noqa: ASYNC110 - it is asked for rarely, and costs nothing
            await asyncio.sleep(0.05)
    noting.cancel()
    return [(came[one] - at) * 1000 for one, at in begun.items()]
