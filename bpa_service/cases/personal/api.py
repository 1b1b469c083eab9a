"""What cabinet asks for when a client takes their data along."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from bpa_service.cases.personal import data_export
from service_kit.http.edge import ServiceReading
from service_kit.http.peer_access import only_peer
from service_kit.http.route import CheckedRoute
from service_kit.paging import Page, cut, decode_cursor
from shared_schemas.rest.clients import ClientData

router = APIRouter(
    prefix="/internal/v1/clients",
    tags=["internal"],
    route_class=CheckedRoute,
    dependencies=[Depends(only_peer)],
)

PAGE: Final = 50


@router.get("/{account_id}/data")
async def get_client_data(
    account_id: UUID, session: ServiceReading, after: Annotated[str | None, Query(max_length=400)] = None
) -> ClientData:
    """The client's part of what they ordered in their own name."""
    found = await data_export.cases(session, account_id, Page(decode_cursor(after, UUID), PAGE))
    rows, next_page = cut(found, PAGE, lambda case: (case.id,))
    return ClientData(cases=await data_export.views(session, rows), next_page=next_page)
