"""Tokens end with what they stand for: the access of their expert, and the role that it was given in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, update

from bpa_service.experts.tokens.models import ExpertToken
from service_kit.db import Session


async def end_all(session: Session, person_id: UUID) -> None:
    """No token of theirs opens anything from the next request on. The transaction works for the service."""
    token = ExpertToken
    of_them = update(token).where(token.holder_id == person_id, token.revoked_at.is_(None))
    await session.execute(of_them.values(revoked_at=func.transaction_timestamp()))


async def end_made_before(session: Session, instant: datetime) -> int:
    """End all that work and were made before the instant, whosever they are; how many there were."""
    token, now = ExpertToken, func.transaction_timestamp()
    live = (token.created_at < instant, token.revoked_at.is_(None), token.expires_at > now)
    ended = await session.scalars(update(token).where(*live).values(revoked_at=now).returning(token.id))
    return len(ended.all())
