"""Keys of a company, for its admins."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from cabinet_service.accounts.dependencies import ClientJustSignedIn, CurrentClient, Once
from cabinet_service.accounts.models import ApiKey
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.companies import queries as companies
from cabinet_service.keys import queries, service
from cabinet_service.keys.schemas import ApiKeyIn, ApiKeyOut, NewApiKeyOut
from cabinet_service.keys.service import Managing
from service_kit.api_keys import Issued
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute
from service_kit.idempotency import Once as ClaimedKey

router = APIRouter(
    prefix="/api/v1/companies/{company_id}/api-keys", tags=["developers"], route_class=CheckedRoute
)


async def _managing(
    company_id: UUID, client: CurrentClient, session: WriteSession, now: Now, ports: PortsOfApp
) -> Managing:
    companies.check_admin(client, company_id)
    return Managing(session, now, client, company_id, ports.settings.key_form)


ManagingKeys = Annotated[Managing, Depends(_managing, scope="function")]


@router.get("")
async def list_api_keys(
    company_id: UUID, client: CurrentClient, session: Reading, now: Now, ports: PortsOfApp
) -> list[ApiKeyOut]:
    """The keys of the company, those that work first, and for 90 days those that have ended."""
    companies.check_admin(client, company_id)
    form = ports.settings.key_form
    return [ApiKeyOut.of(one, form, now=now) for one in await queries.listed(session, company_id, now=now)]


@router.post("", status_code=HTTPStatus.CREATED)
async def make_api_key(
    body: ApiKeyIn, _just_signed_in: ClientJustSignedIn, managing: ManagingKeys, once: Once
) -> NewApiKeyOut:
    """A key for a program of the company; soon after a sign-in only, as a key is a way in. It is shown once."""
    return await _shown(await service.make(managing, body), managing, once)


@router.post("/{key_id}/renewal", status_code=HTTPStatus.CREATED)
async def renew_api_key(
    key_id: UUID, _just_signed_in: ClientJustSignedIn, managing: ManagingKeys, once: Once
) -> NewApiKeyOut:
    """The next key of the same program. This one goes on until it is ended, so that nothing stands still."""
    return await _shown(await service.renew(managing, key_id), managing, once)


@router.delete("/{key_id}", status_code=HTTPStatus.NO_CONTENT)
async def revoke_api_key(key_id: UUID, managing: ManagingKeys) -> None:
    """End a key: from the next request on it opens nothing, and neither do the links to cars that it gave."""
    await service.revoke(managing, key_id)


async def _shown(issued: Issued[ApiKey], managing: Managing, once: ClaimedKey) -> NewApiKeyOut:
    made = ApiKeyOut.of(issued.row, managing.form, now=managing.now)
    await once.keep(NewApiKeyOut(api_key=made, key=None))
    return NewApiKeyOut(api_key=made, key=issued.text)
