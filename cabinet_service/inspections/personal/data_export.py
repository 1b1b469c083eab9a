"""What clients get of their inspections when they take their data along.

Orders of a company are the company's: of these one gets what one has written oneself.
"""

from collections.abc import AsyncGenerator, Collection
from typing import Final
from uuid import UUID

from sqlalchemy import Select, and_, or_, select

from cabinet_service.db.rows import Json, each
from cabinet_service.inspections.afterwards.models import Outcome, Rating
from cabinet_service.inspections.answers.models import Decision
from cabinet_service.inspections.core.models import ClockMirror, InfoTask, Inspection, TimelineEntry
from cabinet_service.inspections.disputes.models import Dispute
from cabinet_service.inspections.talking.models import Message
from cabinet_service.inspections.yard.models import YardLink
from service_kit.db import Session
from service_kit.forgetting import exported

_PARTS: Final = (
    ("info_tasks", InfoTask),
    ("decisions", Decision),
    ("disputes", Dispute),
    ("ratings", Rating),
    ("outcomes", Outcome),
    ("clocks", ClockMirror),
    ("timeline", TimelineEntry),
    ("yard_links", YardLink),
)


def own_ids(account_id: UUID) -> Select[UUID]:
    """What the client ordered in their own name."""
    return select(Inspection.id).where(Inspection.account_id == account_id, Inspection.company_id.is_(None))


async def rows(
    session: Session, account_id: UUID, *, company_ids: Collection[UUID]
) -> AsyncGenerator[tuple[str, Json]]:
    """Each row with the kind of thing that it is, kind by kind. `company_ids` are those one is a member of."""
    mine = own_ids(account_id).scalar_subquery()
    orders = select(Inspection).where(Inspection.id.in_(mine)).order_by(Inspection.created_at)
    async for order in each(session, orders):
        yield "inspections", exported(order)
    of_companies = select(Inspection.id).where(Inspection.company_id.in_(company_ids)).scalar_subquery()
    written = and_(Message.inspection_id.in_(of_companies), Message.author_id == account_id)
    messages = select(Message).where(or_(Message.inspection_id.in_(mine), written))
    async for message in each(session, messages.order_by(Message.inspection_id, Message.posted_at)):
        yield "messages", exported(message)
    for kind, table in _PARTS:
        of_mine = select(table).where(table.inspection_id.in_(mine)).order_by(table.inspection_id)
        async for part in each(session, of_mine):
            yield kind, exported(part)
