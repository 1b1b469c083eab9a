"""Reads of the mirrored references."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, any_, bindparam, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import LateralFromClause

from bpa_service.evidence.models import Evidence, PhotoHash, SimilarPhoto
from service_kit.db import ReadSession
from shared_schemas.evidence import EvidenceRef
from shared_schemas.personal import ERASED
from shared_schemas.words import CapturedAtSource, Original, Shot

FIRST: Final = 3
"""How many photos a row shows."""
MOST_SEEN: Final = 100


async def of_case(session: ReadSession, case_id: UUID) -> Sequence[EvidenceRef]:
    """All evidence of a case in the order in which it was received."""
    rows = await session.scalars(
        select(Evidence).where(Evidence.case_id == case_id).order_by(Evidence.received_at, Evidence.id)
    )
    return [
        EvidenceRef(
            evidence_id=row.id,
            shot=Shot(row.shot),
            sha256=row.sha256,
            media_type=row.media_type,
            size_bytes=row.size_bytes,
            width=row.width,
            height=row.height,
            captured_at=row.captured_at,
            received_at=row.received_at,
            info_task_id=row.info_task_id,
            original=Original(row.original),
            captured_at_source=CapturedAtSource(row.captured_at_source),
            by_link=row.by_link,
        )
        for row in rows
    ]


async def shots_on(session: ReadSession, evidence_ids: Collection[UUID]) -> dict[UUID, Shot]:
    """What kind of marking each of these photos shows."""
    rows = await session.fetch(
        "SELECT id, shot FROM evidence WHERE id = ANY ($1::uuid[])", list(evidence_ids)
    )
    return {row["id"]: Shot(row["shot"]) for row in rows}


async def shots_of(session: ReadSession, case_id: UUID) -> set[Shot]:
    """What kinds of marking the photos of a case show."""
    found = await session.scalars(select(Evidence.shot).where(Evidence.case_id == case_id).distinct())
    return {Shot(shot) for shot in found}


async def shot_of(session: ReadSession, case_id: UUID, evidence_id: UUID) -> Shot | None:
    """What kind of marking a photo of the case shows; None if it is not one of the case."""
    photo = await session.get(Evidence, evidence_id)
    return Shot(photo.shot) if photo is not None and photo.case_id == case_id else None


async def foreign_to(session: ReadSession, case_id: UUID, evidence_ids: Collection[UUID]) -> set[UUID]:
    """Which of these ids are not evidence of the case."""
    own = await session.scalars(
        select(Evidence.id).where(Evidence.case_id == case_id, Evidence.id.in_(evidence_ids))
    )
    return set(evidence_ids) - set(own)


class SamePhoto(NamedTuple):
    """A photo of a case that another case has, too, byte by byte."""

    evidence_id: UUID
    case_id: UUID
    other_id: UUID
    other_shot: Shot


async def seen_in_others(session: ReadSession, case_id: UUID) -> list[SamePhoto]:
    """The photos of a case that others have, at most MOST_SEEN, the newest first.

    Of a photo whose original is awaited there is only the client's word for what it will be.
    """
    found = await session.execute(_same_files(), {"case_id": case_id})
    return [SamePhoto(mine, of, other_id, Shot(shot)) for mine, of, other_id, shot in found]


# What is asked whenever somebody looks at a case is built once: that takes longer than running it.
@cache
def _same_files() -> Select[*tuple[Any, ...]]:
    other = aliased(Evidence)
    return (
        select(Evidence.id, other.case_id, other.id, other.shot)
        .where(
            Evidence.case_id == bindparam("case_id", type_=Evidence.case_id.type),
            Evidence.original == Original.HELD,
            Evidence.sha256 != ERASED,
            other.sha256 == Evidence.sha256,
            other.original == Original.HELD,
            other.case_id != Evidence.case_id,
        )
        .order_by(other.received_at.desc(), other.id)
        .limit(MOST_SEEN)
    )


class Similar(NamedTuple):
    """A photo of a case that looks like one of another case."""

    evidence_id: UUID
    case_id: UUID
    other_id: UUID
    other_shot: Shot


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing the photos of a case with all others: those `found`, the most alike first.

    `is_over` once all were compared; `hashed` is how many of them could be.
    """

    found: Sequence[Similar]
    is_over: bool
    hashed: int


async def similar_in_others(session: ReadSession, case_id: UUID) -> Compared:
    """The photos of other cases that look like those of this one, at most MOST_SEEN."""
    rows = await session.execute(_alike(), {"case_id": case_id})
    found: list[Similar] = []
    hashed: set[UUID] = set()
    is_over = True
    for mine, is_compared, has_hash, is_similar, of, other_id, shot in rows:
        is_over = is_over and is_compared
        if has_hash:
            hashed.add(mine)
        if is_similar and len(found) < MOST_SEEN:
            found.append(Similar(mine, of, other_id, Shot(shot)))
    return Compared(found, is_over, len(hashed))


@cache
def _alike() -> Select[*tuple[Any, ...]]:
    other = aliased(Evidence)
    return (
        select(
            Evidence.id,
            Evidence.hash_due_at.is_(None),
            PhotoHash.evidence_id.is_not(None),
            SimilarPhoto.other_id.is_not(None),
            other.case_id,
            other.id,
            other.shot,
        )
        .outerjoin(PhotoHash, PhotoHash.evidence_id == Evidence.id)
        .outerjoin(SimilarPhoto, SimilarPhoto.evidence_id == Evidence.id)
        .outerjoin(other, other.id == SimilarPhoto.other_id)
        .where(Evidence.case_id == bindparam("case_id", type_=Evidence.case_id.type))
        .order_by(SimilarPhoto.distance, other.received_at.desc(), other.id)
    )


async def any_awaited(session: ReadSession, evidence_ids: Collection[UUID]) -> bool:
    """Whether of one of these only a copy is there."""
    awaited = exists().where(Evidence.id.in_(evidence_ids), Evidence.original == Original.AWAITED)
    return bool(evidence_ids) and bool(await session.scalar(select(awaited)))


def first_of(case_id: ColumnElement[UUID]) -> LateralFromClause:
    """The FIRST photos of a case in the order in which they came, beside each row of a SELECT that has its id:
    `photo_ids` and `shots`, null where there are none.
    """
    first = (
        select(Evidence.id, Evidence.shot, Evidence.received_at)
        .where(Evidence.case_id == case_id)
        .order_by(Evidence.received_at, Evidence.id)
        .limit(FIRST)
        .correlate_except(Evidence)
        .subquery("first")
    )
    order = (first.c.received_at, first.c.id)
    return select(
        func.array_agg(aggregate_order_by(first.c.id, *order)).label("photo_ids"),
        func.array_agg(aggregate_order_by(first.c.shot, *order)).label("shots"),
    ).lateral("shown")


def seen_elsewhere(case_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether another case has a photo of this one, byte by byte, for a SELECT that has its id.

    Of a photo whose original is awaited there is only the client's word for what it will be.
    """
    own, other = aliased(Evidence), aliased(Evidence)
    digests = (
        select(own.sha256)
        .where(own.case_id == case_id, own.original == Original.HELD)
        .correlate_except(own)
        .scalar_subquery()
    )
    # Counted, and not asked whether there is one: that would be looked up among all photos at once, for any page.
    # An array, and no join: where many cases have one photo, the first pair of all photos would be looked for.
    one = (
        select(other.id)
        .where(
            other.sha256 == any_(func.array(digests, type_=ARRAY(String))),
            other.original == Original.HELD,
            other.case_id != case_id,
        )
        .limit(1)
        .correlate_except(own, other)
        .subquery("elsewhere")
    )
    return select(func.count()).select_from(one).correlate_except(one).scalar_subquery() > 0


def similar_elsewhere(case_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether another case has a photo that looks like one of this one, for a SELECT that has its id."""
    one = select(SimilarPhoto.evidence_id).where(SimilarPhoto.case_id == case_id).limit(1)
    return (
        select(func.count())
        .select_from(one.correlate_except(SimilarPhoto).subquery("similar"))
        .scalar_subquery()
        > 0
    )
