"""The tables of invitations, and of what companies agreed to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.accounts.domain import Role
from cabinet_service.consents.documents import CompanyDocument
from cabinet_service.db.base import Base
from service_kit.personal_columns import erased_otherwise, not_personal

NOTE_CHARACTERS = 80


class Invitation(Base):
    """A link by which one person becomes a member, once. Its token is worked out from `id` (`links`).

    Where it is for somebody, `contact_hash` is of their contact, made with a key of ours, and `contact_masked` is
    what is shown of it. The row is deleted a month after its end, or with who made or took it.
    """

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"))
    branch_id: Mapped[UUID | None]
    role: Mapped[Role]
    invited_by_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    note: Mapped[str | None] = mapped_column(String(NOTE_CHARACTERS), info=erased_otherwise())
    contact_masked: Mapped[str | None] = mapped_column(String(254), info=erased_otherwise())
    contact_hash: Mapped[bytes | None] = mapped_column(
        LargeBinary(32), info=erased_otherwise(is_exported=False)
    )
    token_sha256: Mapped[bytes] = mapped_column(
        LargeBinary(32), unique=True, info=not_personal(is_exported=False)
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["company_id", "branch_id"], ["branches.company_id", "branches.id"]),
        Index(None, "company_id", "created_at"),
    )

    def is_open(self, now: datetime) -> bool:
        """Whether somebody may still take it."""
        return self.accepted_at is None and self.withdrawn_at is None and now < self.expires_at


class FormerMembership(Base):
    """The person was a member: what they left under their name is found by it once their account is erased."""

    __tablename__ = "former_memberships"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("accounts.id"), primary_key=True, info=not_personal(is_exported=False)
    )
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)


class CompanyAgreement(Base):
    """A company has agreed to a version of a document, on the word of an administrator or on paper."""

    __tablename__ = "company_agreements"

    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    document: Mapped[CompanyDocument] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    account_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("accounts.id"), index=True, info=not_personal(is_exported=False)
    )
    language: Mapped[str] = mapped_column(String(2), info=not_personal())
    text_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), info=not_personal())
    agreed_at: Mapped[datetime]
