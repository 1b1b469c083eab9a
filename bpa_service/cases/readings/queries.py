"""Reads of what stands on the photos of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from bpa_service.cases.core.models import Case
from bpa_service.cases.core.queries import names
from bpa_service.cases.naming.domain import OnPhoto
from bpa_service.cases.readings.domain import READ_ON, UNKNOWN
from bpa_service.cases.readings.models import Failure, PhotoReading, ProposalState, ReadingProposal
from bpa_service.evidence import queries as evidence
from service_kit.db import ReadSession
from shared_schemas.evidence import EvidenceRef
from shared_schemas.words import Original

# Whoever asked is gone by then, and another process may ask.
LAPSES: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The photos of a case in their order, and what is said of each: `versions`, the oldest first."""

    case: Case
    photos: Sequence[EvidenceRef]
    proposals: Mapping[UUID, ReadingProposal]
    versions: Mapping[UUID, Sequence[PhotoReading]]
    names: Mapping[UUID, str]


async def of_case(session: ReadSession, case_id: UUID) -> Found | None:
    """What stands on the photos of a case; None if there is no such case."""
    case = await session.get(Case, case_id)
    if case is None:
        return None
    photos = await evidence.of_case(session, case_id)
    said: dict[UUID, list[PhotoReading]] = {}
    in_order = select(PhotoReading).where(PhotoReading.case_id == case_id).order_by(PhotoReading.version)
    for row in await session.scalars(in_order):
        said.setdefault(row.evidence_id, []).append(row)
    people = {row.author_id for versions in said.values() for row in versions}
    return Found(
        case=case,
        photos=photos,
        proposals=await proposals(session, case_id),
        versions=said,
        names=await names(session, people),
    )


async def proposals(session: ReadSession, case_id: UUID) -> dict[UUID, ReadingProposal]:
    """What the reader proposes, by photo."""
    rows = await session.scalars(select(ReadingProposal).where(ReadingProposal.case_id == case_id))
    return {row.evidence_id: row for row in rows}


async def newest(session: ReadSession, evidence_id: UUID) -> PhotoReading | None:
    """What counts of a photo; without a text, that it was taken back."""
    versions = select(PhotoReading).where(PhotoReading.evidence_id == evidence_id)
    return await session.scalar(versions.order_by(PhotoReading.version.desc()).limit(1))


async def read_on_photos(session: ReadSession, case_id: UUID) -> list[OnPhoto]:
    """What counts of each photo of a case, where every character can be made out."""
    shots = {photo.evidence_id: photo.shot for photo in await evidence.of_case(session, case_id)}
    versions = (
        select(PhotoReading)
        .where(PhotoReading.case_id == case_id)
        .order_by(PhotoReading.evidence_id, PhotoReading.version)
    )
    newest = {row.evidence_id: row for row in await session.scalars(versions)}
    return [
        OnPhoto(
            evidence_id=row.evidence_id,
            shot=shots[row.evidence_id],
            text=row.text,
            kind=row.kind,
            said_at=row.accepted_at,
        )
        for row in newest.values()
        if row.text is not None and UNKNOWN not in row.text
    ]


def to_ask(
    photos: Sequence[EvidenceRef], asked: Mapping[UUID, ReadingProposal], now: datetime
) -> list[EvidenceRef]:
    """The photos for which the reader is to be asked now, those first on which the others depend."""
    wanted = [photo for photo in photos if photo.shot in READ_ON and _is_due(photo, asked, now)]
    return sorted(wanted, key=lambda photo: READ_ON.index(photo.shot))


def next_at(asked: Mapping[UUID, ReadingProposal]) -> datetime | None:
    """When the next failure is to be asked for again."""
    return min((row.again_at for row in asked.values() if row.again_at is not None), default=None)


def _is_due(photo: EvidenceRef, asked: Mapping[UUID, ReadingProposal], now: datetime) -> bool:
    row = asked.get(photo.evidence_id)
    if row is None:
        return True
    if row.state is ProposalState.ASKED:
        return row.asked_at < now - LAPSES
    if row.again_at is not None:
        return row.again_at <= now
    came_since = row.of_copy and photo.original is Original.HELD
    return came_since and (row.state is ProposalState.NOTHING or row.failure is Failure.WITHHELD)
