"""Shared reports: their codes, and who is let in."""

from datetime import timedelta
from uuid import UUID

import httpx
from sqlalchemy import update

from cabinet_service.api_ports import ApiPorts
from cabinet_service.reports.sharing.models import ReportShare
from tests.service.reports.conftest import Json


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def let_pass(ports: ApiPorts, share: Json, time: timedelta) -> None:
    """The same, so much later, as far as the link knows."""
    async with ports.backbone.database.writing() as session:
        found = update(ReportShare).where(ReportShare.id == UUID(share["id"]))
        expiry, lock = ReportShare.expires_at - time, ReportShare.code_locked_until - time
        await session.execute(found.values(expires_at=expiry, code_locked_until=lock))
