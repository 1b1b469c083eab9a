"""What seniors do with exemplars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from bpa_service.exemplars.errors import ExemplarKnown, ExemplarRetired
from bpa_service.exemplars.models import Exemplar, ExemplarPicture
from bpa_service.exemplars.picture_process import Picture
from bpa_service.exemplars.queries import make_key
from bpa_service.experts.domain import Expert
from service_kit import audit, locks
from service_kit.db import Session
from service_kit.http.problems import NotFound
from service_kit.ids import new_id
from shared_schemas.personal import ERASED
from shared_schemas.words import Shot

KEEPING_LOCK: Final = "photos kept as exemplars"
"""Whoever keeps a photo shares it, and then looks whether its client is still known: so none is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a picture shows. `tags` are in lower case, each once; the years are both included."""

    make: str
    model: str | None
    plant: str | None
    year_from: int | None
    year_to: int | None
    marking: Shot
    tags: Sequence[str]
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExemplarChange:
    """What is to be different; None leaves it as it is. An empty `note` takes the note away."""

    tags: Sequence[str] | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFrom:
    """The photo of a case that is kept."""

    case_id: UUID
    evidence_id: UUID


async def add(
    session: Session,
    shown: Description,
    picture: Picture,
    *,
    kept_from: KeptFrom | None = None,
    by: Expert,
    now: datetime,
) -> Exemplar:
    """Take a picture into the reference base.

    Raises ExemplarKnown, with the id, if the same file is there and was not retired.
    """
    new = {
        "id": new_id(),
        "make": shown.make,
        "make_key": make_key(shown.make),
        "model": shown.model,
        "plant": shown.plant,
        "year_from": shown.year_from,
        "year_to": shown.year_to,
        "marking": shown.marking,
        "tags": list(shown.tags),
        "note": shown.note,
        "author_id": by.id,
        "added_at": now,
        "width": picture.width,
        "height": picture.height,
        "sha256": picture.sha256,
        "from_case_id": kept_from and kept_from.case_id,
        "from_evidence_id": kept_from and kept_from.evidence_id,
    }
    # An update that changes nothing, because it waits for whoever is adding or retiring the same picture now, and
    # names the one that is there. It is rolled back with the refusal.
    added = await session.scalar(
        insert(Exemplar)
        .values(new)
        .on_conflict_do_update(
            index_elements=[Exemplar.sha256],
            index_where=text("retired_at IS NULL"),
            set_={Exemplar.sha256: picture.sha256},
        )
        .returning(Exemplar)
    )
    assert added is not None  # noqa: S101 - it inserts or updates
    if added.id != new["id"]:
        raise ExemplarKnown(exemplar_id=str(added.id))
    await session.execute(insert(ExemplarPicture).values(exemplar_id=added.id, content=picture.content))
    details: dict[str, Any] = {
        "exemplar_id": added.id,
        "marking": shown.marking,
        "sha256": picture.sha256,
    }
    if kept_from is not None:
        # Not the hash: the log keeps nothing of a client's photo.
        details = {
            "exemplar_id": added.id,
            "marking": shown.marking,
            "case_id": kept_from.case_id,
            "evidence_id": kept_from.evidence_id,
        }
    audit.record(session, "exemplar_added", by=by, now=now, details=details)
    return added


async def change(
    session: Session, exemplar_id: UUID, change: ExemplarChange, *, by: Expert, now: datetime
) -> Exemplar:
    """Change tags and note. Raises NotFound or ExemplarRetired.

    What the picture is of stays: findings may rest on it. Whoever erred there retires it and adds it again.
    """
    found = await _locked(session, exemplar_id)
    if found.retired_at is not None:
        raise ExemplarRetired
    changed: list[str] = []
    if change.tags is not None and list(change.tags) != list(found.tags):
        found.tags = list(change.tags)
        changed.append("tags")
    if change.note is not None and (change.note or None) != found.note:
        found.note = change.note or None
        changed.append("note")
    if changed:
        details = {"exemplar_id": exemplar_id, "changed": changed}
        audit.record(session, "exemplar_changed", by=by, now=now, details=details)
    return found


async def retire(session: Session, exemplar_id: UUID, *, by: Expert, now: datetime) -> None:
    """Take an exemplar out of use; findings may still point to it. Raises NotFound.

    Done again it changes nothing.
    """
    found = await _locked(session, exemplar_id)
    if found.retired_at is None:
        found.retired_at = now
        audit.record(session, "exemplar_retired", by=by, now=now, details={"exemplar_id": exemplar_id})


async def forget(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Forget the pictures that were kept from a case. What they were of stays, as findings may point to it."""
    await locks.hold(session, KEEPING_LOCK)
    found = await session.scalars(select(Exemplar).where(Exemplar.from_case_id == case_id))
    for row in found.all():
        await session.execute(delete(ExemplarPicture).where(ExemplarPicture.exemplar_id == row.id))
        row.retired_at = row.retired_at or now
        row.note, row.sha256 = None, ERASED


async def _locked(session: Session, exemplar_id: UUID) -> Exemplar:
    found = await session.get(Exemplar, exemplar_id, lock=True)
    if found is None:
        raise NotFound
    return found
