"""Reads of second opinions."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from bpa_service.cases.second_opinions.models import SecondOpinion
from service_kit.db import ReadSession

_IN: Final = (
    select(SecondOpinion)
    .where(SecondOpinion.case_id == any_(bindparam("case_ids", type_=ARRAY(Uuid))))
    .order_by(SecondOpinion.case_id, SecondOpinion.asked_at, SecondOpinion.id)
)


async def of_case(session: ReadSession, case_id: UUID) -> Sequence[SecondOpinion]:
    """What seniors were asked and said, the first question first."""
    asked = select(SecondOpinion).where(SecondOpinion.case_id == case_id)
    return (await session.scalars(asked.order_by(SecondOpinion.asked_at, SecondOpinion.id))).all()


async def in_cases(session: ReadSession, case_ids: Collection[UUID]) -> Sequence[SecondOpinion]:
    """The same of several cases."""
    return (await session.scalars(_IN, {"case_ids": list(case_ids)})).all()


async def count_of(session: ReadSession, expert_id: UUID, *, since: datetime) -> int:
    """How many second opinions they gave."""
    given = select(func.count()).select_from(SecondOpinion).where(SecondOpinion.answered_by == expert_id)
    return await session.scalar(given.where(SecondOpinion.answered_at >= since)) or 0
