"""Routes of one's own passkeys."""

from http import HTTPStatus
from uuid import UUID

from fastapi import APIRouter, Request, Response

from bpa_service.experts.dependencies import CurrentExpert, Once
from bpa_service.experts.factors import service
from bpa_service.experts.factors.models import passkeys
from bpa_service.experts.factors.schemas import CodeInput
from bpa_service.ports import PortsOfApp
from service_kit import audit
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.problems import problem_response
from service_kit.http.route import CheckedRoute
from service_kit.passkeys.ceremony import Owner
from service_kit.passkeys.schemas import NewPasskey, PasskeyChallenge, PasskeyList, PasskeyOut, PasskeyPatch

router = APIRouter(prefix="/api/v1/me", route_class=CheckedRoute, tags=["passkeys"])


@router.post("/passkey-challenges", status_code=HTTPStatus.CREATED, response_model=PasskeyChallenge)
async def ask_to_add_passkey(
    body: CodeInput,
    request: Request,
    expert: CurrentExpert,
    session: WriteSession,
    now: Now,
    ports: PortsOfApp,
) -> PasskeyChallenge | Response:
    """Begin to add a passkey, with a fresh code: a passkey signs in by itself."""
    refusal = await service.verify(session, expert, body.code, seal=ports.seal, now=now)
    if refusal is not None:
        return problem_response(request, refusal)
    owner = Owner(expert.id, expert.login, expert.display_name)
    return await passkeys.ask_to_add(session, ports.settings.relying_party, owner, now=now)


@router.post("/passkeys", status_code=HTTPStatus.CREATED)
async def add_passkey(
    body: NewPasskey, expert: CurrentExpert, session: WriteSession, now: Now, ports: PortsOfApp, once: Once
) -> PasskeyOut:
    """Add the passkey that the browser made for the challenge."""
    added = await passkeys.add(
        session, ports.settings.relying_party, expert.id, body.credential, name=body.name, now=now
    )
    audit.record(session, "passkey_added", by=expert, now=now, details={"passkey_id": added.id})
    return await once.keep(PasskeyOut.of(added))


@router.get("/passkeys")
async def list_passkeys(expert: CurrentExpert, session: Reading) -> PasskeyList:
    """One's own passkeys, the oldest first."""
    return PasskeyList(items=[PasskeyOut.of(one) for one in await passkeys.of(session, expert.id)])


@router.patch("/passkeys/{passkey_id}")
async def rename_passkey(
    passkey_id: UUID, body: PasskeyPatch, expert: CurrentExpert, session: WriteSession
) -> PasskeyOut:
    """Give a passkey another name."""
    return PasskeyOut.of(await passkeys.rename(session, expert.id, passkey_id, name=body.name))


@router.delete("/passkeys/{passkey_id}", status_code=HTTPStatus.NO_CONTENT)
async def remove_passkey(passkey_id: UUID, expert: CurrentExpert, session: WriteSession, now: Now) -> None:
    """Nobody signs in with it any more."""
    await passkeys.remove(session, expert.id, passkey_id)
    audit.record(session, "passkey_removed", by=expert, now=now, details={"passkey_id": passkey_id})
