"""Signing in on the site by a link that the bot gives: for whoever came by the chat, and has no contact."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Request, Response
from pydantic import Field

from cabinet_service.accounts import service as accounts
from cabinet_service.accounts.api import handed_over
from cabinet_service.accounts.schemas import SignedInOut
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.telegram.errors import SignInLinkOver
from cabinet_service.telegram.tables import updates
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.credentials import Carrier
from service_kit.http.device import device_of
from service_kit.http.edge import Now, ServiceSession
from service_kit.http.route import CheckedRoute
from service_kit.http.schemas import ApiInput

router: Final = APIRouter(prefix="/api/v1/auth", tags=["accounts"], route_class=CheckedRoute)


class LinkSignIn(ApiInput):
    """`token` is what stands in the link behind its `#`."""

    token: Annotated[str, Field(min_length=1, max_length=64)]
    carrier: Carrier = Field(
        description="Browsers take the tokens as HttpOnly cookies, other clients in the answer."
    )


@router.post("/link-sessions", status_code=HTTPStatus.CREATED, dependencies=[ANYBODY])
async def sign_in_by_link(
    body: LinkSignIn,
    request: Request,
    response: Response,
    session: ServiceSession,
    now: Now,
    ports: PortsOfApp,
) -> SignedInOut:
    """Sign in with a link that the bot gave. It works once, for five minutes.

    What only looks at the link, as messengers do for a preview, does not use it up.
    """
    if body.carrier == "cookie":
        # Or another site could sign a browser in to an account of its own.
        ports.settings.cookies.require_own_page(request)
    await ports.limits.hit("sign_ins_per_address", network_of(request), fail_closed=True)
    account_id = await updates.sign_in(session, body.token, now=now)
    if account_id is None:
        raise SignInLinkOver
    started = await accounts.let_in(
        session,
        account_id,
        details={"by": "telegram"},
        device=device_of(request),
        length=ports.settings.session_length,
        now=now,
    )
    return handed_over(started, response, body.carrier, ports, now=now)
