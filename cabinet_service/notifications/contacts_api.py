"""One's own contacts: where one is told, and what signs in."""

from http import HTTPStatus

from fastapi import APIRouter, Request, Response

from cabinet_service.accounts import adding, queries
from cabinet_service.accounts.api import contact_to_reach, count_code, me_of
from cabinet_service.accounts.dependencies import ClientJustSignedIn, CurrentClient, SentToken
from cabinet_service.accounts.domain import Change, Contact
from cabinet_service.accounts.schemas import CodeSent, ContactCodeRequest, ContactIn, ContactRemoval, Me
from cabinet_service.api_ports import PortsOfApp
from cabinet_service.audit import actors
from cabinet_service.notifications import changes
from service_kit.db import SYSTEM, enter
from service_kit.http.client_address import network_of
from service_kit.http.edge import Now, WriteSession
from service_kit.http.problem_responses import problem_response
from service_kit.http.problems import Problem
from service_kit.http.route import CheckedRoute

router = APIRouter(prefix="/api/v1/me", tags=["accounts"], route_class=CheckedRoute)


@router.post("/contact-codes", status_code=HTTPStatus.ACCEPTED)
async def request_contact_code(
    body: ContactCodeRequest,
    request: Request,
    session: WriteSession,
    client: ClientJustSignedIn,
    now: Now,
    ports: PortsOfApp,
) -> CodeSent:
    """Have a code sent to a contact that is to be added; soon after a sign-in only, as it signs in by itself."""
    contact = contact_to_reach(body.contact, ports)
    await adding.check(session, client.account_id, contact)
    await ports.limits.hit("contact_codes_per_account", str(client.account_id), fail_closed=True)
    await count_code(request, contact, None, ports)
    await enter(session, SYSTEM)  # whose contacts are, and codes, clients do not see
    challenge = await adding.request_code(
        session,
        client.account_id,
        contact,
        language=client.language,
        valid_for=ports.settings.sign_in_code_length,
        now=now,
    )
    return CodeSent(
        challenge_id=challenge.id,
        sent_to=contact.masked,
        may_be_in_chat=False,
        expires_at=challenge.expires_at,
        resend_after=now + ports.settings.code_again_after,
    )


@router.post("/contacts", status_code=HTTPStatus.CREATED, response_model=Me)
async def add_contact(
    body: ContactIn,
    request: Request,
    session: WriteSession,
    client: CurrentClient,
    now: Now,
    ports: PortsOfApp,
) -> Me | Response:
    """Add the contact to which the code went: one is told there and signs in with it.

    That it was added is told at every contact and in every chat that were there before.
    """
    await ports.limits.hit("sign_ins_per_address", network_of(request), fail_closed=True)
    await enter(session, SYSTEM)
    outcome = await adding.add(
        session, client.account_id, body.challenge_id, body.code, keys=ports.secrets, now=now
    )
    if isinstance(outcome, Problem):
        return problem_response(request, outcome)  # returned, not raised: the counted try is committed
    if outcome is not None:
        await changes.tell(session, client.account_id, Change.added(outcome.kind), now=now)
    return await me_of(session, await queries.account(session, client.account_id))


@router.post("/contacts/removal")
async def remove_contact(
    body: ContactRemoval,
    session: WriteSession,
    client: ClientJustSignedIn,
    token: SentToken,
    now: Now,
    ports: PortsOfApp,
) -> Me:
    """Take a contact away: it signs in no more, and every session but this one ends.

    That is told there, at every other contact and in every chat. Soon after a sign-in only, and never of the last
    way in.
    """
    await enter(session, SYSTEM)
    await changes.remove_contact(
        session,
        client.account_id,
        Contact(body.kind, body.value),
        by_chat=bool(ports.settings.telegram_token),
        kept=token.session_id,
        by=actors.client(client.account_id),
        now=now,
    )
    return await me_of(session, await queries.account(session, client.account_id))
