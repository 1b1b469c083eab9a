"""The address at which messages of the bus come in, as it is in a whole application."""

from datetime import UTC, datetime

import httpx
import pytest

from cabinet_service.api_ports import ApiPorts
from cabinet_service.db.tables import TABLES
from service_kit.bus import MAX_BODY_BYTES
from service_kit.ids import new_id


@pytest.mark.parametrize("queue", [TABLES.queues.events, TABLES.queues.work])
@pytest.mark.parametrize(("size", "status"), [(10, 202), (MAX_BODY_BYTES, 202), (MAX_BODY_BYTES + 1, 413)])
async def test_a_message_may_be_as_large_as_the_bus_says(
    cabinet_api: httpx.AsyncClient, cabinet_ports: ApiPorts, queue: str, size: int, status: int
) -> None:
    body = b"x" * size
    target = f"/internal/v1/queues/{queue}/messages?message_id={new_id()}"
    headers = cabinet_ports.backbone.keys.request_headers("POST", target, body, datetime.now(UTC))
    answer = await cabinet_api.post(target, content=body, headers=headers)
    assert answer.status_code == status
