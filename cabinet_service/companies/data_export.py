"""What clients get of the companies that they run, when they take their data along."""

from collections.abc import AsyncGenerator
from uuid import UUID

from sqlalchemy import select

from cabinet_service.companies.models import CompanyAgreement, Invitation
from cabinet_service.db.rows import Json, each
from service_kit.db import Session
from service_kit.forgetting import exported


async def rows(session: Session, account_id: UUID) -> AsyncGenerator[tuple[str, Json]]:
    """The invitations that they gave, and what they agreed to for a company."""
    given = select(Invitation).where(Invitation.invited_by_id == account_id)
    async for invitation in each(session, given.order_by(Invitation.created_at)):
        yield "invitations", exported(invitation)
    agreed = select(CompanyAgreement).where(CompanyAgreement.account_id == account_id)
    async for agreement in each(session, agreed.order_by(CompanyAgreement.agreed_at)):
        yield "company_agreements", exported(agreement)
