"""Questions to the client."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from bpa_service.cases.asking import service
from bpa_service.cases.asking.schemas import InfoTaskIn, InfoTaskOut
from bpa_service.cases.core.acting import ExpertActing
from bpa_service.cases.core.dependencies import may, may_once, named
from bpa_service.cases.core.domain import Act
from bpa_service.experts.dependencies import Once
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/cases/{case_id}/info-tasks", route_class=CheckedRoute, tags=["words"])


@router.post("", status_code=HTTPStatus.CREATED)
async def create_info_task(
    case_id: UUID, body: InfoTaskIn, acting: Annotated[ExpertActing, may_once(Act.ASK)], once: Once
) -> InfoTaskOut:
    """Ask the client. A blocking task stops the clock once the client was told of it."""
    task = await service.ask(acting, case_id, ask=body)
    return await once.keep(InfoTaskOut.of(task, named(acting.by)))


@router.delete("/{task_id}", status_code=HTTPStatus.NO_CONTENT)
async def withdraw_info_task(
    case_id: UUID, task_id: UUID, acting: Annotated[ExpertActing, may(Act.WITHDRAW_TASK)]
) -> None:
    """No longer ask for it."""
    await service.withdraw(acting, case_id, task_id)
