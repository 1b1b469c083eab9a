"""The logo of a company."""

from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from cabinet_service.accounts import quotas
from cabinet_service.accounts.dependencies import CurrentClient
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.audit import actors
from cabinet_service.companies import queries
from cabinet_service.companies.logos import service
from cabinet_service.companies.logos.drawer import LogoDrawer
from cabinet_service.companies.logos.errors import problem_of
from cabinet_service.companies.logos.limits import MOST_EDGE
from cabinet_service.companies.logos.queries import Logo
from cabinet_service.companies.logos.schemas import LogoOut
from service_kit.decoding import FileRefused
from service_kit.http.edge import Now, WriteSession
from service_kit.http.problems import TemporarilyUnavailable
from service_kit.http.receiving import received
from service_kit.http.route import CheckedRoute
from service_kit.scratch import nameless_file

PATH: Final = "/logo"
router = APIRouter(prefix="/api/v1", tags=["companies"], route_class=CheckedRoute)

# The largest file over a line of 800 kbit/s.
UPLOAD_SECONDS: Final = 25.0
_FILE: Final = {
    "type": "string",
    "format": "binary",
    "description": f"PNG, JPEG or WebP, told by its content; up to 2 MiB, 32 to {MOST_EDGE} pixels a side.",
}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": _FILE}}}
}


async def _drawer_of_the_app(request: Request) -> LogoDrawer:
    drawer: LogoDrawer = request.app.state.logos
    return drawer


DrawerOfApp = Annotated[LogoDrawer, Depends(_drawer_of_the_app)]


@router.put(f"/companies/{{company_id}}{PATH}", openapi_extra=_BODY)
async def put_company_logo(
    request: Request,
    company_id: UUID,
    client: CurrentClient,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
    drawer: DrawerOfApp,
) -> LogoOut:
    """Give the company a logo, which stands on its reports from now on, in place of any other.

    It is drawn anew, on white and at the size that is shown: nothing else of the file is kept. PDFs that were
    made stay as they are.
    """
    company = await queries.administered(session, company_id, client=client)
    await quotas.count(ports.limits, "logos", client)
    with nameless_file() as path:
        if drawer.receiving.locked():
            raise TemporarilyUnavailable(headers={"Retry-After": "5"})
        async with drawer.receiving:
            await received(request, path, seconds=UPLOAD_SECONDS)
            try:
                drawn = await drawer.draw(path)
            except FileRefused as refused:
                raise problem_of(refused) from None
    await service.put(session, company_id, drawn, by=actors.client(client.account_id), now=now)
    return LogoOut.of(Logo(*drawn, company=company.name))


@router.delete(f"/companies/{{company_id}}{PATH}", status_code=HTTPStatus.NO_CONTENT)
async def remove_company_logo(
    company_id: UUID, client: CurrentClient, session: WriteSession, now: Now
) -> None:
    """Take the logo away. Reports are shown without one from now on; PDFs that were made stay as they are."""
    await queries.administered(session, company_id, client=client)
    await service.remove(session, company_id, by=actors.client(client.account_id), now=now)
