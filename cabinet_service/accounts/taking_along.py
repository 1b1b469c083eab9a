"""What clients get of their account when they take their data along."""

from collections.abc import AsyncGenerator
from uuid import UUID

from sqlalchemy import select

from cabinet_service.accounts.models import Account, AccountContact, CompanyMembership, Passkey, SignInSession
from cabinet_service.db.rows import Json, each, plain
from service_kit.db import Session


async def rows(session: Session, account_id: UUID) -> AsyncGenerator[tuple[str, Json]]:
    """Each row with the kind of thing that it is."""
    yield "account", plain(await session.get_one(Account, account_id))
    async for contact in each(session, select(AccountContact).where(AccountContact.account_id == account_id)):
        yield "contacts", plain(contact, without={"account_id"})
    memberships = select(CompanyMembership).where(CompanyMembership.account_id == account_id)
    async for membership in each(session, memberships):
        yield "memberships", plain(membership, without={"account_id"})
    async for opened in each(session, select(SignInSession).where(SignInSession.account_id == account_id)):
        yield "sessions", plain(opened, without={"account_id", "generation"})
    async for passkey in each(session, select(Passkey).where(Passkey.owner_id == account_id)):
        technical = {"owner_id", "credential_id", "public_key", "sign_count"}
        yield "passkeys", plain(passkey, without=technical)
