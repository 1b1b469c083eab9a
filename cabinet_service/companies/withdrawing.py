"""Invitations that end because of something else: who made them, the branch that they lead to, or time."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, update

from cabinet_service.companies.models import FormerMembership, Invitation
from service_kit import pruning
from service_kit.db import Session

KEPT_FOR: Final = timedelta(days=30)


async def withdraw_of(
    session: Session, account_id: UUID, *, company_id: UUID | None = None, now: datetime
) -> None:
    """What the person invited by ends, in one company or in all: they speak for it no more."""
    theirs = [Invitation.invited_by_id == account_id]
    if company_id is not None:
        theirs.append(Invitation.company_id == company_id)
    await _end(session, *theirs, now=now)


async def withdraw_of_branch(session: Session, branch_id: UUID, *, now: datetime) -> None:
    """Nobody comes into the branch by an invitation any more."""
    await _end(session, Invitation.branch_id == branch_id, now=now)


async def _end(session: Session, *which: ColumnElement[bool], now: datetime) -> None:
    await session.execute(
        update(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), *which)
        .values(withdrawn_at=now)
    )


async def forget_old(session: Session, now: datetime) -> bool:
    """Forget invitations a month after their end; whether there may be more."""
    return await pruning.prune(session, Invitation, Invitation.expires_at < now - KEPT_FOR)


async def erase(session: Session, account_id: UUID) -> None:
    """Forget the invitations that the person made or took, and where they worked."""
    theirs = or_(Invitation.invited_by_id == account_id, Invitation.accepted_by_id == account_id)
    await session.execute(delete(Invitation).where(theirs))
    await session.execute(delete(FormerMembership).where(FormerMembership.account_id == account_id))
