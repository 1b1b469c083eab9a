"""Making keys of a company, renewing and ending them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cabinet_service.accounts import queries as accounts
from cabinet_service.accounts import service as accounts_service
from cabinet_service.accounts.domain import OF_WHOLE_COMPANIES, Client
from cabinet_service.accounts.models import ApiKey, api_keys
from cabinet_service.audit import actors
from cabinet_service.audit.actors import Actor
from cabinet_service.companies import ordering
from cabinet_service.companies import queries as companies
from cabinet_service.inspections.yard.revoking import revoke_given_by_key
from cabinet_service.keys import queries
from cabinet_service.keys.errors import KeyNameTaken, ScopeOfWholeCompany, TooManyKeysOfCompany
from cabinet_service.keys.schemas import ApiKeyIn
from service_kit import audit
from service_kit.api_keys import MOST_LIVE, Issued, KeyForm, KeyRevoked, TooManyKeys
from service_kit.db import SYSTEM, ReadSession, Session, enter
from service_kit.http.problems import NotFound

MOST_OF_COMPANY: Final = 100


@dataclass(frozen=True, slots=True)
class Managing:
    """An admin of a company at work on its keys."""

    session: Session
    now: datetime
    client: Client
    company_id: UUID
    form: KeyForm

    def record(self, act: str, key: ApiKey) -> None:
        _record(self.session, act, key, by=actors.client(self.client.account_id), now=self.now)


async def make(managing: Managing, wanted: ApiKeyIn) -> Issued[ApiKey]:
    """A key of a program that is new, with an account of its own.

    Raises ScopeOfWholeCompany; as `companies.lock_for`, NotFound for a branch that is none of the company's,
    BranchClosed, KeyNameTaken and TooManyKeysOfCompany.
    """
    if wanted.branch_id is not None and (whole := OF_WHOLE_COMPANIES.intersection(wanted.scopes)):
        raise ScopeOfWholeCompany(scope=min(whole))
    session, now, company_id = managing.session, managing.now, managing.company_id
    await _lock(managing)
    await _check_room(managing)
    await ordering.check_place(session, company_id, wanted.branch_id)
    if await queries.is_name_taken(session, company_id, wanted.name, now=now):
        raise KeyNameTaken(name=wanted.name)
    made_by = await _name(session, managing.client)
    # What it is to act as is nobody's whom this transaction works for.
    await enter(session, SYSTEM)
    account = await accounts_service.open_account_of_program(
        session,
        wanted.name,
        company_id,
        branch_id=wanted.branch_id,
        language=managing.client.language,
        by=actors.client(managing.client.account_id),
        now=now,
    )
    issued = api_keys.issue(
        session,
        managing.form,
        account.id,
        name=wanted.name,
        scopes=wanted.scopes,
        networks=wanted.networks,
        length=timedelta(days=wanted.days),
        now=now,
        company_id=company_id,
        branch_id=wanted.branch_id,
        made_by_id=managing.client.account_id,
        made_by_name=made_by,
    )
    managing.record("api_key_made", issued.row)
    return issued


async def renew(managing: Managing, key_id: UUID) -> Issued[ApiKey]:
    """The next key of a program: it may what this one may, for as long, and this one goes on until it is ended.

    Raises as `companies.lock_for`, NotFound, KeyRevoked, BranchClosed, TooManyKeys and TooManyKeysOfCompany.
    """
    session, now = managing.session, managing.now
    await _lock(managing)
    await _check_room(managing)
    key = await _one(managing, key_id)
    if key.revoked_at is not None:
        raise KeyRevoked
    await ordering.check_place(session, key.company_id, key.branch_id)
    if len(await api_keys.live(session, key.holder_id, now=now)) >= MOST_LIVE:
        raise TooManyKeys(most=MOST_LIVE)
    issued = api_keys.issue(
        session,
        managing.form,
        key.holder_id,
        name=key.name,
        scopes=key.scopes,
        networks=key.networks,
        length=key.expires_at - key.created_at,
        now=now,
        company_id=key.company_id,
        branch_id=key.branch_id,
        made_by_id=managing.client.account_id,
        made_by_name=await _name(session, managing.client),
    )
    managing.record("api_key_renewed", issued.row)
    return issued


async def revoke(managing: Managing, key_id: UUID) -> None:
    """The key opens nothing from the next request on, nor do the links that it gave. Again it changes nothing.

    Raises NotFound, or as `companies.lock_for`.
    """
    await _lock(managing)
    key = await _one(managing, key_id)
    if key.revoked_at is None:
        key.revoked_at = managing.now
        await revoke_given_by_key(managing.session, key_id, now=managing.now)
        managing.record("api_key_revoked", key)


async def revoke_all(session: Session, company_id: UUID, *, by: Actor, now: datetime) -> None:
    """No key of the company opens anything from the next request on, nor do the links that they gave."""
    for key in await queries.live(session, company_id, now=now):
        key.revoked_at = now
        await revoke_given_by_key(session, key.id, now=now)
        _record(session, "api_key_revoked", key, by=by, now=now)


async def _one(managing: Managing, key_id: UUID) -> ApiKey:
    key = await managing.session.get(ApiKey, key_id, lock=True)
    if key is None or key.company_id != managing.company_id:
        raise NotFound
    return key


async def _lock(managing: Managing) -> None:
    """Of two who make a key of a company at once the second sees what the first has made."""
    by = actors.client(managing.client.account_id)
    await companies.lock_for(managing.session, managing.company_id, by=by)


async def _check_room(managing: Managing) -> None:
    live = await queries.count_live(managing.session, managing.company_id, now=managing.now)
    if live >= MOST_OF_COMPANY:
        raise TooManyKeysOfCompany(most=MOST_OF_COMPANY)


async def _name(session: ReadSession, client: Client) -> str | None:
    """What colleagues know the client by."""
    if client.display_name is not None:
        return client.display_name
    contacts = await accounts.contacts_of(session, client.account_id)
    return contacts[0].masked if contacts else None


def _record(session: Session, act: str, key: ApiKey, *, by: Actor, now: datetime) -> None:
    details = {"key_id": key.id, "public_id": key.public_id, "name": key.name}
    audit.record(session, act, by=by, now=now, subject_id=key.company_id, details=details)
