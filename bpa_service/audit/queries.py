"""Reading the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from bpa_service.audit.models import AuditEntry
from service_kit.db import ReadSession
from service_kit.paging import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries are asked for; None does not filter. `since` is included, `until` is not."""

    case_id: UUID | None = None
    actor_id: UUID | None = None
    act: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def entries(session: ReadSession, wanted: AuditFilter, page: Page) -> Sequence[AuditEntry]:
    """The newest first; one more than the page holds, if there is one. Its key is `position`."""
    statement = select(AuditEntry).order_by(AuditEntry.position.desc()).limit(page.limit + 1)
    if wanted.case_id is not None:
        statement = statement.where(AuditEntry.subject_id == wanted.case_id)
    if wanted.actor_id is not None:
        statement = statement.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.act is not None:
        statement = statement.where(AuditEntry.act == wanted.act)
    if wanted.since is not None:
        statement = statement.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(AuditEntry.at < wanted.until)
    if page.after is not None:
        statement = statement.where(AuditEntry.position < page.after[0])
    return (await session.scalars(statement)).all()
