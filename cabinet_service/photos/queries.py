"""Reads of photos. Whoever calls has made sure that the inspection is theirs to see."""

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, select

from cabinet_service.photos.errors import (
    OriginalAwaited,
    OriginalNotReady,
    OriginalWithheld,
    PreviewFailed,
    PreviewNotReady,
)
from cabinet_service.photos.links import Variant
from cabinet_service.photos.models import Evidence, PreviewState
from cabinet_service.photos.schemas import EvidenceOut
from cabinet_service.photos.storage import preview_key
from service_kit.db import ReadSession
from service_kit.http.problems import NotFound
from shared_schemas.evidence import EvidenceRef
from shared_schemas.rest.hashes import HashState, PhotoHash
from shared_schemas.words import Shot

PREVIEW_MEDIA_TYPE: Final = "image/jpeg"
RETRY_AFTER: Final = "2"


class StoredFile(NamedTuple):
    """Where the bytes are, and what they are. `incomplete`: a part of the picture is missing in them.

    `shot` is what the photo was taken for.
    """

    key: str
    media_type: str
    size_bytes: int
    incomplete: bool
    shot: Shot


class KeptPhoto(NamedTuple):
    """A photo as the experts' side is told of it, as its client sees it, and the best file of it that is here."""

    ref: EvidenceRef
    view: EvidenceOut
    file_key: str


_KEPT: Final = (
    select(Evidence)
    .where(Evidence.inspection_id == bindparam("inspection_id"), Evidence.deleted_at.is_(None))
    .order_by(Evidence.received_at, Evidence.id)
)


async def views(session: ReadSession, inspection_id: UUID) -> list[EvidenceOut]:
    """The photos of an inspection in the order in which they came."""
    return [view_of(row) for row in await session.scalars(_KEPT, {"inspection_id": inspection_id})]


async def kept(session: ReadSession, inspection_id: UUID) -> list[KeptPhoto]:
    """The same photos, for whoever has to vouch for them."""
    return [
        KeptPhoto(ref_of(row), view_of(row), row.file_key)
        for row in await session.scalars(_KEPT, {"inspection_id": inspection_id})
    ]


async def counts_of(session: ReadSession, inspection_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """How many photos there are of each of these inspections; none of those without."""
    rows = await session.execute(
        select(Evidence.inspection_id, func.count())
        .where(Evidence.inspection_id.in_(inspection_ids), Evidence.deleted_at.is_(None))
        .group_by(Evidence.inspection_id)
    )
    return {row[0]: row[1] for row in rows}


async def among(session: ReadSession, inspection_id: UUID, ids: Collection[UUID]) -> set[UUID]:
    """Those of `ids` that are photos of this inspection."""
    if not ids:
        return set()
    rows = await session.scalars(
        select(Evidence.id).where(
            Evidence.inspection_id == inspection_id, Evidence.deleted_at.is_(None), Evidence.id.in_(ids)
        )
    )
    return set(rows)


async def for_task(session: ReadSession, inspection_id: UUID, task_id: UUID) -> set[UUID]:
    """The photos that were uploaded for an info task."""
    rows = await session.scalars(
        select(Evidence.id).where(
            Evidence.inspection_id == inspection_id,
            Evidence.deleted_at.is_(None),
            Evidence.info_task_id == task_id,
        )
    )
    return set(rows)


async def file_of(
    session: ReadSession, evidence_id: UUID, variant: Variant, *, inspection_id: UUID | None = None
) -> StoredFile:
    """The file of a photo, of the given inspection if one is given. Raises NotFound.

    A file is in quarantine until a preview is made of it, for only then was every pixel of it decoded. Before
    that this raises OriginalNotReady or PreviewNotReady, for a photo that does not open OriginalWithheld or
    PreviewFailed, and while only a copy is here OriginalAwaited: a copy is shown as the preview, and not else.
    """
    row = await session.get(Evidence, evidence_id)
    if row is None or row.deleted_at is not None or inspection_id not in (None, row.inspection_id):
        raise NotFound
    return _original(row) if variant is Variant.ORIGINAL else _preview(row)


async def preview_keys(session: ReadSession, inspection_id: UUID) -> dict[UUID, str]:
    """Where the previews of an inspection's photos are, of those that have one."""
    rows = await session.scalars(_KEPT, {"inspection_id": inspection_id})
    return {row.id: preview_key(row.shown_key) for row in rows if row.shown_key is not None}


async def hashes(session: ReadSession, evidence_ids: Collection[UUID]) -> list[PhotoHash]:
    """What the best file of each photo looks like; of those that are gone nothing is said."""
    rows = await session.scalars(
        select(Evidence).where(Evidence.id.in_(evidence_ids), Evidence.deleted_at.is_(None))
    )
    return [_hash(row) for row in rows]


def _hash(row: Evidence) -> PhotoHash:
    if row.preview_state is PreviewState.FAILED or row.perceptual_hash == b"":
        return PhotoHash(evidence_id=row.id, state=HashState.NONE)
    # That of a copy is not that of the original, which may show something else.
    if row.perceptual_hash is None or row.shown_key != row.file_key:
        return PhotoHash(evidence_id=row.id, state=HashState.AWAITED)
    return PhotoHash(evidence_id=row.id, state=HashState.HASHED, bits=row.perceptual_hash.hex())


def _original(row: Evidence) -> StoredFile:
    if row.original_key is None:
        raise OriginalAwaited
    if row.preview_state is PreviewState.FAILED:
        raise OriginalWithheld
    if row.shown_key != row.original_key:
        raise OriginalNotReady(headers={"Retry-After": RETRY_AFTER})
    return StoredFile(row.original_key, row.media_type, row.size_bytes, row.incomplete, row.shot)


def _preview(row: Evidence) -> StoredFile:
    if row.preview_state is PreviewState.FAILED:
        raise PreviewFailed
    if row.shown_key is None or row.preview_size_bytes is None:
        raise PreviewNotReady(headers={"Retry-After": RETRY_AFTER})
    key = preview_key(row.shown_key)
    return StoredFile(key, PREVIEW_MEDIA_TYPE, row.preview_size_bytes, row.incomplete, row.shot)


def view_of(row: Evidence) -> EvidenceOut:
    return EvidenceOut(
        id=row.id,
        shot=row.shot,
        info_task_id=row.info_task_id,
        link_id=row.link_id,
        original=row.original,
        sha256=row.sha256.hex(),
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        width=row.width,
        height=row.height,
        captured_at=row.captured_at,
        captured_at_source=row.captured_at_source,
        received_at=row.received_at,
        has_location=row.has_location,
        preview=row.preview_state,
        preview_width=row.preview_width,
        preview_height=row.preview_height,
        preview_problem=row.preview_problem,
        incomplete=row.incomplete,
    )


def ref_of(row: Evidence) -> EvidenceRef:
    return EvidenceRef(
        evidence_id=row.id,
        shot=row.shot,
        sha256=row.sha256.hex(),
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        width=row.width,
        height=row.height,
        captured_at=row.captured_at,
        captured_at_source=row.captured_at_source,
        received_at=row.received_at,
        info_task_id=row.info_task_id,
        original=row.original,
        by_link=row.link_id is not None,
    )
