"""The answer."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import may_once, must_have_seen, named
from bpa_service.cases.core.domain import Act
from bpa_service.cases.deciding import service
from bpa_service.cases.deciding.schemas import AmendmentIn, DecisionIn, DecisionOut, GivenOut
from bpa_service.cases.holding import service as holding
from bpa_service.cases.holding.schemas import LeaseOut
from bpa_service.experts.dependencies import Once
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}", route_class=CheckedRoute, tags=["deciding"])


@router.post("/decision", status_code=HTTPStatus.CREATED)
async def decide(
    case_id: UUID,
    body: DecisionIn,
    acting: Annotated[ExpertActing, may_once(Act.DECIDE, must_have_seen)],
    once: Once,
) -> GivenOut:
    """Say a first word, or give the answer and so end the work."""
    give = service.decide_preliminary if body.preliminary else service.decide
    decision = await give(acting, case_id, draft=body)
    following = await holding.take_next(acting, but=case_id) if body.take_next else None
    given = DecisionOut.of(decision, named(acting.by))
    return await once.keep(GivenOut(**dict(given), next=LeaseOut.of(following.case) if following else None))


@router.post("/amendments", status_code=HTTPStatus.CREATED)
async def amend(
    case_id: UUID,
    body: AmendmentIn,
    acting: Annotated[ExpertActing, may_once(Act.AMEND, must_have_seen)],
    once: Once,
) -> DecisionOut:
    """Give a new version of an answer that somebody else gave; that answers an open dispute."""
    decision = await service.amend(acting, case_id, draft=body, reason=body.reason)
    return await once.keep(DecisionOut.of(decision, named(acting.by)))
