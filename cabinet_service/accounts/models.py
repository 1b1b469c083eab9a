"""Tables of accounts, sign-in, companies and members."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.accounts.domain import AtLimit, ContactKind, Role
from cabinet_service.db.base import Base
from service_kit.api_keys import KeyColumns, Keys
from service_kit.passkeys import Passkeys
from service_kit.passkeys.tables import PasskeyChallengeColumns, PasskeyColumns
from service_kit.personal_columns import erased_otherwise, not_personal, personal, personal_name
from service_kit.sessions import SessionColumns, Sessions


class Account(Base):
    """A person. `language` is `ru` or `en`. Of one that is erased the row stays, for others refer to it."""

    __tablename__ = "accounts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    display_name: Mapped[str | None] = mapped_column(String(200), info=personal())
    language: Mapped[str] = mapped_column(String(2), info=not_personal())
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]


class AccountContact(Base):
    """How a person is reached and signs in. Nobody is written to before `verified_at`."""

    __tablename__ = "account_contacts"

    kind: Mapped[ContactKind] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(String(254), primary_key=True, info=erased_otherwise())
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts.id"), index=True, info=not_personal(is_exported=False)
    )
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SignInChallenge(Base):
    """A code was asked for. The code itself is stored nowhere: `domain.code_of` works it out.

    With `account_id` it adds the contact to that account, and lets nobody in. One that was used up from the first
    keeps a contact that was taken away, which is still to be told so.
    """

    __tablename__ = "sign_in_challenges"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    contact_kind: Mapped[ContactKind]
    contact_value: Mapped[str] = mapped_column(String(254), info=erased_otherwise(is_exported=False))
    account_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts.id"), info=not_personal(is_exported=False)
    )
    wrong_tries: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    consumed_at: Mapped[datetime | None]


class SignInSession(SessionColumns, Base):
    """A signed-in device of a client."""

    __tablename__ = "sessions"

    holder_id: Mapped[UUID] = mapped_column(
        "account_id", ForeignKey("accounts.id"), index=True, info=not_personal(is_exported=False)
    )


sign_ins: Final = Sessions(SignInSession)


class Passkey(PasskeyColumns, Base):
    __tablename__ = "passkeys"

    owner_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts.id"), index=True, info=not_personal(is_exported=False)
    )


class PasskeyChallenge(PasskeyChallengeColumns, Base):
    __tablename__ = "passkey_challenges"


passkeys: Final = Passkeys(Passkey, PasskeyChallenge)


class ApiKey(KeyColumns, Base):
    """What a program of a company calls with. It acts as an account of its own, which has no contact.

    Keys of one account follow each other: the newer one is there before the older one is ended. `made_by_name` is
    what whoever made it was called, or the masked contact that they sign in with.
    """

    __tablename__ = "api_keys"

    holder_id: Mapped[UUID] = mapped_column(
        "account_id", ForeignKey("accounts.id"), index=True, info=not_personal(is_exported=False)
    )
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"), index=True)
    branch_id: Mapped[UUID | None]
    made_by_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    made_by_name: Mapped[str | None] = mapped_column(
        String(254), info=personal_name(of="made_by_id", is_exported=False)
    )

    __table_args__ = (
        ForeignKeyConstraint(["company_id", "branch_id"], ["branches.company_id", "branches.id"]),
    )


api_keys: Final = Keys(ApiKey)


class _Limited:
    """How many checks a month may be ordered, if that is limited, and what becomes of one more."""

    monthly_limit: Mapped[int | None] = mapped_column(Integer)
    at_limit: Mapped[AtLimit] = mapped_column(default=AtLimit.REFUSE, server_default=AtLimit.REFUSE)


class Company(_Limited, Base):
    """A partner: a dealer, a bank, a marketplace. Its limit is of all its branches together."""

    __tablename__ = "companies"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), info=not_personal())
    created_at: Mapped[datetime]


class Branch(_Limited, Base):
    """A part of a company. One with `closed_at` keeps its past, and nothing is ordered for it any more."""

    __tablename__ = "branches"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"))
    name: Mapped[str] = mapped_column(String(200), info=not_personal())
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    # The pair is what memberships refer to, so that nobody is in a branch of another company.
    __table_args__ = (UniqueConstraint("company_id", "id"),)


class CompanyMembership(Base):
    """What a person is in a company."""

    __tablename__ = "memberships"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts.id"), primary_key=True, info=not_personal(is_exported=False)
    )
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    branch_id: Mapped[UUID | None]
    role: Mapped[Role]
    created_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["company_id", "branch_id"], ["branches.company_id", "branches.id"]),
        CheckConstraint("branch_id IS NOT NULL OR role <> 'partner_agent'", name="agent_has_branch"),
        Index(None, "company_id"),
    )
