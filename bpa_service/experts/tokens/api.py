"""One's own personal tokens. None of these routes is open to a token."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from bpa_service.api_ports import PortsOfApp
from bpa_service.experts.dependencies import CurrentExpert, Once, SentToken, only
from bpa_service.experts.domain import Expert, Role
from bpa_service.experts.tokens import service
from bpa_service.experts.tokens.schemas import ExpertTokenIn, ExpertTokenOut, NewExpertTokenOut
from service_kit.http.edge import Now, Reading, WriteSession
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/me/tokens", route_class=CheckedRoute, tags=["tokens"])

Confirmed = Annotated[Expert, Depends(only(*Role, confirmed=True))]


@router.get("")
async def list_tokens(
    expert: CurrentExpert, session: Reading, now: Now, ports: PortsOfApp
) -> list[ExpertTokenOut]:
    """One's own tokens, the youngest first, and for 90 days those that have ended."""
    form = ports.settings.token_form
    return [ExpertTokenOut.of(one, form=form, now=now) for one in await service.own(session, expert, now=now)]


@router.post("", status_code=HTTPStatus.CREATED)
async def make_token(
    body: ExpertTokenIn,
    expert: Confirmed,
    token: SentToken,
    session: WriteSession,
    now: Now,
    once: Once,
    ports: PortsOfApp,
) -> NewExpertTokenOut:
    """A token for a tool on one's own computer. It is shown once, and ends with one's access or role.

    Asks for a session that showed a code within the last five minutes (`POST /me/confirmation`).
    """
    form = ports.settings.token_form
    issued = await service.make(session, body, form=form, by=expert, session_id=token.session_id, now=now)
    made = ExpertTokenOut.of(issued.row, form=form, now=now)
    await once.keep(NewExpertTokenOut(token=made, text=None))
    return NewExpertTokenOut(token=made, text=issued.text)


@router.delete("/{token_id}", status_code=HTTPStatus.NO_CONTENT)
async def revoke_token(token_id: UUID, expert: CurrentExpert, session: WriteSession, now: Now) -> None:
    """End a token: from the next request on it opens nothing."""
    await service.revoke(session, token_id, by=expert, now=now)
