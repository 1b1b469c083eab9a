"""Those who sign in at one service, as the routes that both services share know them.

Each service says who its people are once (`Holders`), and includes `session_routes` and `passkey_routes`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol
from uuid import UUID

from fastapi import APIRouter, Request, Response

from service_kit.audit import Detail
from service_kit.db import Scope, Session, database_now, enter
from service_kit.http.access import ANYBODY
from service_kit.http.client_address import network_of
from service_kit.http.edge import Now, Reading, ServiceSession, WriteSession
from service_kit.http.problem_responses import problem_response
from service_kit.http.problems import Problem
from service_kit.http.route import CheckedRoute
from service_kit.http.sign_in import Refresh, SessionOut, TokensOut, hand_over, read_refresh
from service_kit.idempotency import Once
from service_kit.passkeys import Passkeys
from service_kit.passkeys.schemas import NewPasskey, PasskeyChallenge, PasskeyList, PasskeyOut, PasskeyPatch
from service_kit.ports import SharedPorts
from service_kit.sessions import RefreshTokenReused, Sessions
from service_kit.tokens import AccessToken


class Holder(Protocol):
    """Somebody signed in, as the audit log names them."""

    @property
    def id(self) -> UUID: ...

    @property
    def display_name(self) -> str: ...


class Record(Protocol):
    """Notes an act that concerns the sign-in of `holder_id`; `by` is None where they have not shown to be it."""

    def __call__(
        self,
        session: Session,
        act: str,
        *,
        by: Holder | None,
        holder_id: UUID,
        details: Mapping[str, Detail],
        now: datetime,
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Holders:
    """The people of one service. `scope` is theirs as long as nothing is known of them but their id.

    The rest are FastAPI dependencies: `token` gives the AccessToken that was sent, `me` the Holder who sent it,
    `leaving` the same for whoever may at least sign out, `once` that what is created is created once.
    """

    tag: str
    sessions: Sessions[Any]
    passkeys: Passkeys[Any]
    scope: Callable[[UUID], Scope]
    record: Record
    token: Any
    me: Any
    leaving: Any
    once: Any


def token_routes(holders: Holders) -> APIRouter:
    """For whoever is not signed in: the challenge of a sign-in by passkey, and new tokens for a refresh token."""
    router = APIRouter(prefix="/api/v1/auth", route_class=CheckedRoute, tags=[holders.tag])
    sessions, passkeys = holders.sessions, holders.passkeys

    async def ask_to_sign_in(
        request: Request, session: ServiceSession, now: Now, ports: SharedPorts
    ) -> PasskeyChallenge:
        """Begin to sign in with a passkey."""
        await ports.limits.hit("sign_ins_per_address", network_of(request), fail_closed=True)
        return await passkeys.ask_to_sign_in(session, ports.settings.relying_party, now=now)

    async def refresh_tokens(
        request: Request,
        response: Response,
        session: WriteSession,
        ports: SharedPorts,
        body: Refresh | None = None,
    ) -> TokensOut | Response:
        """Exchange a refresh token for the next two tokens.

        It works once. Sent again within 20 s, for a lost answer, it gets the same answer; after that, or once a
        newer one was used, whoever sends it has a copy: the session ends.
        """
        cookies = ports.settings.cookies
        await ports.limits.hit("refreshes_per_address", network_of(request))
        token, carrier = read_refresh(request, body, cookies, ports.tokens)
        await ports.limits.hit("refreshes_per_account", str(token.holder_id))
        await enter(session, holders.scope(token.holder_id))
        now = await database_now(session)
        outcome = await sessions.refresh(session, token, now=now)
        if isinstance(outcome, RefreshTokenReused):
            # By nobody: it may have been its owner, or whoever has a copy of the token.
            details = {"session_id": token.session_id}
            holders.record(
                session, outcome.code, by=None, holder_id=token.holder_id, details=details, now=now
            )
        if isinstance(outcome, Problem):
            # Returned, not raised: the end of the session is committed.
            refusal = problem_response(request, outcome)
            if carrier == "cookie":
                cookies.clear(refusal)
            return refusal
        return hand_over(response, outcome.tokens(ports.tokens), carrier=carrier, cookies=cookies, now=now)

    created = HTTPStatus.CREATED
    router.post("/passkey-challenges", status_code=created, dependencies=[ANYBODY])(ask_to_sign_in)
    router.post("/tokens", response_model=TokensOut, dependencies=[ANYBODY])(refresh_tokens)
    return router


def session_routes(holders: Holders) -> APIRouter:
    """`/auth/sessions`, but for how one signs in."""
    router = APIRouter(prefix="/api/v1/auth/sessions", route_class=CheckedRoute, tags=[holders.tag])
    sessions = holders.sessions

    async def list_sessions(
        session: Reading, now: Now, me: Holder = holders.me, token: AccessToken = holders.token
    ) -> list[SessionOut]:
        """Where one is signed in, the device that was seen last first."""
        rows = await sessions.of(session, me.id, now=now)
        return [SessionOut.of(row, current=token.session_id) for row in rows]

    async def sign_out(
        response: Response,
        session: WriteSession,
        now: Now,
        ports: SharedPorts,
        me: Holder = holders.leaving,
        token: AccessToken = holders.token,
    ) -> None:
        """End this session."""
        await _end(session, token.session_id, me, now)
        ports.settings.cookies.clear(response)

    async def end_session(session_id: UUID, session: WriteSession, now: Now, me: Holder = holders.me) -> None:
        """Sign out on another device."""
        await _end(session, session_id, me, now)

    async def end_other_sessions(
        session: WriteSession, now: Now, me: Holder = holders.me, token: AccessToken = holders.token
    ) -> None:
        """Sign out on every device but this one."""
        await sessions.end_others(session, me.id, token.session_id)
        holders.record(session, "signed_out_elsewhere", by=me, holder_id=me.id, details={}, now=now)

    async def _end(session: Session, session_id: UUID, me: Holder, now: datetime) -> None:
        await sessions.end(session, me.id, session_id)
        details = {"session_id": session_id}
        holders.record(session, "signed_out", by=me, holder_id=me.id, details=details, now=now)

    gone = HTTPStatus.NO_CONTENT
    router.get("")(list_sessions)
    router.delete("/current", status_code=gone)(sign_out)
    router.delete("/{session_id}", status_code=gone)(end_session)
    router.delete("", status_code=gone)(end_other_sessions)
    return router


def passkey_routes(holders: Holders) -> APIRouter:
    """`/me/passkeys`: adding one, but for what one has to show before, and what is done with it afterwards."""
    router = APIRouter(prefix="/api/v1/me/passkeys", route_class=CheckedRoute, tags=["passkeys"])
    passkeys = holders.passkeys

    async def add_passkey(
        body: NewPasskey,
        session: WriteSession,
        now: Now,
        ports: SharedPorts,
        me: Holder = holders.me,
        once: Once = holders.once,
    ) -> PasskeyOut:
        """Add the passkey that the browser made for the challenge."""
        added = await passkeys.add(
            session, ports.settings.relying_party, me.id, body.credential, name=body.name, now=now
        )
        details = {"passkey_id": added.id}
        holders.record(session, "passkey_added", by=me, holder_id=me.id, details=details, now=now)
        return await once.keep(PasskeyOut.of(added))

    async def list_passkeys(session: Reading, me: Holder = holders.me) -> PasskeyList:
        """One's own passkeys, the oldest first."""
        return PasskeyList(items=[PasskeyOut.of(one) for one in await passkeys.of(session, me.id)])

    async def rename_passkey(
        passkey_id: UUID, body: PasskeyPatch, session: WriteSession, me: Holder = holders.me
    ) -> PasskeyOut:
        """Give a passkey another name."""
        return PasskeyOut.of(await passkeys.rename(session, me.id, passkey_id, name=body.name))

    async def remove_passkey(
        passkey_id: UUID, session: WriteSession, now: Now, me: Holder = holders.me
    ) -> None:
        """Nobody signs in with it any more."""
        await passkeys.remove(session, me.id, passkey_id)
        details = {"passkey_id": passkey_id}
        holders.record(session, "passkey_removed", by=me, holder_id=me.id, details=details, now=now)

    router.post("", status_code=HTTPStatus.CREATED)(add_passkey)
    router.get("")(list_passkeys)
    router.patch("/{passkey_id}")(rename_passkey)
    router.delete("/{passkey_id}", status_code=HTTPStatus.NO_CONTENT)(remove_passkey)
    return router
