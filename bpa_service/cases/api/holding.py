"""Who has a case in hand."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from bpa_service.cases.api.dependencies import PolicyOfApp, SeenVersion, may
from bpa_service.cases.domain import Act
from bpa_service.cases.schemas.inputs import Reassignment, Unprocessable
from bpa_service.cases.schemas.outputs import CaseHead, LeaseOut
from bpa_service.cases.service import ending, holding
from bpa_service.experts.dependencies import Once
from bpa_service.experts.domain import Expert
from service_kit.http.edge import Now, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}", route_class=CheckedRoute, tags=["holding"])


@router.post("/lease", status_code=HTTPStatus.CREATED)
async def claim_case(
    case_id: UUID,
    expert: Annotated[Expert, Depends(may(Act.CLAIM))],
    once: Once,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> LeaseOut:
    """Take the case. It stays yours while you send heartbeats before `expires_at`."""
    case = await holding.claim(session, case_id, by=expert, seen=seen, policy=policy, now=now)
    return await once.keep(LeaseOut.of(case))


@router.put("/lease")
async def keep_case(
    case_id: UUID,
    expert: Annotated[Expert, Depends(may(Act.HEARTBEAT))],
    session: WriteSession,
    policy: PolicyOfApp,
    now: Now,
) -> LeaseOut:
    """A heartbeat: keep the case for longer."""
    return LeaseOut.of(await holding.heartbeat(session, case_id, by=expert, policy=policy, now=now))


@router.delete("/lease", status_code=HTTPStatus.NO_CONTENT)
async def release_case(
    case_id: UUID,
    expert: Annotated[Expert, Depends(may(Act.RELEASE))],
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> None:
    """Give the case back."""
    await holding.release(session, case_id, by=expert, seen=seen, policy=policy, now=now)


@router.post("/reassignment", status_code=HTTPStatus.CREATED)
async def reassign_case(
    case_id: UUID,
    body: Reassignment,
    expert: Annotated[Expert, Depends(may(Act.REASSIGN))],
    once: Once,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> LeaseOut:
    """Give the case to an expert, whoever had it before."""
    case = await holding.reassign(
        session, case_id, to=body.expert_id, by=expert, seen=seen, policy=policy, now=now
    )
    return await once.keep(LeaseOut.of(case))


@router.post("/unprocessable", status_code=HTTPStatus.CREATED)
async def give_case_up(
    case_id: UUID,
    body: Unprocessable,
    expert: Annotated[Expert, Depends(may(Act.GIVE_UP))],
    once: Once,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> CaseHead:
    """End a case that cannot be worked on."""
    case = await ending.give_up(
        session,
        case_id,
        reason=body.reason,
        note=body.note,
        by=expert,
        seen=seen,
        policy=policy,
        now=now,
    )
    return await once.keep(CaseHead.of(case))
