"""The ends of a case other than the answer itself, and what every end brings with it."""

from datetime import datetime
from typing import Final, Literal, NamedTuple
from uuid import UUID

from bpa_service.cases.asking import service as asking
from bpa_service.cases.clocks import service as clocks
from bpa_service.cases.core.acting import Acting, ExpertActing
from bpa_service.cases.core.domain import OPEN, Act
from bpa_service.cases.core.models import Case
from bpa_service.cases.disputes import service as disputes
from bpa_service.cases.second_opinions import service as second_opinions
from bpa_service.vehicles.enquiries import service as enquiries
from bpa_service.vehicles.enquiries.service import Occasion
from shared_schemas.clock import Clock
from shared_schemas.crossings import ClientAct
from shared_schemas.envelope import Event
from shared_schemas.events.bpa_v1 import CaseDisputeGivenUpV1, CaseUnprocessableV1
from shared_schemas.words import InspectionState

CLIENT_SILENT: Final = "client_silent"


async def wind_up(acting: Acting, case: Case, *, at: datetime) -> Clock:
    """Stop the clock of a case that has ended, and withdraw whatever was still asked, of sources too."""
    await asking.withdraw_all(acting, case)
    await second_opinions.withdraw_open(acting, case)
    if acting.policy.sources:
        await enquiries.stop(acting.session, Occasion(case_id=case.id))
    return await clocks.stop(acting, case, at=at)


async def end(acting: Acting, case: Case, act: ClientAct, *, at: datetime) -> bool:
    """Let the case stand as it does after an act that ends the work; returns whether it moved."""
    was_open = case.state in OPEN
    moved = acting.hear(case, act)
    if moved and was_open:
        await wind_up(acting, case, at=at)
    return moved


async def give_up(acting: ExpertActing, case_id: UUID, *, reason: str, note: str | None) -> Case:
    """End a case, or the dispute of one that is answered, that cannot be worked on."""
    case = await acting.on(case_id, Act.GIVE_UP)
    because = _Why(InspectionState.UNPROCESSABLE, reason, note)
    await _end(acting, case, Act.GIVE_UP, because)
    return case


async def expire(acting: Acting, case: Case) -> None:
    """End a case, or the dispute of one that is answered, whose client was waited for for too long. The case is
    locked by the caller.
    """
    because = _Why(InspectionState.EXPIRED, CLIENT_SILENT, None)
    await _end(acting, case, Act.EXPIRE, because)


class _Why(NamedTuple):
    """Why there is no answer."""

    cause: Literal[InspectionState.UNPROCESSABLE, InspectionState.EXPIRED]
    reason: str
    note: str | None


async def _end(acting: Acting, case: Case, act: Act, why: _Why) -> None:
    given_up = await disputes.give_up(acting, case)
    await acting.move(case, act)
    clock = await wind_up(acting, case, at=acting.now)
    event: Event
    if case.state is InspectionState.ANSWERED:
        trace = "dispute_given_up"
        event = CaseDisputeGivenUpV1(
            inspection_id=case.id,
            cause=why.cause,
            dispute_ids=given_up,
            reason=why.reason,
            note=why.note,
            clock=clock,
            state=case.state,
            settled_at=acting.now,
        )
    else:
        trace = f"case_{why.cause}"
        event = CaseUnprocessableV1(
            inspection_id=case.id,
            state=why.cause,
            reason=why.reason,
            note=why.note,
            clock=clock,
            ended_at=acting.now,
        )
    acting.record(case, trace, reason=why.reason)
    await acting.announce(event)
