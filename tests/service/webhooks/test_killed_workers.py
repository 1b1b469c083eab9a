"""Workers that are killed in the middle, again and again: everything arrives, in order, under one id each."""

import asyncio
import os
import signal
import sys
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.webhooks import announcing
from cabinet_service.webhooks.domain import WebhookDeliveryState
from cabinet_service.webhooks.models import WebhookDelivery
from cabinet_service.webhooks.sending import WebhookSender
from service_kit.db import database_now
from service_kit.failpoints import VARIABLE, Deed, Point
from shared_schemas.webhooks import InspectionNotice, Links, WebhookType
from tests.service.inspections.conftest import Case
from tests.service.webhooks.conftest import Admin
from tests.support.partner_server import PartnerServer

INSPECTIONS: Final = 3
NOTICES: Final = 20
KILLS: Final = (Point.WEBHOOK_CLAIMED, Point.WEBHOOK_SENT)
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


@pytest.mark.busless
async def test_every_notice_arrives_in_order_though_workers_are_killed(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any, cabinet_ports: ApiPorts
) -> None:
    webhook = await admin.add(partner.url, [WebhookType.INSPECTION_QUEUED])
    cases: list[Case] = [await ordered() for _ in range(INSPECTIONS)]
    for case in cases:
        await put_down(cabinet_ports, case.id)
    for kill in KILLS:
        assert await killed_at(cabinet_ports, kill) == -signal.SIGKILL
        await let_claims_lapse(cabinet_ports)
    while await sender.send_due():
        await let_claims_lapse(cabinet_ports)
    assert await pending(cabinet_ports) == 0
    assert {tuple(sequence) for sequence in partner.by_inspection().values()} == {tuple(range(NOTICES))}
    ids = {one.id for one in partner.requests}
    assert len(ids) == INSPECTIONS * NOTICES
    assert len(partner.requests) > len(ids), "what was sent and not written down came again"
    for request in partner.requests:
        request.verified(webhook["secret"])


async def put_down(ports: ApiPorts, inspection_id: UUID) -> None:
    async with ports.backbone.database.writing() as session:
        inspection = await session.get_one(Inspection, inspection_id, lock=True)
        assert inspection.company_id is not None
        now = await database_now(session)
        for sequence in range(NOTICES):
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


async def killed_at(ports: ApiPorts, point: Point) -> int:
    """Run a worker until it is killed there the third time that it passes; its exit code."""
    settings = ports.settings
    environment = os.environ | {
        "CABINET_ENVIRONMENT": "development",
        "CABINET_DATABASE_URL": settings.database_url,
        "CABINET_SERVICE_KEYS": ",".join(settings.service_keys),
        "CABINET_SECRET_KEYS": ",".join(settings.secret_keys),
        "CABINET_FILES_DIR": str(settings.files_dir),
        VARIABLE: f"{point}={Deed.KILL}@3",
    }
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", SENDS, env=environment)
    return await worker.wait()


async def let_claims_lapse(ports: ApiPorts) -> None:
    async with ports.backbone.database.writing() as session:
        await session.execute(update(WebhookDelivery).values(due_at=func.transaction_timestamp()))


async def pending(ports: ApiPorts) -> int:
    async with ports.backbone.database.reading() as session:
        waiting = select(func.count()).where(WebhookDelivery.state == WebhookDeliveryState.PENDING)
        return await session.scalar(waiting) or 0
