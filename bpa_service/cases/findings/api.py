"""Findings."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.core import queries as case_queries
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import may, may_once, named
from bpa_service.cases.core.domain import Act
from bpa_service.cases.findings import service
from bpa_service.cases.findings.schemas import (
    ExplanationIn,
    FindingIn,
    FindingOut,
    FindingPatch,
    WithdrawalIn,
)
from bpa_service.experts.dependencies import Once
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}/findings", route_class=CheckedRoute, tags=["findings"])

Finder = Annotated[ExpertActing, may(Act.RECORD_FINDING)]


@router.post("", status_code=HTTPStatus.CREATED)
async def record_finding(
    case_id: UUID, body: FindingIn, acting: Annotated[ExpertActing, may_once(Act.RECORD_FINDING)], once: Once
) -> FindingOut:
    """State something, bound to places on photos of the case, to a vehicle record, or to a rule."""
    recorded = await service.record(acting, case_id, statement=body)
    return await once.keep(FindingOut.of(recorded, named(acting.by)))


@router.patch("/{finding_id}")
async def change_finding(case_id: UUID, finding_id: UUID, body: FindingPatch, acting: Finder) -> FindingOut:
    """Change a finding. Decisions keep it as it was."""
    changed = await service.change(acting, case_id, finding_id, change=body)
    return FindingOut.of(changed, await case_queries.names(acting.session, [changed.author_id]))


@router.delete("/{finding_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_finding(case_id: UUID, finding_id: UUID, acting: Finder) -> None:
    """Take back a finding that does not speak against the car; for one that does, see its withdrawal."""
    await service.withdraw(acting, case_id, finding_id, reason=None)


@router.put("/{finding_id}/withdrawal", status_code=HTTPStatus.NO_CONTENT)
async def withdraw_finding(case_id: UUID, finding_id: UUID, body: WithdrawalIn, acting: Finder) -> None:
    """Take a finding back, and say why. It stays on record as `withdrawn`; decisions keep it."""
    await service.withdraw(acting, case_id, finding_id, reason=body.reason)


@router.put("/{finding_id}/explanation")
async def explain_finding(case_id: UUID, finding_id: UUID, body: ExplanationIn, acting: Finder) -> FindingOut:
    """Say why what was found is innocent, e.g. a legal re-marking. The client reads it beside the finding."""
    found = await service.explain(acting, case_id, finding_id, explanation=body.text)
    return FindingOut.of(
        found, await case_queries.names(acting.session, [found.author_id, found.explained_by])
    )


@router.delete("/{finding_id}/explanation", status_code=HTTPStatus.NO_CONTENT)
async def take_explanation_back(case_id: UUID, finding_id: UUID, acting: Finder) -> None:
    """The finding speaks for itself again."""
    await service.explain(acting, case_id, finding_id, explanation=None)
