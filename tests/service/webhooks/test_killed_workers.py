"""Workers that are killed in the middle, again and again: everything arrives, in order, under one id each."""

import signal
from typing import Any, Final
from uuid import UUID

import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.webhooks.sending import WebhookSender
from service_kit.failpoints import Deed, Point
from shared_schemas.webhooks import WebhookType
from tests.service.inspections.conftest import Case
from tests.service.webhooks import workers
from tests.service.webhooks.conftest import Admin
from tests.support.partner_server import PartnerServer

INSPECTIONS: Final = 3
NOTICES: Final = 20
KILLS: Final = (Point.WEBHOOK_CLAIMED, Point.WEBHOOK_SENT)


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
        await workers.let_claims_lapse(cabinet_ports)
    while await sender.send_due():
        await workers.let_claims_lapse(cabinet_ports)
    assert await workers.pending(cabinet_ports) == 0
    assert {tuple(sequence) for sequence in partner.by_inspection().values()} == {tuple(range(NOTICES))}
    ids = {one.id for one in partner.requests}
    assert len(ids) == INSPECTIONS * NOTICES
    assert len(partner.requests) > len(ids), "what was sent and not written down came again"
    for request in partner.requests:
        request.verified(webhook["secret"])


async def put_down(ports: ApiPorts, inspection_id: UUID) -> None:
    async with ports.backbone.database.writing() as session:
        for sequence in range(NOTICES):
            await workers.announce(session, inspection_id, sequence)


async def killed_at(ports: ApiPorts, point: Point) -> int:
    """Run a worker until it is killed there the third time that it passes; its exit code."""
    async with workers.running(ports, failpoint=f"{point}={Deed.KILL}@3") as worker:
        return await worker.wait()
