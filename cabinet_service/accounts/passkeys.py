"""Routes of passkeys: a client adds one, and signs in with it in place of a code."""

from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter

from cabinet_service.accounts import queries
from cabinet_service.accounts.dependencies import ClientJustSignedIn, CurrentClient, Once
from cabinet_service.accounts.domain import Client
from cabinet_service.accounts.models import passkeys
from cabinet_service.audit import actors
from cabinet_service.ports import PortsOfApp
from service_kit import audit
from service_kit.db import Session
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute
from service_kit.passkeys.ceremony import Owner
from service_kit.passkeys.schemas import NewPasskey, PasskeyChallenge, PasskeyList, PasskeyOut, PasskeyPatch

router = APIRouter(prefix="/api/v1/me", route_class=CheckedRoute, tags=["passkeys"])


@router.post("/passkey-challenges", status_code=HTTPStatus.CREATED)
async def ask_to_add_passkey(
    client: ClientJustSignedIn, session: WriteSession, now: Now, ports: PortsOfApp
) -> PasskeyChallenge:
    """Begin to add a passkey; soon after a sign-in only, as a passkey signs in by itself."""
    contacts = await queries.contacts_of(session, client.account_id)
    name = contacts[0].value if contacts else str(client.account_id)
    owner = Owner(client.account_id, name, client.display_name or name)
    return await passkeys.ask_to_add(session, ports.settings.relying_party, owner, now=now)


@router.post("/passkeys", status_code=HTTPStatus.CREATED)
async def add_passkey(
    body: NewPasskey, client: CurrentClient, session: WriteSession, now: Now, ports: PortsOfApp, once: Once
) -> PasskeyOut:
    """Add the passkey that the browser made for the challenge."""
    added = await passkeys.add(
        session, ports.settings.relying_party, client.account_id, body.credential, name=body.name, now=now
    )
    _note(session, "passkey_added", client, added.id, now)
    return await once.keep(PasskeyOut.of(added))


@router.get("/passkeys")
async def list_passkeys(client: CurrentClient, session: Reading) -> PasskeyList:
    """One's own passkeys, the oldest first."""
    return PasskeyList(items=[PasskeyOut.of(one) for one in await passkeys.of(session, client.account_id)])


@router.patch("/passkeys/{passkey_id}")
async def rename_passkey(
    passkey_id: UUID, body: PasskeyPatch, client: CurrentClient, session: WriteSession
) -> PasskeyOut:
    """Give a passkey another name."""
    return PasskeyOut.of(await passkeys.rename(session, client.account_id, passkey_id, name=body.name))


@router.delete("/passkeys/{passkey_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_passkey(passkey_id: UUID, client: CurrentClient, session: WriteSession, now: Now) -> None:
    """Nobody signs in with it any more."""
    await passkeys.remove(session, client.account_id, passkey_id)
    _note(session, "passkey_removed", client, passkey_id, now)


def _note(session: Session, act: str, client: Client, passkey_id: UUID, now: datetime) -> None:
    actor, details = actors.client(client.account_id), {"passkey_id": passkey_id}
    audit.record(session, act, by=actor, now=now, subject_id=actor.id, details=details)
