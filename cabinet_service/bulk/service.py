"""Taking a list of cars as one job, and what becomes of jobs with time."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, insert, select

from cabinet_service.accounts.visibility import branch_for
from cabinet_service.audit import actors
from cabinet_service.bulk.errors import BulkNothingToOrder, BulkTooManyRows
from cabinet_service.bulk.judging import Judged, judge
from cabinet_service.bulk.limits import KEPT_FOR, MOST_ROWS
from cabinet_service.bulk.models import BulkJob, BulkRow
from cabinet_service.bulk.schemas import BulkIn, BulkRemarkOut
from cabinet_service.bulk.states import BulkRowState
from cabinet_service.bulk.work import MakeBulkInspections
from cabinet_service.companies import ordering
from cabinet_service.db.rows import Json, each
from cabinet_service.db.tables import outbox
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.viewing import queries as viewing
from service_kit import audit
from service_kit.db import Session
from service_kit.forgetting import exported
from service_kit.ids import new_id

FORGET_EVERY: Final = timedelta(hours=1)
FORGOTTEN_AT_ONCE: Final = 20


async def check(acting: ClientActing, body: BulkIn) -> tuple[list[Judged], Mapping[str, Inspection]]:
    """How each row is read, and the cars that the company has ordered before, by their numbers.

    Raises NotFound for a company in whose name the client may not order, BranchClosed, and BulkTooManyRows.
    """
    read, _ = await _judged(acting, body)
    numbers = [one.read.key for one in read if one.read.key]
    known = await viewing.newest_of_cars(acting.session, body.company_id, numbers, client=acting.client)
    return read, known


async def order(acting: ClientActing, body: BulkIn) -> tuple[BulkJob, Sequence[Judged]]:
    """Take the list as a job, whose rows the worker makes one after the other.

    Raises NotFound, BranchClosed, BulkTooManyRows, or BulkNothingToOrder where every row is refused.
    """
    read, branch_id = await _judged(acting, body)
    if not any(one.ok for one in read):
        raise BulkNothingToOrder
    job = BulkJob(
        id=new_id(),
        account_id=acting.client.account_id,
        company_id=body.company_id,
        branch_id=branch_id,
        label=body.label,
        rows=len(read),
        columns=None if body.columns is None else [one.model_dump(mode="json") for one in body.columns],
        created_at=acting.now,
        finished_at=None,
    )
    acting.session.add(job)
    await acting.session.flush()  # the wall of its rows looks for it
    await acting.session.execute(insert(BulkRow), [_row(job, one, now=acting.now) for one in read])
    await outbox.enqueue(acting.session, MakeBulkInspections(job_id=job.id), now=acting.now)
    audit.record(
        acting.session,
        "bulk_ordered",
        by=actors.client(acting.client.account_id),
        now=acting.now,
        subject_id=job.company_id,
        details={"job_id": job.id, "rows": job.rows},
    )
    return job, read


async def _judged(acting: ClientActing, body: BulkIn) -> tuple[list[Judged], UUID | None]:
    """How each row is read, and for which branch."""
    if len(body.rows) > MOST_ROWS:
        raise BulkTooManyRows(most=MOST_ROWS)
    branch_id = await branch_for(acting.session, acting.client, body.company_id, body.branch_id)
    await ordering.check_place(acting.session, body.company_id, branch_id)
    return judge(body.rows, this_year=acting.now.year), branch_id


def _row(job: BulkJob, one: Judged, *, now: datetime) -> dict[str, Any]:
    return {
        "job_id": job.id,
        "place": one.place,
        "row": one.given.row,
        "given": one.given.model_dump(mode="json", exclude_defaults=True),
        "remarks": [remark.model_dump(mode="json") for remark in BulkRemarkOut.all_of(one.read.remarks)],
        "state": BulkRowState.WAITING if one.ok else BulkRowState.REFUSED,
        "inspection_id": None,
        "done_at": None if one.ok else now,
    }


async def forget_old(session: Session, now: datetime) -> bool:
    """Drop jobs whose 90 days are over, with their rows. Returns whether there may be more."""
    old = select(BulkJob.id).where(BulkJob.created_at < now - KEPT_FOR).limit(FORGOTTEN_AT_ONCE)
    ids = (await session.scalars(old)).all()
    await session.execute(delete(BulkJob).where(BulkJob.id.in_(ids)))
    return len(ids) == FORGOTTEN_AT_ONCE


async def forget_of_test(session: Session, inspection_id: UUID, *, made_before: datetime) -> None:
    """Drop the jobs of before then that have ordered a test that is erased."""
    ordered = select(BulkRow.job_id).where(BulkRow.inspection_id == inspection_id).scalar_subquery()
    await session.execute(delete(BulkJob).where(BulkJob.created_at < made_before, BulkJob.id.in_(ordered)))


async def erase(session: Session, account_id: UUID) -> None:
    """Drop the jobs that somebody made. The inspections are the company's."""
    await session.execute(delete(BulkJob).where(BulkJob.account_id == account_id))


async def data_of(session: Session, account_id: UUID) -> AsyncGenerator[tuple[str, Json]]:
    """What clients take along of the lists that they sent."""
    mine = select(BulkJob).where(BulkJob.account_id == account_id).order_by(BulkJob.created_at)
    async for job in each(session, mine):
        yield "bulk_jobs", exported(job)
    of_mine = select(BulkJob.id).where(BulkJob.account_id == account_id).scalar_subquery()
    rows = select(BulkRow).where(BulkRow.job_id.in_(of_mine)).order_by(BulkRow.job_id, BulkRow.place)
    async for row in each(session, rows):
        yield "bulk_rows", exported(row)
