"""Ending links by what they were given by. It loads nothing of the API: an erasure ends keys, and their links."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from cabinet_service.inspections.yard.models import YardLink
from service_kit.db import Session


async def revoke_given_by_key(session: Session, key_id: UUID, *, now: datetime) -> None:
    """The links that a program gave by that key open nothing from now on."""
    given = update(YardLink).where(YardLink.key_id == key_id, YardLink.revoked_at.is_(None))
    await session.execute(given.values(revoked_at=now))
