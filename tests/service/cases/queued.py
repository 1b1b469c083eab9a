"""The rows of the queue."""

from typing import Any
from uuid import UUID

from bpa_service.cases.arranging.domain import View
from bpa_service.cases.queue import page as queue
from bpa_service.cases.queue.schemas import QueueRow
from service_kit.paging import Page, PageOf
from tests.service.cases.conftest import Desk


def preview(evidence_id: UUID) -> str:
    return f"https://photos.example/{evidence_id}"


async def rows(desk: Desk, now: Any = None) -> list[QueueRow]:
    async with desk.ports.backbone.database.reading() as session:
        lines = await queue.lines(session, View.ALL, Page(None, 50), viewer_id=desk.anna.id)
    page = queue.page_of(lines, None, desk.policy, now or desk.now, preview)
    return PageOf[QueueRow].model_validate_json(page).items
