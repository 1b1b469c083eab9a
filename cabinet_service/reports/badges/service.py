"""Making badges, and ending them."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from cabinet_service.audit import actors
from cabinet_service.inspections.core.acting import ClientActing
from cabinet_service.reports.badges import links, queries, reading
from cabinet_service.reports.badges.errors import BadgeNotPossible
from cabinet_service.reports.badges.models import ReportBadge
from cabinet_service.reports.subjects import Subject
from service_kit import audit
from service_kit.ids import new_id
from service_kit.link_tokens import hash_of
from service_kit.signing import KeyRing

WORKS_FOR: Final = timedelta(days=90)


async def make(acting: ClientActing, inspection_id: UUID, *, keys: KeyRing) -> ReportBadge:
    """The badge of an inspection that the client sees; one that is there works for the whole time again.

    Raises BadgeNotPossible.
    """
    session, subject = acting.session, Subject(inspection_id)
    await subject.locked(session, now=acting.now)
    if await reading.told_of(session, subject) is None:
        raise BadgeNotPossible
    expires_at = acting.now + WORKS_FOR
    if (there := await queries.standing(session, inspection_id)) is not None:
        there.expires_at = expires_at
        _record(acting, "badge_prolonged", there)
        return there
    badge_id = new_id()
    made = ReportBadge(
        id=badge_id,
        inspection_id=inspection_id,
        account_id=acting.client.account_id,
        token_sha256=hash_of(links.TOKENS.new(badge_id, keys)),
        created_at=acting.now,
        expires_at=expires_at,
    )
    acting.session.add(made)
    _record(acting, "badge_made", made)
    return made


async def revoke(acting: ClientActing, inspection_id: UUID) -> None:
    """The badge tells of nothing from now on. Said again it changes nothing."""
    await Subject(inspection_id).locked(acting.session, now=acting.now)
    if (there := await queries.standing(acting.session, inspection_id)) is not None:
        there.revoked_at = acting.now
        _record(acting, "badge_revoked", there)


def _record(acting: ClientActing, act: str, badge: ReportBadge) -> None:
    by, details = actors.client(acting.client.account_id), {"badge_id": badge.id}
    audit.record(acting.session, act, by=by, now=acting.now, subject_id=badge.inspection_id, details=details)
