"""Tying two open cases of one car."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import may, no_version
from bpa_service.cases.core.domain import Act
from bpa_service.cases.core.queries import names
from bpa_service.cases.core.schemas import ref
from bpa_service.cases.tying import service
from bpa_service.cases.tying.schemas import TieOut
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}/ties", route_class=CheckedRoute, tags=["preparing"])


@router.put("/{other_id}")
async def tie_cases(
    case_id: UUID, other_id: UUID, acting: Annotated[ExpertActing, may(Act.TIE, no_version)]
) -> TieOut:
    """Tie another open case of the same car to this one. Both say so, and whoever holds the other is told.

    Nothing goes from one to the other; each client sees their own inspection alone.
    """
    tie = await service.tie(acting, case_id, other_id)
    people = await names(acting.session, {tie.tied_by})
    return TieOut(case_id=other_id, by=ref(tie.tied_by, people), at=tie.tied_at)


@router.delete("/{other_id}", status_code=HTTPStatus.NO_CONTENT)
async def untie_cases(
    case_id: UUID, other_id: UUID, acting: Annotated[ExpertActing, may(Act.UNTIE, no_version)]
) -> None:
    """Let them go again. Also of one that is answered or over."""
    await service.untie(acting, case_id, other_id)
