"""Reads of requests."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, tuple_

from cabinet_service.request_log.models import ApiRequest
from service_kit.db import ReadSession
from service_kit.paging import Page


async def listed(
    session: ReadSession,
    company_id: UUID,
    page: Page,
    *,
    key_id: UUID | None,
    statuses: range | None,
    request_id: str | None,
) -> Sequence[ApiRequest]:
    """One more than the page holds, the youngest first. Of a company there are so few that one index will do."""
    row = ApiRequest
    statement = (
        select(row)
        .where(row.company_id == company_id)
        .order_by(row.at.desc(), row.id.desc())
        .limit(page.limit + 1)
    )
    if key_id is not None:
        statement = statement.where(row.key_id == key_id)
    if statuses is not None:
        statement = statement.where(row.status >= statuses.start, row.status < statuses.stop)
    if request_id is not None:
        statement = statement.where(row.request_id == request_id)
    if page.after is not None:
        statement = statement.where(tuple_(row.at, row.id) < page.after)
    return (await session.scalars(statement)).all()
