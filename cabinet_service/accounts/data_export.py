"""What clients get of their account when they take their data along."""

from collections.abc import AsyncGenerator
from uuid import UUID

from sqlalchemy import select

from cabinet_service.accounts.models import Account, AccountContact, CompanyMembership, Passkey, SignInSession
from cabinet_service.db.rows import Json, each
from service_kit.db import Session
from service_kit.forgetting import exported


async def rows(session: Session, account_id: UUID) -> AsyncGenerator[tuple[str, Json]]:
    """Each row with the kind of thing that it is."""
    yield "account", exported(await session.get_one(Account, account_id))
    async for contact in each(session, select(AccountContact).where(AccountContact.account_id == account_id)):
        yield "contacts", exported(contact)
    memberships = select(CompanyMembership).where(CompanyMembership.account_id == account_id)
    async for membership in each(session, memberships):
        yield "memberships", exported(membership)
    async for opened in each(session, select(SignInSession).where(SignInSession.holder_id == account_id)):
        yield "sessions", exported(opened)
    async for passkey in each(session, select(Passkey).where(Passkey.owner_id == account_id)):
        yield "passkeys", exported(passkey)
