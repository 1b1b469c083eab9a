"""Handing over what one has in hand: at the end of a shift by oneself, at any time by who leads the shift."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from bpa_service.cases.arranging.domain import View
from bpa_service.cases.core import domain, errors
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.holding import service as holding
from bpa_service.cases.holding.schemas import LeaseOut
from bpa_service.cases.queue import queries as queue
from bpa_service.cases.queue.queries import Row
from bpa_service.experts import queries as experts
from bpa_service.shifts import queries
from bpa_service.shifts.queries import AtWork
from service_kit.db import ReadSession
from service_kit.paging import Page

MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The open cases that somebody has in hand, the most urgent first, and who could take them."""

    rows: Sequence[Row]
    receivers: Sequence[AtWork]


async def held_by(session: ReadSession, expert_id: UUID) -> Holding:
    """What they have in hand, and who else is on shift."""
    rows = await queue.queue(session, View.MINE, Page(after=None, limit=MOST), viewer_id=expert_id)
    at_work = await queries.at_work(session)
    return Holding(
        rows=rows[:MOST],
        receivers=[one for one in at_work if one.expert_id != expert_id and one.role in domain.VERDICT_ROLES],
    )


async def hand_over(
    acting: ExpertActing, case_id: UUID, *, holder_id: UUID, to: UUID | None, reason: str
) -> LeaseOut:
    """What `holding.hand_over` does, to somebody on shift only. Raises ReceiverOffShift.

    Of two who do it at once the second finds that the case is somebody else's.
    """
    case = await holding.hand_over(acting, case_id, holder_id=holder_id, to=to, reason=reason)
    if to is not None and await queries.shift_of(acting.session, to) is None:
        names = await experts.names(acting.session, {to})
        raise errors.ReceiverOffShift(receiver=names[to])
    return LeaseOut.of(case)
