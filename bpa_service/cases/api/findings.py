"""Findings."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from bpa_service.cases import queries
from bpa_service.cases.api.dependencies import PolicyOfApp, SeenVersion, may
from bpa_service.cases.domain import Act
from bpa_service.cases.schemas.inputs import FindingIn, FindingPatch
from bpa_service.cases.schemas.outputs import FindingOut
from bpa_service.cases.service import finding
from bpa_service.experts.dependencies import Once
from bpa_service.experts.domain import Expert
from service_kit.http.edge import Now, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}/findings", route_class=CheckedRoute, tags=["findings"])

Finder = Annotated[Expert, Depends(may(Act.RECORD_FINDING))]


@router.post("", status_code=HTTPStatus.CREATED)
async def record_finding(
    case_id: UUID,
    body: FindingIn,
    expert: Finder,
    once: Once,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> FindingOut:
    """State something, bound to places on photos of the case, to a vehicle record, or to a rule."""
    recorded = await finding.record(
        session, case_id, statement=body.statement(), by=expert, seen=seen, policy=policy, now=now
    )
    return await once.keep(FindingOut.of(recorded, {expert.id: expert.display_name}))


@router.patch("/{finding_id}")
async def change_finding(
    case_id: UUID,
    finding_id: UUID,
    body: FindingPatch,
    expert: Finder,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> FindingOut:
    """Change a finding. Decisions keep it as it was."""
    changed = await finding.change(
        session, case_id, finding_id, change=body.change(), by=expert, seen=seen, policy=policy, now=now
    )
    return FindingOut.of(changed, await queries.names(session, [changed.author_id]))


@router.delete("/{finding_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_finding(
    case_id: UUID,
    finding_id: UUID,
    expert: Finder,
    session: WriteSession,
    seen: SeenVersion,
    policy: PolicyOfApp,
    now: Now,
) -> None:
    """Take a finding back. Decisions keep it."""
    await finding.remove(session, case_id, finding_id, by=expert, seen=seen, policy=policy, now=now)
