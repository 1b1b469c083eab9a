"""References to evidence. Only cabinet's events write them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    false,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal, personal
from shared_schemas.personal import ERASED
from shared_schemas.words import CapturedAtSource, Original


class Evidence(Base):
    """A photo of the client's. `sha256` is hex, of the untouched original, which may still be awaited.

    `by_link`: somebody at the car brought it, to whom the client gave a link. `hash_due_at` is when cabinet is
    asked what it looks like; null once that is known, or cannot be.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        Index(None, "case_id", "received_at", "id"),
        Index(None, "sha256"),
        Index("ix_evidence_hash_due_at", "hash_due_at", postgresql_where=text("hash_due_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID]
    shot: Mapped[str] = mapped_column(String(32), info=not_personal())
    sha256: Mapped[str] = mapped_column(String(64), info=personal(ERASED))
    media_type: Mapped[str] = mapped_column(String(64), info=not_personal())
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    captured_at: Mapped[datetime | None] = mapped_column(info=personal())
    received_at: Mapped[datetime]
    info_task_id: Mapped[UUID | None]
    original: Mapped[str] = mapped_column(String(32), server_default=Original.HELD, info=not_personal())
    captured_at_source: Mapped[str] = mapped_column(
        String(32), server_default=CapturedAtSource.UNKNOWN, info=not_personal()
    )
    by_link: Mapped[bool] = mapped_column(Boolean, server_default=false())
    hash_due_at: Mapped[datetime | None] = mapped_column(
        server_default=func.now(), info=personal(is_exported=False)
    )


class PhotoHash(Base):
    """What a photo looks like: its perceptual hash in the parts by which similar ones are found (`likeness`)."""

    __tablename__ = "photo_hashes"

    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    part_0: Mapped[int] = mapped_column(Integer, index=True)
    part_1: Mapped[int] = mapped_column(Integer, index=True)
    part_2: Mapped[int] = mapped_column(Integer, index=True)
    part_3: Mapped[int] = mapped_column(Integer, index=True)
    part_4: Mapped[int] = mapped_column(Integer, index=True)
    part_5: Mapped[int] = mapped_column(Integer, index=True)
    part_6: Mapped[int] = mapped_column(Integer, index=True)
    part_7: Mapped[int] = mapped_column(Integer, index=True)


class SimilarPhoto(Base):
    """Two photos of different cases that look alike, found when the later one was hashed.

    Each pair is there twice, so that either case finds it.
    """

    __tablename__ = "similar_photos"

    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True, index=True)
    case_id: Mapped[UUID] = mapped_column(index=True)
    distance: Mapped[int] = mapped_column(SmallInteger)
