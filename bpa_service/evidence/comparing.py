"""Finding photos that came before in another file. The worker asks cabinet what new ones look like, many at once.

The old ones of before this was done are due since it is, and so come by and by in the same way.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, cast, delete, func, insert, or_, select
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.orm import InstrumentedAttribute

from bpa_service.db.tables import AUDIENCE
from bpa_service.evidence.likeness import NEAR, around, parts_of
from bpa_service.evidence.models import Evidence, PhotoHash, SimilarPhoto
from service_kit import live, locks
from service_kit.db import ReadSession, Session
from service_kit.http.peer import Peer, PeerUnavailable
from service_kit.http.problems import NotFound
from shared_schemas.rest.hashes import MOST_HASHES, HashState, PhotoHashes
from shared_schemas.rest.hashes import PhotoHash as Looks

log = structlog.get_logger(__name__)

COMPARED: Final = "case.photos_compared"
"""The kind of the live hint about a case of which a photo was found to be like one of another."""

EVERY: Final = timedelta(seconds=3)
# Of the nearest: a stock picture that a thousand adverts show says no more with each of them.
MOST_SIMILAR: Final = 20
_LOCK: Final = "photos compared"
_SOON: Final = timedelta(seconds=3)
_LATER: Final = timedelta(hours=1)

_PARTS: Final[tuple[InstrumentedAttribute[int], ...]] = (
    PhotoHash.part_0,
    PhotoHash.part_1,
    PhotoHash.part_2,
    PhotoHash.part_3,
    PhotoHash.part_4,
    PhotoHash.part_5,
    PhotoHash.part_6,
    PhotoHash.part_7,
)


async def compare(session: Session, now: datetime, *, peer: Peer) -> bool:
    """Compare the photos that are due with all others. Returns whether there may be more.

    One worker at a time does: two photos that are hashed at once would not see each other.
    """
    if not await locks.hold_if_free(session, _LOCK):
        return False
    # Locked, so that none is erased while cabinet is asked.
    found = await session.scalars(
        select(Evidence)
        .where(Evidence.hash_due_at <= now)
        .order_by(Evidence.hash_due_at)
        .limit(MOST_HASHES)
        .with_for_update(skip_locked=True)
    )
    due = found.all()
    if not due:
        return False
    asked = "&".join(f"evidence_id={row.id}" for row in due)
    try:
        told = await peer.get(f"/internal/v1/evidence/hashes?{asked}", PhotoHashes)
    except (PeerUnavailable, NotFound) as error:
        log.warning("photos_not_compared", photos=len(due), error=repr(error))
        return False
    looks = {one.evidence_id: one for one in told.hashes}
    found_in: set[UUID] = set()
    for row in due:
        found_in |= await _settle(session, row, looks.get(row.id), now)
    for case_id in found_in:
        live.announce(session, audience=AUDIENCE, kind=COMPARED, subject_id=case_id)
    return len(due) == MOST_HASHES


async def _settle(session: Session, row: Evidence, looks: Looks | None, now: datetime) -> set[UUID]:
    """Compare one photo; returns the cases of which more is known by it."""
    if looks is not None and looks.state is HashState.AWAITED:
        # Most previews are there in seconds. What is long in coming is asked for ever less often.
        row.hash_due_at = now + min(max(_SOON, (now - row.received_at) / 2), _LATER)
        return set()
    row.hash_due_at = None
    await _forget(session, Evidence.id == row.id)
    if looks is None or looks.bits is None:
        return set()
    parts = parts_of(looks.bits)
    similar = await nearest(session, row.case_id, parts)
    values = {column.key: part for column, part in zip(_PARTS, parts, strict=True)}
    await session.execute(insert(PhotoHash).values(evidence_id=row.id, case_id=row.case_id, **values))
    if not similar:
        return set()
    pairs: list[dict[str, Any]] = []
    for other_id, other_case_id, apart in similar:
        pairs += [
            {"evidence_id": row.id, "other_id": other_id, "case_id": row.case_id, "distance": apart},
            {"evidence_id": other_id, "other_id": row.id, "case_id": other_case_id, "distance": apart},
        ]
    await session.execute(insert(SimilarPhoto).values(pairs))
    return {row.case_id, *(of for _, of, _ in similar)}


async def nearest(
    session: ReadSession, case_id: UUID, parts: Sequence[int]
) -> Sequence[tuple[UUID, UUID, int]]:
    """The photos of other cases that look like this hash: id, case, bits that differ. MOST_SIMILAR at most."""
    pairs = list(zip(_PARTS, parts, strict=True))
    apart: ColumnElement[int] = sum(
        (
            func.bit_count(cast(column.op("#")(part), BIT(16)), type_=PhotoHash.part_0.type)
            for column, part in pairs[1:]
        ),
        start=func.bit_count(cast(pairs[0][0].op("#")(pairs[0][1]), BIT(16)), type_=PhotoHash.part_0.type),
    )
    found = await session.execute(
        select(PhotoHash.evidence_id, PhotoHash.case_id, apart)
        .where(
            or_(*(column.in_(around(part)) for column, part in pairs)),
            PhotoHash.case_id != case_id,
            apart <= NEAR,
        )
        .order_by(apart, PhotoHash.evidence_id)
        .limit(MOST_SIMILAR)
    )
    return [(evidence_id, of, distance) for evidence_id, of, distance in found]


async def forget_looks(session: Session, case_id: UUID) -> None:
    """Forget what the photos of a case look like, and which others look like them."""
    await _forget(session, Evidence.case_id == case_id)


async def _forget(session: Session, of: ColumnElement[bool]) -> None:
    theirs = select(Evidence.id).where(of).scalar_subquery()
    await session.execute(delete(PhotoHash).where(PhotoHash.evidence_id.in_(theirs)))
    await session.execute(
        delete(SimilarPhoto).where(
            or_(SimilarPhoto.evidence_id.in_(theirs), SimilarPhoto.other_id.in_(theirs))
        )
    )
