"""Having one's data erased."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from cabinet_service.accounts.dependencies import ClientJustSignedIn
from cabinet_service.ports import PortsOfApp
from cabinet_service.privacy import erasing
from cabinet_service.privacy.schemas import ErasureOut
from cabinet_service.settings import COOKIE
from service_kit.db import SYSTEM, enter
from service_kit.http.credentials import clear_cookie
from service_kit.http.edge import Now, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1", tags=["privacy"], route_class=CheckedRoute)


@router.post("/me/erasure", status_code=HTTPStatus.ACCEPTED)
async def erase_me(
    client: ClientJustSignedIn, session: WriteSession, now: Now, response: Response, ports: PortsOfApp
) -> ErasureOut:
    """Erase one's account and all that belongs to it. Whoever has not signed in just now has to do so first.

    What still runs is cancelled. All sessions end with this answer, so a repetition finds nobody signed in.
    """
    await enter(
        session, SYSTEM
    )  # what goes is also what no client ever sees, such as codes that were asked for
    erasure = await erasing.request(session, client, now=now)
    clear_cookie(response, cookie=COOKIE, secure=ports.settings.has_https)
    return ErasureOut(requested_at=erasure.requested_at)
