"""A heap that waits for one address makes no claim slow."""

from typing import Any, Final
from uuid import UUID

import asyncpg
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.webhooks.sending import AT_ONCE, WebhookSender
from shared_schemas.webhooks import WebhookType
from tests.service.webhooks import workers
from tests.service.webhooks.conftest import Admin
from tests.support.partner_server import BROKEN, OK, PartnerServer
from tests.support.plans import reads_counted

EACH: Final = 30
INSPECTIONS: Final = 2 * AT_ONCE
"""What is claimed to count the rows is claimed no second time."""


@pytest.mark.parametrize("are_statistics_fresh", [True, False])
async def test_a_claim_reads_what_it_takes_however_much_waits(
    admin: Admin,
    partner: PartnerServer,
    sender: WebhookSender,
    ordered: Any,
    cabinet_ports: ApiPorts,
    are_statistics_fresh: bool,
    cabinet_superuser_url: str,
) -> None:
    webhook = await admin.add(partner.url, [WebhookType.INSPECTION_QUEUED])
    ids = [(await ordered()).id for _ in range(INSPECTIONS)]
    async with cabinet_ports.backbone.database.writing() as session:
        for number in range(EACH * INSPECTIONS):
            await workers.announce(session, ids[number % INSPECTIONS], number)
    if are_statistics_fresh:
        await analyzed(cabinet_superuser_url)

    with reads_counted() as reads:
        claims = await sender.claim(UUID(webhook["id"]), free=AT_ONCE)

    assert len(claims) == AT_ONCE
    assert max(one.rows for one in reads) < EACH * INSPECTIONS / 3, reads


async def analyzed(url: str) -> None:
    connection: Any = await asyncpg.connect(url)
    try:
        await connection.execute("ANALYZE webhook_deliveries")
    finally:
        await connection.close()


async def test_what_stands_behind_a_failing_notice_is_not_looked_at_again_and_again(
    admin: Admin, partner: PartnerServer, sender: WebhookSender, ordered: Any, cabinet_ports: ApiPorts
) -> None:
    webhook = await admin.add(partner.url, [WebhookType.INSPECTION_QUEUED])
    inspection_id = (await ordered()).id
    async with cabinet_ports.backbone.database.writing() as session:
        for number in range(EACH):
            await workers.announce(session, inspection_id, number)
    partner.usual = BROKEN
    assert await sender.send_due() == 1

    with reads_counted() as reads:
        assert await sender.claim(UUID(webhook["id"]), free=AT_ONCE) == []

    assert max(one.rows for one in reads) < EACH / 3, reads
    partner.usual = OK
    await workers.let_first_be_due(cabinet_ports)
    assert await sender.send_due() == EACH, "and once it is taken, what waited behind it goes at once"
