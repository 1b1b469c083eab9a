"""Reads of a company's keys."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from cabinet_service.accounts.models import ApiKey
from service_kit.db import ReadSession

ENDED_SHOWN_FOR: Final = timedelta(days=90)
MOST_LISTED: Final = 200


async def listed(session: ReadSession, company_id: UUID, *, now: datetime) -> Sequence[ApiKey]:
    """The keys of a company, those that work first, the youngest first; ended ones for some months."""
    recently = now - ENDED_SHOWN_FOR
    rows = await session.scalars(
        select(ApiKey)
        .where(
            ApiKey.company_id == company_id,
            ApiKey.expires_at > recently,
            or_(ApiKey.revoked_at.is_(None), ApiKey.revoked_at > recently),
        )
        .order_by(_live(now).desc(), ApiKey.created_at.desc(), ApiKey.id.desc())
        .limit(MOST_LISTED)
    )
    return rows.all()


async def count_live(session: ReadSession, company_id: UUID, *, now: datetime) -> int:
    """How many keys of the company work."""
    live = select(func.count()).where(ApiKey.company_id == company_id, _live(now))
    return await session.scalar(live) or 0


async def live(session: ReadSession, company_id: UUID, *, now: datetime) -> Sequence[ApiKey]:
    """The keys of the company that work."""
    return (await session.scalars(select(ApiKey).where(ApiKey.company_id == company_id, _live(now)))).all()


async def is_name_taken(session: ReadSession, company_id: UUID, name: str, *, now: datetime) -> bool:
    """Whether a key of the company that works is called so."""
    called = func.lower(ApiKey.name) == name.lower()
    found = select(ApiKey.id).where(ApiKey.company_id == company_id, called, _live(now)).limit(1)
    return await session.scalar(found) is not None


def _live(now: datetime) -> ColumnElement[bool]:
    return and_(ApiKey.revoked_at.is_(None), ApiKey.expires_at > now)
