"""The photos that clients gave as evidence. Their bytes are in the file store."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from shared_schemas.words import Shot


class PreviewState(StrEnum):
    """Whether there is a small, upright copy without metadata yet; `failed`: the photo cannot be opened."""

    PENDING = "pending"
    READY = "ready"
    FAILED = "failed"


class Evidence(Base):
    """One photo. The row is written after its original is durable, so a row never lacks its file.

    `width` and `height` are those of the upright picture. `captured_at` is what the client's device says. Where
    the preview is follows from where the original is (`storage.preview_key`).
    A row with `deleted_at` has lost its files, or will soon.
    """

    __tablename__ = "evidence"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    shot: Mapped[Shot]
    info_task_id: Mapped[UUID | None]
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    original_key: Mapped[str] = mapped_column(String(80))
    media_type: Mapped[str] = mapped_column(String(32))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    orientation: Mapped[int] = mapped_column(SmallInteger)
    has_location: Mapped[bool]
    captured_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    preview_state: Mapped[PreviewState]
    preview_problem: Mapped[str | None] = mapped_column(String(64))
    preview_size_bytes: Mapped[int | None] = mapped_column(Integer)
    preview_width: Mapped[int | None] = mapped_column(Integer)
    preview_height: Mapped[int | None] = mapped_column(Integer)
    perceptual_hash: Mapped[bytes | None] = mapped_column(LargeBinary(8))
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_evidence_inspection_id_sha256",
            "inspection_id",
            "sha256",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index(None, "original_key"),  # the sweep asks whose a file is
    )
