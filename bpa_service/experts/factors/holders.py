"""Experts as holders of sessions and passkeys: the kit's routes for them, and what is bpa's own in these."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from bpa_service.api_ports import PortsOfApp
from bpa_service.experts import scopes
from bpa_service.experts.dependencies import CurrentExpert, Only, once, only, sent_token
from bpa_service.experts.domain import Role
from bpa_service.experts.factors import service
from bpa_service.experts.factors.models import passkeys
from bpa_service.experts.factors.schemas import CodeInput
from bpa_service.experts.models import sign_ins
from service_kit import audit
from service_kit.audit import Detail
from service_kit.db import Session
from service_kit.http.edge import Now, WriteSession
from service_kit.http.holders import Holder, Holders, passkey_routes, session_routes, token_routes
from service_kit.http.problem_responses import problem_response
from service_kit.http.route import CheckedRoute
from service_kit.passkeys.ceremony import Owner
from service_kit.passkeys.schemas import PasskeyChallenge

asking = APIRouter(prefix="/api/v1/me", route_class=CheckedRoute, tags=["passkeys"])


@asking.post("/passkey-challenges", status_code=HTTPStatus.CREATED, response_model=PasskeyChallenge)
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


def _record(
    session: Session,
    act: str,
    *,
    by: Holder | None,
    holder_id: UUID,
    details: Mapping[str, Detail],
    now: datetime,
) -> None:
    whose = {} if by else {"person_id": holder_id}
    audit.record(session, act, by=by, now=now, details={**whose, **details})


_HOLDERS: Final = Holders(
    tag="auth",
    sessions=sign_ins,
    passkeys=passkeys,
    scope=scopes.of_person,
    record=_record,
    token=Depends(sent_token),
    me=Depends(only(*Role)),
    leaving=Depends(Only(*Role, while_enrolling=True)),
    once=Depends(once, scope="function"),
)
ROUTERS: Final = (token_routes(_HOLDERS), session_routes(_HOLDERS), asking, passkey_routes(_HOLDERS))
