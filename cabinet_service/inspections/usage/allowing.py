"""What is left of a month, and that nothing is sent beyond it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from cabinet_service.companies import ordering
from cabinet_service.companies.domain import Allowance, Month
from cabinet_service.companies.errors import LimitReached
from cabinet_service.companies.ordering import Limit
from cabinet_service.inspections.usage import queries
from service_kit import locks
from service_kit.db import ReadSession, Session, as_system


class Allowed(NamedTuple):
    """A limit, and what is left of it."""

    limit: Limit
    allowance: Allowance


async def allowed(
    session: ReadSession, company_id: UUID, branch_id: UUID | None, month: Month
) -> Sequence[Allowed]:
    """What the month allows the company, and the branch, if there is one."""
    found: list[Allowed] = []
    # An agent sees one branch, and the company's limit is of all of them: how many, and nothing else, is told.
    async with as_system(session):
        for limit in await ordering.limits(session, company_id, branch_id):
            used = await queries.used(session, company_id, limit.branch_id, month)
            found.append(Allowed(limit, Allowance(limit.monthly_limit, limit.at_limit, used)))
    return found


async def require(
    session: Session,
    company_id: UUID,
    branch_id: UUID | None,
    *,
    zone: ZoneInfo,
    now: datetime,
) -> None:
    """One more is about to be sent there. Raises LimitReached where the month allows none, and nothing is lost.

    Where there is a limit, who sends at the same time waits for this transaction: of two, the last one counts.
    """
    limits = await ordering.limits(session, company_id, branch_id)
    limited = [limit.branch_id or company_id for limit in limits if limit.monthly_limit is not None]
    if not limited:
        return
    for one in limited:
        await locks.hold(session, f"allowance:{one}")
    month = Month.of(now, zone)
    for one in await allowed(session, company_id, branch_id, month):
        if one.allowance.refuses:
            raise LimitReached(name=one.limit.name, limit=one.allowance.limit, branch_id=_text(one.limit))


def _text(limit: Limit) -> str | None:
    return str(limit.branch_id) if limit.branch_id else None
