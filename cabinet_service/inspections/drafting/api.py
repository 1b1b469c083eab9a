"""Drafts, and sending them."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Response

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import Once
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.inspections.core.dependencies import CurrentAct
from cabinet_service.inspections.drafting import known, service
from cabinet_service.inspections.drafting.schemas import InspectionPatch, NewInspection, OpenedInspection
from cabinet_service.inspections.viewing import views
from cabinet_service.inspections.viewing.api import etag
from cabinet_service.inspections.viewing.schemas import InspectionOut
from service_kit.http.access import by_key
from service_kit.http.openapi import ETAG
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/inspections", tags=["inspections"], route_class=CheckedRoute)


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses={
        HTTPStatus.OK: {"model": OpenedInspection, "description": "The company has one of this car already."}
    },
    dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)],
)
async def create_inspection(
    body: NewInspection, response: Response, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> OpenedInspection:
    """Open a draft. Nobody looks at it before it is submitted.

    A program gets the inspection that its company has of the same car, with 200, unless it wants one `again`.
    """
    found = await known.find(acting, body) if acting.client.key is not None else None
    if found is not None:
        response.status_code = HTTPStatus.OK
        shown = await views.detail(acting.session, found, now=acting.now)
        return await once.keep(OpenedInspection(**dict(shown), existing=True), status=HTTPStatus.OK)
    await quotas.count(ports.limits, "drafts", acting.client)
    await quotas.count_of_company(ports.limits, "drafts", acting.client.orders_for(body.company_id))
    inspection = await service.open_draft(acting, body)
    shown = await views.detail(acting.session, inspection, now=acting.now, evidence=())
    return await once.keep(OpenedInspection(**dict(shown), existing=False))


@router.patch(
    "/{inspection_id}",
    responses={HTTPStatus.OK: {"headers": ETAG}},
    dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)],
)
async def change_inspection(
    inspection_id: UUID, body: InspectionPatch, response: Response, acting: CurrentAct
) -> InspectionOut:
    """Change a draft. What is left out stays as it is, null takes a value away."""
    inspection = await service.change_draft(acting, inspection_id, body)
    response.headers["ETag"] = etag(inspection)
    return await views.detail(acting.session, inspection, now=acting.now)


@router.post("/{inspection_id}/submit", dependencies=[by_key(KeyScope.INSPECTIONS_WRITE)])
async def submit_inspection(
    inspection_id: UUID, acting: CurrentAct, once: Once, ports: PortsOfApp
) -> InspectionOut:
    """Send the inspection to the experts. The promised 20 minutes begin now."""
    await quotas.count(ports.limits, "submits", acting.client)
    sent = await service.submit(acting, inspection_id, files=ports.files, zone=ports.settings.zone_of_reports)
    await quotas.count_of_company(ports.limits, "submits", sent.inspection.company_id)
    shown = await views.detail(acting.session, sent.inspection, now=acting.now, evidence=sent.evidence)
    return await once.keep(shown, status=HTTPStatus.OK)
