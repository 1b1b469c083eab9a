"""Reads of what somebody put off, and of the views that they keep."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from bpa_service.cases.arranging.models import KeptView, Snooze
from service_kit.db import ReadSession


async def snoozed(session: ReadSession, expert_id: UUID, now: datetime) -> Sequence[Snooze]:
    """What they put off and what has not come back yet, the first that comes back first."""
    lasting = select(Snooze).where(Snooze.expert_id == expert_id, Snooze.until > now)
    return (await session.scalars(lasting.order_by(Snooze.until, Snooze.case_id))).all()


async def kept_views(session: ReadSession, expert_id: UUID) -> Sequence[KeptView]:
    """The views that they keep, the oldest first."""
    theirs = select(KeptView).where(KeptView.expert_id == expert_id)
    return (await session.scalars(theirs.order_by(KeptView.saved_at, KeptView.name))).all()


def is_snoozed(case_id: ColumnElement[UUID], expert_id: UUID, now: datetime) -> ColumnElement[bool]:
    """Whether they put that case off."""
    put_off = select(Snooze.case_id).where(
        Snooze.case_id == case_id, Snooze.expert_id == expert_id, Snooze.until > now
    )
    return put_off.exists()
