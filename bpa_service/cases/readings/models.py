"""The tables of what stands on the photos."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Integer, String, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal, personal
from shared_schemas.personal import ERASED
from shared_schemas.words import IdentifierKind


class ProposalState(StrEnum):
    """How far the reader has come with a photo. NOTHING: it is sure of no number there."""

    ASKED = "asked"
    READ = "read"
    NOTHING = "nothing"
    FAILED = "failed"


class Failure(StrEnum):
    """Why the reader said nothing of a photo. WITHHELD photos are given to nobody, GONE ones are not there."""

    BUSY = "busy"
    AWAY = "away"
    NOT_READY = "not_ready"
    WITHHELD = "withheld"
    GONE = "gone"


class AcceptedFrom(StrEnum):
    """How an expert came to a reading: as the reader proposed it, by changing that, or by themselves."""

    PROPOSAL = "proposal"
    EDITED = "edited"
    TYPED = "typed"


class ReadingProposal(Base):
    """What the reader sees on a photo: one a photo, asked for by whichever process claims it (`asked_at`).

    `candidates` are of shared_schemas.rest.readings.ReadNumber, best first. `of_copy`: it was asked for while
    only a copy of the photo was there. A failure is asked for `again_at`, or never.
    """

    __tablename__ = "reading_proposals"

    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    state: Mapped[ProposalState]
    candidates: Mapped[list[Any]] = mapped_column(
        JSONB, server_default=text("'[]'"), info=personal([], is_exported=False)
    )
    number_seen: Mapped[bool] = mapped_column(Boolean, server_default=false())
    failure: Mapped[Failure | None]
    of_copy: Mapped[bool] = mapped_column(Boolean, server_default=false())
    tries: Mapped[int] = mapped_column(Integer)
    asked_at: Mapped[datetime]
    again_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class PhotoReading(Base):
    """A version of what an expert says stands on a photo, never changed; the newest counts.

    Without a `text` it takes back what was said before.
    """

    __tablename__ = "photo_readings"

    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    text: Mapped[str | None] = mapped_column(String(25), info=personal(ERASED, is_exported=False))
    kind: Mapped[IdentifierKind]
    accepted_from: Mapped[AcceptedFrom | None]
    region: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), info=not_personal())
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    accepted_at: Mapped[datetime]
