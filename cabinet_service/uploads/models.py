"""Uploads under way, and the parts that came of them. Their bytes are in the file store, a file a part."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from cabinet_service.uploads.domain import UploadState
from service_kit.personal_columns import erased_otherwise, not_personal
from shared_schemas.words import Shot


class Upload(Base):
    """One photo on its way. `offset_bytes` is how much of it is durable: what the row says is what counts.

    With `link_id` it is sent by whoever has that link of the account's. The other fields are those of the
    evidence that it becomes. Of one that was refused, `problem` keeps code and params.
    """

    __tablename__ = "uploads"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), index=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    link_id: Mapped[UUID | None]
    shot: Mapped[Shot]
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), info=erased_otherwise(is_exported=False))
    captured_at: Mapped[datetime | None]
    info_task_id: Mapped[UUID | None]
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    offset_bytes: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[UploadState]
    evidence_id: Mapped[UUID | None]
    problem: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), info=erased_otherwise(is_exported=False)
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def is_whole(self) -> bool:
        """Whether all of its bytes are here."""
        return self.offset_bytes == self.size_bytes

    __table_args__ = (
        # Begun again, it is the same upload.
        Index(
            "uq_uploads_receiving",
            "inspection_id",
            "sha256",
            "account_id",
            "link_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("state = 'receiving'"),
        ),
    )


class UploadPart(Base):
    """The bytes from `start` on that came with one request."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    file_key: Mapped[str] = mapped_column(String(80), index=True, info=not_personal())
