"""Many messages, a channel in trouble, and a sender that is killed again and again: everybody is told, in order.

AUTODETECTIVE_STORM=10000 sends that many and kills 50 times, in some minutes; by default it is short. `-s` shows
the count.
"""

import asyncio
import base64
import os
import random
import socket
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI, Request, Response
from sqlalchemy import func, select

from cabinet_service.api_ports import ApiPorts
from cabinet_service.notifications.kinds import NotificationKind
from cabinet_service.notifications.models import Delivery, Notification
from cabinet_service.notifications.notices import notices
from cabinet_service.settings import Settings
from service_kit.db import database_now
from service_kit.ids import new_id
from service_kit.notifying.push import Subscription
from service_kit.notifying.rules import REACHED, DeliveryState
from tests.support.clients import sign_in
from tests.support.postgres import CHECKOUT

MESSAGES: Final = int(os.environ.get("AUTODETECTIVE_STORM", "200"))
KILLS: Final = 50 if MESSAGES >= 10_000 else 4
PEOPLE: Final = 40
AT_ONCE: Final = 32  # messages under way when a sender is killed, whose answers are lost with it
PATIENCE: Final = 1800 if MESSAGES >= 10_000 else 300


@dataclass
class PushService:
    """Takes what is pushed, mostly. `taken` has each message by its topic, in order, repetitions too."""

    luck: random.Random
    taken: list[UUID] = field(default_factory=list[UUID])
    lost_answers: int = 0
    refusals: int = 0

    async def take(self, request: Request) -> Response:
        chance = self.luck.random()
        if chance < 0.05:
            self.refusals += 1
            return Response(status_code=429, headers={"Retry-After": "1"})
        self.taken.append(UUID(request.headers["Topic"]))
        if chance < 0.08:
            self.lost_answers += 1
            return Response(status_code=502)  # it is shown, and nobody hears of it
        return Response(status_code=201)


@asynccontextmanager
async def push_service(luck: random.Random) -> AsyncGenerator[tuple[PushService, str]]:
    service, app = PushService(luck), FastAPI()
    app.add_api_route("/{device}", service.take, methods=["POST"])
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield service, f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


def subscription(url: str, device: int) -> str:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    raw = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    texts = [base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (raw, os.urandom(16))]
    return Subscription(endpoint=f"{url}/{device}", p256dh=texts[0], auth=texts[1]).model_dump_json()


@asynccontextmanager
async def worker(settings: Settings) -> AsyncGenerator[asyncio.subprocess.Process]:
    """A worker as it runs anywhere; killed at the end."""
    environment = os.environ | {
        "CABINET_ENVIRONMENT": "development",
        "CABINET_DATABASE_URL": settings.database_url,
        "CABINET_SERVICE_KEYS": ",".join(settings.service_keys),
        "CABINET_SECRET_KEYS": ",".join(settings.secret_keys),
        "CABINET_OUTBOX_DIR": str(settings.outbox_dir),
        "CABINET_FILES_DIR": str(settings.files_dir),
    }
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "cabinet_service",
        "worker",
        env=environment,
        cwd=CHECKOUT,
        stdout=quiet,
        stderr=quiet,
    )
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def tell_everybody(ports: ApiPorts, people: list[UUID]) -> None:
    """So many messages, to all of them in turns; each a moment after the one before."""
    async with ports.backbone.database.writing() as session:
        now = await database_now(session)
        for number in range(MESSAGES):
            await notices.tell(
                session,
                event_id=new_id(),
                person_id=people[number % len(people)],
                kind=NotificationKind.EXPIRED,
                subject_id=new_id(),
                number=f"{number}",
                now=now - timedelta(seconds=60) + timedelta(milliseconds=number),
            )


async def waiting(ports: ApiPorts) -> int:
    async with ports.backbone.database.reading() as session:
        planned = await session.scalar(select(func.count()).where(Notification.escalate_at.is_not(None)))
        queued = await session.scalar(select(func.count()).where(Delivery.state == DeliveryState.QUEUED))
    return (planned or 0) + (queued or 0)


async def test_in_a_storm_everybody_is_told_everything_in_order(
    cabinet_ports: ApiPorts, cabinet_settings: Settings
) -> None:
    luck = random.Random(7)
    people = [(await sign_in(cabinet_ports, f"client{n}@example.com")).account_id for n in range(PEOPLE)]
    async with push_service(luck) as (service, url), asyncio.timeout(PATIENCE):
        async with cabinet_ports.backbone.database.writing() as session:
            now = await database_now(session)
            for number, person in enumerate(people):
                await notices.bind(
                    session, person, "push", subscription(url, number), device="phone", now=now
                )
        await tell_everybody(cabinet_ports, people)
        kills, least = 0, MESSAGES // (KILLS + 1)
        while await waiting(cabinet_ports):
            async with worker(cabinet_settings) as process:
                begun = len(service.taken)
                while await waiting(cabinet_ports):
                    await asyncio.sleep(luck.uniform(0.02, 0.1))
                    assert process.returncode is None
                    if kills < KILLS and len(service.taken) - begun >= least:
                        kills += 1
                        break
    async with cabinet_ports.backbone.database.reading() as session:
        rows = await session.execute(
            select(
                Delivery.id, Delivery.channel, Delivery.state, Notification.number, Notification.person_id
            ).join(Notification, Notification.id == Delivery.notification_id)
        )
        ended = list(rows)
    pushed = {one: (number, person) for one, name, _, number, person in ended if name == "push"}
    reached = Counter(number for _, _, state, number, _ in ended if state in REACHED)
    by_mail = sum(name == "email" for _, name, *_ in ended)
    times = Counter(service.taken)
    doubled = times.total() - len(times)
    sys.stdout.write(
        f"{MESSAGES} messages, {kills} kills, {service.refusals} refusals, {service.lost_answers} lost answers:"
        f" {len(times)} pushed, {doubled} more than once, {by_mail} went on to mail\n"
    )
    assert kills == KILLS
    assert len(pushed) == MESSAGES
    assert len(reached) == MESSAGES, "each came at least once, on one channel or the other"
    assert set(times) >= {one for one, name, state, *_ in ended if name == "push" and state in REACHED}
    assert doubled <= service.lost_answers + KILLS * AT_ONCE
    first: defaultdict[UUID, list[int]] = defaultdict(list)
    for one in dict.fromkeys(service.taken):
        number, person = pushed[one]
        first[person].append(int(number))
    assert all(numbers == sorted(numbers) for numbers in first.values()), "each in order"
