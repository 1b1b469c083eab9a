"""Clients as holders of sessions and passkeys: the kit's routes for them, and what is cabinet's own in these."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Depends

from cabinet_service.accounts import queries, scopes
from cabinet_service.accounts.dependencies import ClientJustSignedIn, CurrentClient, once, sent_token
from cabinet_service.accounts.models import passkeys, sign_ins
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.audit import actors
from cabinet_service.audit.actors import Actor
from service_kit import audit
from service_kit.audit import Detail
from service_kit.db import Session
from service_kit.http.edge import Now, WriteSession
from service_kit.http.holders import Holder, Holders, passkey_routes, session_routes, token_routes
from service_kit.http.route import CheckedRoute
from service_kit.passkeys.ceremony import Owner
from service_kit.passkeys.schemas import PasskeyChallenge

asking = APIRouter(prefix="/api/v1/me", route_class=CheckedRoute, tags=["passkeys"])


@asking.post("/passkey-challenges", status_code=HTTPStatus.CREATED)
async def ask_to_add_passkey(
    client: ClientJustSignedIn, session: WriteSession, now: Now, ports: PortsOfApp
) -> PasskeyChallenge:
    """Begin to add a passkey; soon after a sign-in only, as a passkey signs in by itself."""
    contacts = await queries.contacts_of(session, client.account_id)
    name = contacts[0].value if contacts else str(client.account_id)
    owner = Owner(client.account_id, name, client.display_name or name)
    return await passkeys.ask_to_add(session, ports.settings.relying_party, owner, now=now)


def _record(
    session: Session,
    act: str,
    *,
    by: Holder | None,
    holder_id: UUID,
    details: Mapping[str, Detail],
    now: datetime,
) -> None:
    audit.record(session, act, by=by, now=now, subject_id=holder_id, details=details)


async def _me(client: CurrentClient) -> Actor:
    return actors.client(client.account_id)


_ME: Final = Depends(_me, scope="function")
_HOLDERS: Final = Holders(
    tag="accounts",
    sessions=sign_ins,
    passkeys=passkeys,
    scope=scopes.of_account,
    record=_record,
    token=Depends(sent_token),
    me=_ME,
    leaving=_ME,
    once=Depends(once, scope="function"),
)
ROUTERS: Final = (token_routes(_HOLDERS), session_routes(_HOLDERS), asking, passkey_routes(_HOLDERS))
