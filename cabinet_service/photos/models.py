"""The photos that clients gave as evidence. Their bytes are in the file store."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from service_kit.personal_columns import not_personal, personal
from shared_schemas.words import CapturedAtSource, Original, Shot


class PreviewState(StrEnum):
    """Whether there is a small, upright copy without metadata yet; `failed`: the photo cannot be opened."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class Evidence(Base):
    """One photo: its untouched original, the small copy that the client sent ahead of it, or both. A row is
    written after the file is durable, so it never lacks one that it mentions.

    While there is no original, `sha256`, `media_type` and `size_bytes` are what the client announced of it, and
    `width` and `height` the copy's; both are those of the upright picture. `captured_at` is what the camera says,
    or else the client's device; `incomplete` says that a part of the picture is missing in the file, which was
    found with the preview. `shown_key` is the file that the preview was made of, and where that is follows from
    it (`storage.preview_key`). `perceptual_hash` is of that preview, and empty where it is too plain to
    tell apart. The copy is kept beside its original: experts may have judged by it.
    `link_id` is the link by which it was brought, where that was nobody who is signed in.
    A row with `deleted_at` has lost its files, or will soon.
    """

    __tablename__ = "evidence"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    shot: Mapped[Shot]
    info_task_id: Mapped[UUID | None]
    link_id: Mapped[UUID | None]
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), info=personal(b""))
    original_key: Mapped[str | None] = mapped_column(String(80), info=not_personal(is_exported=False))
    copy_key: Mapped[str | None] = mapped_column(String(80), info=not_personal(is_exported=False))
    shown_key: Mapped[str | None] = mapped_column(String(80), info=not_personal(is_exported=False))
    media_type: Mapped[str] = mapped_column(String(32), info=not_personal())
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    orientation: Mapped[int] = mapped_column(SmallInteger)
    has_location: Mapped[bool] = mapped_column(info=personal(False))
    captured_at: Mapped[datetime | None] = mapped_column(info=personal())
    captured_at_source: Mapped[CapturedAtSource] = mapped_column(
        server_default=CapturedAtSource.UNKNOWN, info=personal(CapturedAtSource.UNKNOWN)
    )
    received_at: Mapped[datetime]
    preview_state: Mapped[PreviewState]
    preview_problem: Mapped[str | None] = mapped_column(String(64), info=not_personal())
    preview_size_bytes: Mapped[int | None] = mapped_column(Integer)
    preview_width: Mapped[int | None] = mapped_column(Integer)
    preview_height: Mapped[int | None] = mapped_column(Integer)
    perceptual_hash: Mapped[bytes | None] = mapped_column(LargeBinary(16), info=personal())
    incomplete: Mapped[bool] = mapped_column(default=False, server_default=false())
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_evidence_inspection_id_sha256",
            "inspection_id",
            "sha256",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        # That one leaves out what was taken back, which an erasure and a download look for all the same.
        Index(None, "inspection_id"),
        # The sweep asks whose a file is.
        Index(None, "original_key"),
        Index(None, "copy_key"),
        Index(
            "ix_evidence_not_hashed",
            "id",
            postgresql_where=text(
                "perceptual_hash IS NULL AND preview_state = 'ready' AND deleted_at IS NULL"
            ),
        ),
        CheckConstraint("original_key IS NOT NULL OR copy_key IS NOT NULL", name="has_a_file"),
    )

    @property
    def file_key(self) -> str:
        """The best file that is there: the one that a preview is to be made of."""
        return self.file_keys[0]

    @property
    def file_keys(self) -> list[str]:
        """All files that the client sent for it, the original first."""
        return [key for key in (self.original_key, self.copy_key) if key is not None]

    @property
    def original(self) -> Original:
        return Original.AWAITED if self.original_key is None else Original.HELD
