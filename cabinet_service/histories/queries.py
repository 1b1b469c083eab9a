"""Reads of ordered histories."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select, tuple_

from cabinet_service.accounts.domain import Client
from cabinet_service.accounts.visibility import lines_of
from cabinet_service.histories.models import HistoryOrder
from service_kit.db import ReadSession, Session
from service_kit.http.problems import NotFound
from service_kit.paging import Page
from shared_schemas.identifiers import spellings
from shared_schemas.letters import folded
from shared_schemas.words import IdentifierKind

SHORTEST: Final = 3
"""Of a number. By less of it nearly all would be found."""


def _visible(client: Client) -> ColumnElement[bool]:
    return or_(*lines_of(HistoryOrder, client))


def _meant_by(typed: str) -> ColumnElement[bool]:
    """Whether it is a part of the car's number, in one of its spellings, or of the order's own."""
    identifier = func.replace(HistoryOrder.identifier, "-", "")
    parts = [part for part in spellings(typed) if len(part) >= SHORTEST]
    own = folded(typed)
    return or_(
        *(identifier.contains(part, autoescape=True) for part in parts),
        HistoryOrder.number.contains(own, autoescape=True) if len(own) >= SHORTEST else false(),
    )


async def order(session: ReadSession, history_id: UUID) -> HistoryOrder | None:
    """Whoever's it is."""
    return await session.get(HistoryOrder, history_id)


async def locked(session: Session, history_id: UUID) -> HistoryOrder:
    """Whoever's it is, locked until the transaction ends."""
    return await session.get_one(HistoryOrder, history_id, lock=True)


async def hold(session: Session, history_id: UUID) -> bool:
    """Have whoever erases it wait for this transaction; whether it is not erased."""
    held = select(HistoryOrder.id).where(HistoryOrder.id == history_id, HistoryOrder.erased_at.is_(None))
    return await session.scalar(held.with_for_update(read=True)) is not None


async def of_client(session: ReadSession, history_id: UUID, *, client: Client) -> HistoryOrder:
    """Raises NotFound for what is not the client's to see."""
    found = await session.scalar(select(HistoryOrder).where(HistoryOrder.id == history_id, _visible(client)))
    if found is None:
        raise NotFound
    return found


async def youngest(
    session: ReadSession, *, client: Client, page: Page, typed: str | None = None
) -> Sequence[HistoryOrder]:
    """One more than a page, the youngest first; of those that `typed` may mean, if it is given. `page.after` is
    (created_at, id).
    """
    statement = select(HistoryOrder).where(_visible(client))
    if typed is not None:
        statement = statement.where(_meant_by(typed), HistoryOrder.erased_at.is_(None))
    if page.after is not None:
        statement = statement.where(tuple_(HistoryOrder.created_at, HistoryOrder.id) < page.after)
    ordered = statement.order_by(HistoryOrder.created_at.desc(), HistoryOrder.id.desc())
    return (await session.scalars(ordered.limit(page.limit + 1))).all()


async def same_since(
    session: ReadSession,
    kind: IdentifierKind,
    identifier: str,
    since: datetime,
    *,
    begun_since: datetime,
    account_id: UUID,
    company_id: UUID | None,
    branch_id: UUID | None,
) -> HistoryOrder | None:
    """The youngest order of this car since then: of the person in their own name, or of a company's branch.

    One for which a source has not answered is none, nor one without a report that was begun before `begun_since`.
    """
    whose = (
        (HistoryOrder.account_id == account_id, HistoryOrder.company_id.is_(None))
        if company_id is None
        else (HistoryOrder.company_id == company_id, HistoryOrder.branch_id.is_not_distinct_from(branch_id))
    )
    return await session.scalar(
        select(HistoryOrder)
        .where(
            *whose,
            HistoryOrder.identifier_kind == kind,
            HistoryOrder.identifier == identifier,
            HistoryOrder.created_at > since,
            HistoryOrder.has_gaps.is_(False),
            or_(HistoryOrder.made_at.is_not(None), HistoryOrder.created_at > begun_since),
            HistoryOrder.erased_at.is_(None),
        )
        .order_by(HistoryOrder.created_at.desc())
        .limit(1)
    )


def own_ids(account_id: UUID) -> Select[UUID]:
    """What the client ordered in their own name."""
    return select(HistoryOrder.id).where(
        HistoryOrder.account_id == account_id, HistoryOrder.company_id.is_(None)
    )


async def own_and_left(session: ReadSession, account_id: UUID) -> Sequence[UUID]:
    """Of that, what is not erased yet."""
    return (await session.scalars(own_ids(account_id).where(HistoryOrder.erased_at.is_(None)))).all()


async def oldest_test(session: ReadSession, *, before: datetime) -> HistoryOrder | None:
    """The oldest order of a test that was made before then, and is not erased yet."""
    return await session.scalar(
        select(HistoryOrder)
        .where(HistoryOrder.is_test, HistoryOrder.erased_at.is_(None), HistoryOrder.created_at < before)
        .order_by(HistoryOrder.created_at)
        .limit(1)
    )


async def is_unconfirmed(session: ReadSession, account_id: UUID) -> bool:
    """Whether the experts' side still has to erase anything that the client ordered in their own name."""
    unconfirmed = own_ids(account_id).where(HistoryOrder.forgotten_at.is_(None)).limit(1)
    return await session.scalar(unconfirmed) is not None
