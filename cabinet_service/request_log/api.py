"""The requests that were made with the keys of a company, for who manages its webhooks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.accounts.domain import KeyScope
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.companies import queries as companies
from cabinet_service.request_log import queries
from cabinet_service.request_log.schemas import ApiRequestOut, RequestId, Status, statuses
from service_kit import paging
from service_kit.http import pages
from service_kit.http.access import by_key
from service_kit.http.edge import Reading
from service_kit.http.route import CheckedRoute
from service_kit.paging import PageOf

router = APIRouter(
    prefix="/api/v1/companies/{company_id}/api-requests", tags=["developers"], route_class=CheckedRoute
)


@router.get("", dependencies=[by_key(KeyScope.WEBHOOKS_MANAGE)])
async def list_api_requests(
    company_id: UUID,
    client: CurrentClient,
    session: Reading,
    ports: PortsOfApp,
    paged: pages.PagedByHundred,
    key_id: Annotated[UUID | None, Query(description="Of this key alone.")] = None,
    status: Status = None,
    request_id: RequestId = None,
) -> PageOf[ApiRequestOut]:
    """What programs asked with the company's keys, the youngest first: the last 10,000 of 14 days.

    A request is there a second after its answer.
    """
    companies.check_manages_webhooks(client, company_id)
    found = await queries.listed(
        session,
        company_id,
        paged.page(paging.instant, UUID),
        key_id=key_id,
        statuses=None if status is None else statuses(status),
        request_id=request_id,
    )
    rows = paged.cut(found, lambda row: (row.at.isoformat(), row.id))
    return paged.answer([ApiRequestOut.of(row, ports.settings.key_form) for row in rows])
