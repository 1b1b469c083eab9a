"""Reads of links. Whoever calls has made sure that the order is theirs to see."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from cabinet_service.reports.sharing.models import ReportShare, ShareView
from cabinet_service.reports.subjects import Subject
from service_kit.db import ReadSession

MOST_LISTED: Final = 100


async def shares(session: ReadSession, subject: Subject) -> Sequence[ReportShare]:
    """The links to the reports of a subject, the youngest first."""
    rows = await session.scalars(
        select(ReportShare)
        .where(subject.rows(ReportShare))
        .order_by(ReportShare.created_at.desc(), ReportShare.id.desc())
        .limit(MOST_LISTED)
    )
    return rows.all()


async def browsers_of(session: ReadSession, ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many browsers have opened each of these links, of those that are kept."""
    rows = await session.execute(
        select(ShareView.share_id, func.count(ShareView.browser.distinct()))
        .where(ShareView.share_id.in_(ids))
        .group_by(ShareView.share_id)
    )
    return {row[0]: row[1] for row in rows}


async def count_live(session: ReadSession, subject: Subject, *, now: datetime) -> int:
    """How many links to its reports work."""
    live = select(func.count()).where(
        subject.rows(ReportShare),
        ReportShare.revoked_at.is_(None),
        ReportShare.expires_at > now,
    )
    return await session.scalar(live) or 0


async def by_token(session: ReadSession, token_sha256: bytes) -> ReportShare | None:
    """The link of that token, whatever became of it."""
    return await session.scalar(select(ReportShare).where(ReportShare.token_sha256 == token_sha256))


async def read_before(session: ReadSession, share_id: UUID, browser: bytes, version: int) -> int | None:
    """The newest version before this one that this browser has read by the link; None if there is none."""
    return await session.scalar(
        select(func.max(ShareView.version)).where(
            ShareView.share_id == share_id, ShareView.browser == browser, ShareView.version < version
        )
    )
