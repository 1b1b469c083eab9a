"""Disputing the answer."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import Once
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.disputes import service
from cabinet_service.inspections.disputes.schemas import DisputeIn, DisputeOut
from service_kit.http.access import by_key
from service_kit.http.route import CheckedRoute

router = APIRouter(
    prefix="/api/v1/inspections/{inspection_id}/disputes", tags=["inspections"], route_class=CheckedRoute
)


@router.post("", status_code=HTTPStatus.CREATED, dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)])
async def open_dispute(
    inspection_id: UUID, body: DisputeIn, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> DisputeOut:
    """Object to the answer, or to some of its findings. Others look at it again, against a clock of its own."""
    await quotas.count(ports.limits, "disputes", acting.client)
    opened = await service.dispute(acting, inspection_id, body)
    return await once.keep(DisputeOut.of(opened))
