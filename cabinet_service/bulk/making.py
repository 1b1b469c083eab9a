"""The worker's side of a job: inspections for its rows, a few in each transaction.

A row's state, its inspection and the work for the rows that follow are committed together. So a worker that is
killed leaves rows that are done and rows that wait, and no row is done twice.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts.visibility import branch_for
from cabinet_service.bulk.judging import read
from cabinet_service.bulk.models import BulkJob, BulkRow
from cabinet_service.bulk.rows import Remark, RowRead
from cabinet_service.bulk.schemas import BulkRemarkOut, BulkRowIn
from cabinet_service.bulk.states import BulkRowState
from cabinet_service.bulk.work import MakeBulkInspections
from cabinet_service.companies import ordering
from cabinet_service.companies.errors import BranchClosed
from cabinet_service.db.tables import outbox
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.inspections.drafting import service as drafting
from cabinet_service.inspections.drafting.known import hold_cars, is_given_back
from cabinet_service.inspections.drafting.schemas import NewInspection
from cabinet_service.inspections.viewing import queries as viewing
from service_kit import live
from service_kit.db import Session
from service_kit.http.problems import NotFound
from service_kit.inbox import Incoming
from shared_schemas.identifiers import Severity

MADE_AT_ONCE: Final = 50
HINT: Final = "bulk_job"
_MAY_NOT: Final = BulkRemarkOut.all_of((Remark("row_not_yours", "", Severity.ERROR),))


async def on_make_bulk_inspections(session: Session, work: MakeBulkInspections, incoming: Incoming) -> None:
    """Make the next rows of the job, and leave those behind them to be made after."""
    job = await session.get(BulkJob, work.job_id, lock=True)
    if job is None:  # erased, with whoever made it
        return
    waiting = select(BulkRow).where(BulkRow.job_id == job.id, BulkRow.state == BulkRowState.WAITING)
    rows = (await session.scalars(waiting.order_by(BulkRow.place).limit(MADE_AT_ONCE))).all()
    client = await accounts.client(session, job.account_id)
    acting = client and ClientActing(session=session, now=incoming.now, client=client)
    if acting and await _may_still(acting, job):
        await _make(acting, job, rows)
    else:
        may_not = [one.model_dump(mode="json") for one in _MAY_NOT]
        for row in rows:
            row.state, row.remarks = BulkRowState.REFUSED, [*row.remarks, *may_not]
    for row in rows:
        row.done_at = incoming.now
    if len(rows) == MADE_AT_ONCE:
        await outbox.enqueue(session, work, now=incoming.now)
    else:
        job.finished_at = incoming.now
    for audience in (f"account:{job.account_id}", f"company:{job.company_id}"):
        live.announce(session, audience=audience, kind=HINT, subject_id=job.id)


async def _may_still(acting: ClientActing, job: BulkJob) -> bool:
    """Whether whoever made the job may order there by now: it is theirs, and not closed."""
    try:
        branch_id = await branch_for(acting.session, acting.client, job.company_id, job.branch_id)
        await ordering.check_place(acting.session, job.company_id, branch_id)
    except (NotFound, BranchClosed):
        return False
    return branch_id == job.branch_id


async def _make(acting: ClientActing, job: BulkJob, rows: Sequence[BulkRow]) -> None:
    given = {row.place: BulkRowIn.model_validate(row.given) for row in rows}
    said = {place: read(one, this_year=acting.now.year) for place, one in given.items()}
    # Of two orders of one car at once, by lists or by programs, one makes the inspection.
    await hold_cars(acting.session, job.company_id, (one.key for one in said.values() if one.key))
    known = await _known(acting, job, said)
    for row in rows:
        one = said[row.place]
        earlier = None if given[row.place].again else known.get(one.key or "")
        if earlier is not None:
            row.state, row.inspection_id = BulkRowState.EXISTING, earlier
            continue
        new = NewInspection(claim=one.claim, worry=one.worry)
        inspection = await drafting.begin(acting, new, company_id=job.company_id, branch_id=job.branch_id)
        row.state, row.inspection_id = BulkRowState.MADE, inspection.id


async def _known(acting: ClientActing, job: BulkJob, said: dict[int, RowRead]) -> dict[str, UUID]:
    numbers = [one.key for one in said.values() if one.key]
    found = await viewing.newest_of_cars(acting.session, job.company_id, numbers, client=acting.client)
    return {number: one.id for number, one in found.items() if is_given_back(one, acting.now)}
