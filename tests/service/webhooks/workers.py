"""Workers that send webhooks, as processes; and time that passes for what waits."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.webhooks import announcing
from cabinet_service.webhooks.domain import WebhookDeliveryState
from cabinet_service.webhooks.models import WebhookDelivery
from service_kit.db import Session, database_now
from service_kit.failpoints import VARIABLE
from shared_schemas.webhooks import InspectionNotice, Links, WebhookType

SENDS: Final = """
import asyncio
from cabinet_service.settings import read_environment
from cabinet_service.webhooks.sending import send_webhooks
from cabinet_service.wiring import open_ports
from service_kit import failpoints

async def main() -> None:
    failpoints.arm(environment="test")
    async with open_ports(read_environment()) as ports:
        await asyncio.gather(ports.backbone.listener.run(), send_webhooks(ports))

asyncio.run(main())
"""


@asynccontextmanager
async def running(ports: ApiPorts, *, failpoint: str = "") -> AsyncGenerator[asyncio.subprocess.Process]:
    """A worker that sends until it dies; at the end it is killed."""
    settings = ports.settings
    environment = os.environ | {
        "CABINET_ENVIRONMENT": "development",
        "CABINET_DATABASE_URL": settings.database_url,
        "CABINET_SERVICE_KEYS": ",".join(settings.service_keys),
        "CABINET_SECRET_KEYS": ",".join(settings.secret_keys),
        "CABINET_FILES_DIR": str(settings.files_dir),
        VARIABLE: failpoint,
    }
    quiet = asyncio.subprocess.DEVNULL
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SENDS, env=environment, stdout=quiet, stderr=quiet
    )
    try:
        yield worker
    finally:
        if worker.returncode is None:
            worker.kill()
        await worker.wait()


async def announce(session: Session, inspection_id: UUID, sequence: int) -> None:
    """Put down that the inspection stands in line, as the act of that version would."""
    inspection = await session.get_one(Inspection, inspection_id, lock=True)
    assert inspection.company_id is not None
    now = await database_now(session)
    notice = InspectionNotice(
        inspection_id=inspection_id,
        number=inspection.number,
        company_id=inspection.company_id,
        branch_id=inspection.branch_id,
        state=inspection.state,
        sequence=sequence,
        clock=None,
        links=Links.to(inspection_id),
    )
    announcing.announce(session, WebhookType.INSPECTION_QUEUED, notice, occurred_at=now, now=now)


async def let_claims_lapse(ports: ApiPorts) -> None:
    """As if everything that waits, or was being sent by who was killed, had waited long enough."""
    async with ports.backbone.database.writing() as session:
        pending = WebhookDelivery.state == WebhookDeliveryState.PENDING
        await session.execute(
            update(WebhookDelivery).where(pending).values(due_at=func.transaction_timestamp())
        )


async def let_first_be_due(ports: ApiPorts) -> None:
    """As if so long had gone by that the earliest of each line is tried again; nothing is done to the rest."""
    async with ports.backbone.database.writing() as session:
        tried = WebhookDelivery.attempts > 0
        pending = WebhookDelivery.state == WebhookDeliveryState.PENDING
        await session.execute(
            update(WebhookDelivery).where(pending, tried).values(due_at=func.transaction_timestamp())
        )


async def pending(ports: ApiPorts) -> int:
    async with ports.backbone.database.reading() as session:
        waiting = select(func.count()).where(WebhookDelivery.state == WebhookDeliveryState.PENDING)
        return await session.scalar(waiting) or 0
