"""Answers that their client does not accept."""

from uuid import UUID

from sqlalchemy import Update, update

from bpa_service.cases.core.acting import Acting
from bpa_service.cases.core.models import Case
from bpa_service.cases.disputes.models import Dispute
from service_kit.db import Session


async def answer_open(session: Session, case: Case, *, version: int) -> None:
    """That version of the answer is the reply to whatever was disputed and neither taken back nor given up."""
    await session.execute(_of_open(case).values(answered_version=version))


async def give_up(acting: Acting, case: Case) -> tuple[UUID, ...]:
    """There will be no reply to what is disputed; returns which disputes that ends."""
    ended = await acting.session.scalars(_of_open(case).values(given_up_at=acting.now).returning(Dispute.id))
    return tuple(ended)


def _of_open(case: Case) -> Update:
    open_ones = update(Dispute).where(Dispute.case_id == case.id, Dispute.answered_version.is_(None))
    return open_ones.where(Dispute.withdrawn_at.is_(None), Dispute.given_up_at.is_(None))
