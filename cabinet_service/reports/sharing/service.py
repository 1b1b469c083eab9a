"""Giving links out, ending them, and what becomes of them with time."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from cabinet_service.audit import actors
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.reports.sharing import codes, links, queries
from cabinet_service.reports.sharing.errors import TooManyShares
from cabinet_service.reports.sharing.models import ReportShare, ShareView
from cabinet_service.reports.sharing.schemas import ShareIn
from cabinet_service.reports.subjects import Subject
from service_kit import audit
from service_kit.db import Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from service_kit.link_tokens import hash_of
from service_kit.signing import KeyRing

MOST_LIVE: Final = 20
VIEWS_KEPT_FOR: Final = timedelta(days=30)
FORGOTTEN_AT_ONCE: Final = 200


async def share(acting: ClientActing, subject: Subject, wanted: ShareIn, *, keys: KeyRing) -> ReportShare:
    """A new link to the reports of a subject that has one, and that the client sees. Raises TooManyShares."""
    share_id = new_id()
    # Before anything is locked: it takes its time.
    code_hash = await codes.hashed(share_id, wanted.code, keys) if wanted.code else None
    await subject.locked(acting.session, now=acting.now)
    if await queries.count_live(acting.session, subject, now=acting.now) >= MOST_LIVE:
        raise TooManyShares(most=MOST_LIVE)
    made = ReportShare(
        id=share_id,
        inspection_id=subject.inspection_id,
        history_id=subject.history_id,
        account_id=acting.client.account_id,
        token_sha256=hash_of(links.TOKENS.new(share_id, keys)),
        label=wanted.label,
        reader=wanted.reader,
        language=wanted.language,
        photos=wanted.scope.photos,
        history=wanted.scope.history,
        code_hash=code_hash,
        code_misses=0,
        shown=[],
        views=0,
        created_at=acting.now,
        expires_at=acting.now + timedelta(days=wanted.days),
    )
    acting.session.add(made)
    _record(acting, "report_shared", made)
    return made


async def revoke(acting: ClientActing, subject: Subject, share_id: UUID) -> None:
    """The link shows nothing from now on. Said again it changes nothing. Raises NotFound."""
    ended = await acting.session.get(ReportShare, share_id, lock=True)
    if ended is None or ended.subject != subject:
        raise NotFound
    if ended.is_live(acting.now):
        ended.revoked_at = acting.now
        _record(acting, "report_share_revoked", ended)


def _record(acting: ClientActing, act: str, share: ReportShare) -> None:
    by = actors.client(acting.client.account_id)
    details = {"share_id": share.id}
    audit.record(acting.session, act, by=by, now=acting.now, subject_id=share.subject.id, details=details)


async def forget_old(session: Session, now: datetime) -> bool:
    """Who opened a link is forgotten a month after its end. Returns whether there may be more."""
    over = (
        select(ShareView.share_id)
        .join(ReportShare, ReportShare.id == ShareView.share_id)
        .where(ReportShare.expires_at < now - VIEWS_KEPT_FOR)
        .distinct()
        .limit(FORGOTTEN_AT_ONCE)
    )
    ids = (await session.scalars(over)).all()
    await session.execute(delete(ShareView).where(ShareView.share_id.in_(ids)))
    return len(ids) == FORGOTTEN_AT_ONCE


async def forget_views(session: Session, subject: Subject) -> None:
    """Of an order that is erased nobody knows any more who has opened its links."""
    of_it = select(ReportShare.id).where(subject.rows(ReportShare))
    await session.execute(delete(ShareView).where(ShareView.share_id.in_(of_it.scalar_subquery())))
