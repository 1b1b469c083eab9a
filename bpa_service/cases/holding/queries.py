"""Reads of who has cases in hand."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from bpa_service.cases.core import domain
from bpa_service.cases.core.models import Case
from service_kit.db import ReadSession
from service_kit.notifying.rows import among


@dataclass(frozen=True, slots=True)
class NotFree:
    """A case that nobody can take: somebody has it, or without a holder it is over."""

    number: str
    holder_id: UUID | None


async def not_free(
    session: ReadSession, case_ids: Collection[UUID], *, now: datetime
) -> Mapping[UUID, NotFree]:
    """Those of the cases that nobody can take."""
    found: dict[UUID, NotFree] = {}
    for case in await session.scalars(select(Case).where(among(Case.id, case_ids))):
        holder_id = domain.holder(case.standing, now)
        if holder_id is not None or case.state not in domain.OPEN:
            found[case.id] = NotFree(case.number, holder_id)
    return found
