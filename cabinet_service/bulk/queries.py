"""Reads of jobs. A client sees those of their own companies: all of them, of their branch, or what they made."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from cabinet_service.accounts.domain import Client
from cabinet_service.bulk.models import BulkJob, BulkRow
from cabinet_service.bulk.states import BulkRowState
from service_kit.db import ReadSession
from service_kit.http.problems import NotFound
from service_kit.paging import Page


def _seen_by(client: Client) -> ColumnElement[bool]:
    """The same lines as of inspections, all of which are a company's here."""
    who = client.visible_inspections
    return or_(
        (BulkJob.account_id == who.account_id) & BulkJob.company_id.in_(who.member_of),
        BulkJob.company_id.in_(who.companies),
        BulkJob.branch_id.in_(who.branches),
    )


async def job(session: ReadSession, job_id: UUID, *, client: Client) -> BulkJob:
    """Raises NotFound."""
    found = await session.scalar(select(BulkJob).where(BulkJob.id == job_id, _seen_by(client)))
    if found is None:
        raise NotFound
    return found


async def jobs(session: ReadSession, company_id: UUID, *, client: Client, page: Page) -> Sequence[BulkJob]:
    """One more than a page of a company's jobs, the youngest first. `page.after` is (created_at, id).

    Raises NotFound for a company that is not the client's.
    """
    if client.membership_in(company_id) is None:
        raise NotFound
    statement = select(BulkJob).where(BulkJob.company_id == company_id, _seen_by(client))
    if page.after is not None:
        statement = statement.where(tuple_(BulkJob.created_at, BulkJob.id) < page.after)
    youngest = statement.order_by(BulkJob.created_at.desc(), BulkJob.id.desc()).limit(page.limit + 1)
    return (await session.scalars(youngest)).all()


async def counts_of(session: ReadSession, job_ids: Collection[UUID]) -> Mapping[UUID, Counter[BulkRowState]]:
    """How many rows of these jobs are in each state."""
    rows = await session.execute(
        select(BulkRow.job_id, BulkRow.state, func.count())
        .where(BulkRow.job_id.in_(job_ids))
        .group_by(BulkRow.job_id, BulkRow.state)
    )
    counts = {job_id: Counter[BulkRowState]() for job_id in job_ids}
    for job_id, state, count in rows:
        counts[job_id][state] = count
    return counts


async def rows(
    session: ReadSession, job_id: UUID, *, states: Collection[BulkRowState] = (), page: Page
) -> Sequence[BulkRow]:
    """One more than a page of a job's rows, in their order. `page.after` is (place,)."""
    statement = select(BulkRow).where(BulkRow.job_id == job_id)
    if states:
        statement = statement.where(BulkRow.state.in_(states))
    if page.after is not None:
        statement = statement.where(BulkRow.place > page.after[0])
    return (await session.scalars(statement.order_by(BulkRow.place).limit(page.limit + 1))).all()
