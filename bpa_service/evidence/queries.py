"""Reads of the mirrored references."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import exists, select

from bpa_service.evidence.models import Evidence
from service_kit.db import ReadSession
from shared_schemas.evidence import EvidenceRef
from shared_schemas.words import CapturedAtSource, Original, Shot


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
        )
        for row in rows
    ]


async def shots_of(session: ReadSession, case_id: UUID) -> set[Shot]:
    """What kinds of marking the photos of a case show."""
    found = await session.scalars(select(Evidence.shot).where(Evidence.case_id == case_id).distinct())
    return {Shot(shot) for shot in found}


async def foreign_to(session: ReadSession, case_id: UUID, evidence_ids: Collection[UUID]) -> set[UUID]:
    """Which of these ids are not evidence of the case."""
    own = await session.scalars(
        select(Evidence.id).where(Evidence.case_id == case_id, Evidence.id.in_(evidence_ids))
    )
    return set(evidence_ids) - set(own)


async def any_awaited(session: ReadSession, evidence_ids: Collection[UUID]) -> bool:
    """Whether of one of these only a copy is there."""
    awaited = exists().where(Evidence.id.in_(evidence_ids), Evidence.original == Original.AWAITED)
    return bool(evidence_ids) and bool(await session.scalar(select(awaited)))
