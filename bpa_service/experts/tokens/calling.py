"""Tools that call with a personal token: as its expert, within its scopes."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from fastapi import BackgroundTasks, Request
from sqlalchemy import bindparam, select

from bpa_service.api_ports import ApiPorts
from bpa_service.experts import scopes
from bpa_service.experts.domain import Expert
from bpa_service.experts.models import ExpertRow
from bpa_service.experts.tokens.models import ExpertToken, tokens
from service_kit.api_keys import KeyWrong, ScopeMissing, SentKey
from service_kit.db import SYSTEM, ReadSession, database_now, enter
from service_kit.http.client_address import address_of, network_of
from service_kit.http.middleware import answer_headers


class _Found(NamedTuple):
    token: ExpertToken
    holder: ExpertRow


_FOUND: Final = (
    select(ExpertToken, ExpertRow)
    .join(ExpertRow, ExpertRow.id == ExpertToken.holder_id)
    .where(ExpertToken.public_id == bindparam("public_id"), ExpertRow.active)
)


@dataclass(frozen=True, slots=True)
class TokenCall:
    """A request of a tool: what it shows, and the scope that the route asks for."""

    proof: SentKey
    scope: str
    request: Request
    ports: ApiPorts
    background: BackgroundTasks


async def enter_by_token(session: ReadSession, call: TokenCall) -> Expert:
    """Whose token it is; the transaction enters their scope. The request is counted.

    The rows say what it may: a token that was ended counts no more from the next request on. Raises KeyWrong,
    KeyRevoked, KeyExpired, ScopeMissing and TooManyRequests.
    """
    ports = call.ports
    # Whose it is nobody knows before it was found: nothing else is looked at in this scope.
    await enter(session, SYSTEM)
    found = await _found(session, call.proof)
    if found is None or not found.token.is_of(call.proof):
        await ports.limits.hit("wrong_tokens_per_address", network_of(call.request))
        raise KeyWrong
    token, expert = found.token, found.holder.expert()
    now = await database_now(session)
    found.token.check(address=address_of(call.request), now=now)
    if (standing := await ports.limits.take("requests_per_token", str(token.id))) is not None:
        answer_headers(call.request).update(standing.headers())
        standing.check()
    if call.scope not in token.scopes:
        raise ScopeMissing(scope=call.scope)
    own = scopes.of(expert)
    if token.use_is_stale(now):
        call.background.add_task(tokens.note_use, ports.backbone.database, own, token.id, now=now)
    await enter(session, own)
    return expert


async def _found(session: ReadSession, sent: SentKey) -> _Found | None:
    row = (await session.execute(_FOUND, {"public_id": sent.public_id})).one_or_none()
    return None if row is None else _Found(row[0], row[1])
