"""Reads of which cases are tied."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.selectable import LateralFromClause

from bpa_service.cases.tying.models import TiedCase
from bpa_service.experts import queries as experts
from service_kit.db import ReadSession

MOST: Final = 20
"""To so many others a case can be tied."""


@dataclass(frozen=True, slots=True)
class Tie:
    """Who tied a case to this one, and when."""

    by: UUID
    by_name: str
    at: datetime


async def count(session: ReadSession, case_id: UUID) -> int:
    """To how many others a case is tied."""
    found = await session.scalar(select(func.count()).where(TiedCase.case_id == case_id))
    return found or 0


def tied_beside(case_id: ColumnElement[UUID]) -> LateralFromClause:
    """The cases that are tied to this one, beside each row of a SELECT that has its id: `others`, and for each
    who did it (`by`, `names`), and when (`at`); null where there are none.
    """
    order = TiedCase.other_id
    name = experts.name_of(TiedCase.tied_by.expression)
    return (
        select(
            func.array_agg(aggregate_order_by(TiedCase.other_id, order)).label("others"),
            func.array_agg(aggregate_order_by(TiedCase.tied_by, order)).label("by"),
            func.array_agg(aggregate_order_by(name, order)).label("names"),
            func.array_agg(aggregate_order_by(TiedCase.tied_at, order)).label("at"),
        )
        .where(TiedCase.case_id == case_id)
        .correlate_except(TiedCase)
        .lateral("tied")
    )


def is_tied(case_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether a case is tied to another one, for a SELECT that has its id."""
    # Counted, and not asked whether there is one: that would be looked up among all at once, for any page.
    one = select(TiedCase.other_id).where(TiedCase.case_id == case_id).limit(1)
    tie = one.correlate_except(TiedCase).subquery("tie")
    return select(func.count()).select_from(tie).scalar_subquery() > 0
