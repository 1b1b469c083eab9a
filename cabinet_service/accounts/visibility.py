"""Which orders a client sees, and in whose name they may order: the same for whatever is ordered."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, and_, or_
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.accounts import queries
from cabinet_service.accounts.domain import Client
from service_kit.db import ReadSession
from service_kit.http.problems import NotFound


class Order:
    """The columns of a table of orders that say whose each is: a person's own, or a company's that they sent."""

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("companies.id"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))


def lines_of(rows: type[Order], client: Client) -> Sequence[ColumnElement[bool]]:
    """Conditions of which an order that the client sees fits at least one; the first: those that they sent."""
    who = client.visible_inspections
    in_whose_name = or_(rows.company_id.is_(None), rows.company_id.in_(who.member_of))
    return [
        and_(rows.account_id == who.account_id, in_whose_name),
        *(rows.company_id == company for company in who.companies),
        *(rows.branch_id == branch for branch in who.branches),
    ]


async def branch_for(
    session: ReadSession, client: Client, company_id: UUID | None, branch_id: UUID | None
) -> UUID | None:
    """The branch that the client orders for: their own in the company where none is named.

    Raises NotFound for a name that is not theirs to order in.
    """
    if company_id is not None and branch_id is None:
        membership = client.membership_in(company_id)
        branch_id = membership.branch_id if membership else None
    if not client.may_act_for(company_id, branch_id):
        raise NotFound
    if company_id is None or branch_id is None:
        return None
    if not await queries.has_branch(session, company_id, branch_id):
        raise NotFound
    return branch_id
