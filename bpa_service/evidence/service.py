"""Mirroring references to evidence, and fetching the photos themselves from cabinet."""

from collections.abc import Sequence
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert

from bpa_service.evidence.errors import EvidenceAway, EvidenceNotReady, EvidenceWithheld, OriginalAwaited
from bpa_service.evidence.models import Evidence
from service_kit.db import Session
from service_kit.http.peer import Peer, PeerRefused, PeerUnavailable
from service_kit.http.problems import NotFound, Problem
from shared_schemas.evidence import EvidenceRef
from shared_schemas.rest.streams import SignedUrl

Variant = Literal["preview", "original"]
RETRY_AFTER: Final = "5"
NOT_READY_RETRY_AFTER: Final = "2"


async def add(session: Session, case_id: UUID, refs: Sequence[EvidenceRef]) -> None:
    """Take in references; those that are here already stay as they are."""
    if refs:
        rows = [_row(case_id, ref) for ref in refs]
        await session.execute(insert(Evidence).values(rows).on_conflict_do_nothing())


async def take_original(session: Session, ref: EvidenceRef) -> None:
    """The original is there, with what is known of it now, and not only a copy. It may show something else."""
    values = ref.model_dump(exclude={"evidence_id"}) | {"hash_due_at": func.now()}
    await session.execute(update(Evidence).where(Evidence.id == ref.evidence_id).values(values))


async def signed_url(peer: Peer, evidence_id: UUID, variant: Variant) -> SignedUrl:
    """A short-lived link to the photo.

    Raises NotFound; OriginalAwaited while only a copy is there; EvidenceNotReady or EvidenceWithheld while or if
    it may not be seen; EvidenceAway while cabinet does not answer.
    """
    try:
        return await peer.get(f"/internal/v1/evidence/{evidence_id}?variant={variant}", SignedUrl)
    except PeerRefused as refusal:
        raise _problem_of(refusal) from refusal
    except PeerUnavailable as error:
        raise EvidenceAway(headers={"Retry-After": RETRY_AFTER}) from error


def _problem_of(refusal: PeerRefused) -> Problem:
    """What cabinet says of one of the two files, as the expert is told of the photo."""
    if refusal.code in {"preview_not_ready", "original_not_ready"}:
        return EvidenceNotReady(headers={"Retry-After": NOT_READY_RETRY_AFTER})
    if refusal.code == "original_awaited":
        return OriginalAwaited()
    if refusal.code in {"preview_failed", "original_withheld"}:
        return EvidenceWithheld()
    return NotFound()


def _row(case_id: UUID, ref: EvidenceRef) -> dict[str, Any]:
    return ref.model_dump(exclude={"evidence_id"}) | {"id": ref.evidence_id, "case_id": case_id}
