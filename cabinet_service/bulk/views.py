"""Jobs and their rows as the API shows them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from cabinet_service.bulk.judging import Judged
from cabinet_service.bulk.limits import KEPT_FOR
from cabinet_service.bulk.models import BulkJob, BulkRow
from cabinet_service.bulk.schemas import (
    BulkCheckedRowOut,
    BulkCheckOut,
    BulkColumnOut,
    BulkCountsOut,
    BulkJobOut,
    BulkKnownOut,
    BulkRemarkOut,
    BulkRowIn,
    BulkRowOut,
)
from cabinet_service.bulk.states import BulkJobState, BulkRowState
from cabinet_service.inspections.core.models import Inspection
from cabinet_service.inspections.drafting.known import is_given_back
from cabinet_service.inspections.numbers.schemas import MeantOut
from cabinet_service.inspections.viewing.queries import Standing
from shared_schemas.identifiers import candidates as meant

MOST_OFFERED: Final = 100
"""Of so many wrong numbers is told what may have been meant: that takes a millisecond each."""


def job(row: BulkJob, counts: Mapping[BulkRowState, int]) -> BulkJobOut:
    return BulkJobOut(
        id=row.id,
        company_id=row.company_id,
        branch_id=row.branch_id,
        label=row.label,
        state=BulkJobState.RUNNING if row.finished_at is None else BulkJobState.DONE,
        rows=row.rows,
        columns=None if row.columns is None else [BulkColumnOut.model_validate(one) for one in row.columns],
        counts=BulkCountsOut(**counts),
        created_at=row.created_at,
        finished_at=row.finished_at,
        kept_until=row.created_at + KEPT_FOR,
    )


def row(one: BulkRow, inspection: Inspection | None) -> BulkRowOut:
    return BulkRowOut(
        place=one.place,
        row=one.row,
        state=one.state,
        given=BulkRowIn.model_validate(one.given),
        remarks=[BulkRemarkOut.model_validate(remark) for remark in one.remarks],
        inspection_id=one.inspection_id,
        inspection_number=inspection.number if inspection else None,
        inspection_state=inspection.state if inspection else None,
        done_at=one.done_at,
    )


def check(
    judged: Sequence[Judged],
    known: Mapping[str, Inspection],
    standings: Mapping[UUID, Standing],
    *,
    now: datetime,
) -> BulkCheckOut:
    """What would become of each row. A car that was checked long ago is named beside the new order of it."""
    standing = {key for key, one in known.items() if is_given_back(one, now)}
    wrong = [one.place for one in judged if not one.ok][:MOST_OFFERED]
    offered = frozenset(wrong)
    rows = [
        _checked(one, known, standings, would=one.would(standing), is_offered=one.place in offered)
        for one in judged
    ]
    return BulkCheckOut(counts=BulkCountsOut(**Counter(row.would for row in rows)), rows=rows)


def _checked(
    one: Judged,
    known: Mapping[str, Inspection],
    standings: Mapping[UUID, Standing],
    *,
    would: BulkRowState,
    is_offered: bool,
) -> BulkCheckedRowOut:
    read, number = one.read, one.read.number
    earlier = known.get(read.key) if read.key else None
    return BulkCheckedRowOut(
        place=one.place,
        row=one.given.row,
        would=would,
        display=number.display if number else None,
        kind=number.kind if number else None,
        make=read.claim.make,
        model=read.claim.model,
        year=read.claim.year,
        mileage_km=read.claim.mileage_km,
        remarks=BulkRemarkOut.all_of(read.remarks),
        candidates=[MeantOut.model_validate(each) for each in meant.candidates(number)]
        if number and is_offered
        else [],
        known=_known(earlier, standings[earlier.id]) if earlier else None,
    )


def _known(earlier: Inspection, standing: Standing) -> BulkKnownOut:
    return BulkKnownOut(
        inspection_id=earlier.id,
        number=earlier.number,
        state=earlier.state,
        verdict=standing.verdict,
        created_at=earlier.created_at,
        submitted_at=earlier.submitted_at,
    )
