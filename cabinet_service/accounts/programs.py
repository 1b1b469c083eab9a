"""Programs that call with a key of their company, or with a token that they got for one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from fastapi import BackgroundTasks, Request
from sqlalchemy import Select, bindparam, select
from starlette.types import Scope as RequestScope

from cabinet_service.accounts import queries, scopes
from cabinet_service.accounts.domain import Client, KeyInUse, KeyScope, Membership
from cabinet_service.accounts.models import Account, ApiKey, CompanyMembership, api_keys
from cabinet_service.api_ports import ApiPorts
from service_kit.api_keys import KeyWrong, ScopeMissing, SentKey
from service_kit.db import SYSTEM, ReadSession, Scope, database_now, enter
from service_kit.http.client_address import address_of, network_of
from service_kit.http.middleware import answer_headers
from service_kit.http.problems import NotSignedIn
from service_kit.tokens import ProgramToken


class _Found(NamedTuple):
    key: ApiKey
    account: Account
    membership: CompanyMembership


# A key whose account is no member any more, or whose company is gone, is none.
_FOUND: Final[Select[ApiKey, Account, CompanyMembership]] = (
    select(ApiKey, Account, CompanyMembership)
    .join(Account, Account.id == ApiKey.holder_id)
    .join(
        CompanyMembership,
        (CompanyMembership.account_id == ApiKey.holder_id)
        & (CompanyMembership.company_id == ApiKey.company_id),
    )
    .where(Account.erased_at.is_(None))
)
_BY_PUBLIC_ID: Final = _FOUND.where(ApiKey.public_id == bindparam("public_id"))
_BY_ID: Final = _FOUND.where(ApiKey.id == bindparam("id"))


class UsedKey(NamedTuple):
    """The key that came with a request, whether it opened anything or not; when, by the database's clock."""

    company_id: UUID
    key_id: UUID
    public_id: str
    at: datetime


_USED: Final = "used_key"


def used_key(request: RequestScope) -> UsedKey | None:
    """The key of a request for which `identify` found one."""
    used: UsedKey | None = request.get("state", {}).get(_USED)
    return used


@dataclass(frozen=True, slots=True)
class ProgramCall:
    """A request of a program: what it shows, and the scope that the route asks for."""

    proof: SentKey | ProgramToken
    scope: KeyScope
    request: Request
    ports: ApiPorts
    background: BackgroundTasks


async def enter_as_program(session: ReadSession, call: ProgramCall) -> Client:
    """The program that calls; the transaction enters its scope. The request is counted.

    Its row says what it may: a key that was ended, or given less, counts from the next request on, a token for
    it too. Raises KeyWrong, KeyRevoked, KeyExpired, KeyFromElsewhere, NotSignedIn, ScopeMissing and
    TooManyRequests.
    """
    key, client = await identify(session, call.proof, call.request, call.ports)
    await count_request(key, call.request, call.ports)
    assert client.key is not None  # noqa: S101 - `identify` gives programs only
    if call.scope not in client.key.scopes:
        raise ScopeMissing(scope=call.scope)
    now = await database_now(session)
    if key.use_is_stale(now):
        database, own = call.ports.backbone.database, scopes.of(client)
        call.background.add_task(api_keys.note_use, database, own, key.id, now=now)
    await enter(session, scopes.of(client))
    return client


async def count_request(key: ApiKey, request: Request, ports: ApiPorts) -> None:
    """Count one request by the key; the answer says how it stands. Raises TooManyRequests."""
    if (standing := await ports.limits.take("requests_per_key", str(key.id))) is not None:
        answer_headers(request).update(standing.headers())
        standing.check()


async def identify(
    session: ReadSession, proof: SentKey | ProgramToken, request: Request, ports: ApiPorts
) -> tuple[ApiKey, Client]:
    """Whose key it is, which `used_key` tells from now on.

    Raises as `enter_as_program`, but for the scope; wrong keys are counted by address.
    """
    if isinstance(proof, ProgramToken):
        found = await _found(session, scopes.of_account(proof.holder_id), _BY_ID, {"id": proof.key_id})
        if found is None or proof.has_expired(await database_now(session)):
            raise NotSignedIn
    else:
        # Whose it is nobody knows before it was found: nothing else is looked at in this scope.
        found = await _found(session, SYSTEM, _BY_PUBLIC_ID, {"public_id": proof.public_id})
        if found is None or not found.key.is_of(proof):
            await ports.limits.hit("wrong_keys_per_address", network_of(request))
            raise KeyWrong
    key, account, membership = found
    now = await database_now(session)
    request.scope.setdefault("state", {})[_USED] = UsedKey(key.company_id, key.id, key.public_id, now)
    found.key.check(address=address_of(request), now=now)
    granted = frozenset(KeyScope(one) for one in key.scopes)
    if isinstance(proof, ProgramToken):
        granted &= proof.scopes
    return key, Client(
        account.id,
        account.display_name,
        queries.language(account.language),
        (Membership(membership.company_id, membership.branch_id, membership.role),),
        key=KeyInUse(key.id, key.company_id, granted, key.expires_at),
        is_program=True,
    )


async def _found(
    session: ReadSession,
    scope: Scope,
    statement: Select[ApiKey, Account, CompanyMembership],
    params: dict[str, UUID | str],
) -> _Found | None:
    await enter(session, scope)
    for row in await session.execute(statement, params):
        return _Found(row[0], row[1], row[2])
    return None
