"""Drafts, and sending them."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import Once
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.drafting import service
from cabinet_service.inspections.drafting.schemas import InspectionPatch, NewInspection
from cabinet_service.inspections.viewing import views
from cabinet_service.inspections.viewing.api import etag
from cabinet_service.inspections.viewing.schemas import InspectionOut
from service_kit.http.openapi import ETAG
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/inspections", tags=["inspections"], route_class=CheckedRoute)


@router.post("", status_code=HTTPStatus.CREATED)
async def create_inspection(
    body: NewInspection, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> InspectionOut:
    """Open a draft. Nobody looks at it before it is submitted."""
    await quotas.count(ports.limits, "drafts", acting.client)
    await quotas.count_of_company(ports.limits, "drafts", body.company_id)
    inspection = await service.open_draft(acting, body)
    return await once.keep(await views.detail(acting.session, inspection, now=acting.now, evidence=()))


@router.patch("/{inspection_id}", responses={HTTPStatus.OK: {"headers": ETAG}})
async def change_inspection(
    inspection_id: UUID, body: InspectionPatch, response: Response, acting: CurrentAct
) -> InspectionOut:
    """Change a draft. What is left out stays as it is, null takes a value away."""
    inspection = await service.change_draft(acting, inspection_id, body)
    response.headers["ETag"] = etag(inspection)
    return await views.detail(acting.session, inspection, now=acting.now)


@router.post("/{inspection_id}/submit")
async def submit_inspection(
    inspection_id: UUID, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> InspectionOut:
    """Send the inspection to the experts. The promised 20 minutes begin now."""
    await quotas.count(ports.limits, "submits", acting.client)
    sent = await service.submit(acting, inspection_id, files=ports.files)
    await quotas.count_of_company(ports.limits, "submits", sent.inspection.company_id)
    shown = await views.detail(acting.session, sent.inspection, now=acting.now, evidence=sent.evidence)
    return await once.keep(shown, status=HTTPStatus.OK)
