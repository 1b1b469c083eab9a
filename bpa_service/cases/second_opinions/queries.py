"""Reads of second opinions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from bpa_service.cases.second_opinions.models import SecondOpinion
from service_kit.db import ReadSession


async def of_case(session: ReadSession, case_id: UUID) -> Sequence[SecondOpinion]:
    """What seniors were asked and said, the first question first."""
    asked = select(SecondOpinion).where(SecondOpinion.case_id == case_id)
    return (await session.scalars(asked.order_by(SecondOpinion.asked_at, SecondOpinion.id))).all()


async def count_of(session: ReadSession, expert_id: UUID, *, since: datetime) -> int:
    """How many second opinions they gave."""
    given = select(func.count()).select_from(SecondOpinion).where(SecondOpinion.answered_by == expert_id)
    return await session.scalar(given.where(SecondOpinion.answered_at >= since)) or 0
