"""Who has a case in hand."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import may, may_once, no_version
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.schemas import CaseHead
from bpa_service.cases.holding import service
from bpa_service.cases.holding.schemas import LeaseOut, NextIn, NextOut, Priority, Reassignment
from bpa_service.experts.dependencies import Once
from bpa_service.experts.domain import Role
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}", route_class=CheckedRoute)
_LEADS: Final = frozenset({Role.SHIFT_LEAD})
of_the_queue = APIRouter(prefix="/api/v1/queue", route_class=CheckedRoute, tags=["holding"])


@of_the_queue.post("/next", status_code=HTTPStatus.CREATED)
async def take_next(
    body: NextIn, acting: Annotated[ExpertActing, may_once(Act.CLAIM, no_version)], once: Once
) -> NextOut:
    """Take the case that is to be worked on before all else: free or yours, and waiting for nobody."""
    taken = await service.take_next(acting, but=body.but)
    if taken is None:
        return await once.keep(NextOut(next=None))
    return await once.keep(NextOut(next=LeaseOut.of(taken.case), is_new=taken.is_new))


@router.post("/lease", tags=["holding"], status_code=HTTPStatus.CREATED)
async def claim_case(
    case_id: UUID, acting: Annotated[ExpertActing, may_once(Act.CLAIM)], once: Once
) -> LeaseOut:
    """Take the case. It stays yours while you send heartbeats before `expires_at`."""
    case = await service.claim(acting, case_id)
    return await once.keep(LeaseOut.of(case))


@router.put("/lease", tags=["holding"])
async def keep_case(
    case_id: UUID, acting: Annotated[ExpertActing, may(Act.HEARTBEAT, no_version)]
) -> LeaseOut:
    """A heartbeat: keep the case for longer."""
    return LeaseOut.of(await service.heartbeat(acting, case_id))


@router.delete("/lease", tags=["holding"], status_code=HTTPStatus.NO_CONTENT)
async def release_case(case_id: UUID, acting: Annotated[ExpertActing, may(Act.RELEASE)]) -> None:
    """Give the case back."""
    await service.release(acting, case_id)


@router.post("/reassignment", tags=["holding"], status_code=HTTPStatus.CREATED)
async def reassign_case(
    case_id: UUID,
    body: Reassignment,
    acting: Annotated[ExpertActing, may_once(Act.REASSIGN, roles=_LEADS)],
    once: Once,
) -> LeaseOut:
    """Give the case to an expert, whoever had it before."""
    case = await service.reassign(acting, case_id, to=body.expert_id)
    return await once.keep(LeaseOut.of(case))


@router.put("/priority", tags=["preparing"])
async def set_priority(
    case_id: UUID, body: Priority, acting: Annotated[ExpertActing, may(Act.REASSIGN, roles=_LEADS)]
) -> CaseHead:
    """Have the case come before its turn, or in its turn again."""
    case = await service.prioritise(acting, case_id, urgent=body.urgent)
    return CaseHead.of(case)
