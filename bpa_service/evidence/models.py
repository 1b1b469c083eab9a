"""References to evidence. Only cabinet's events write them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal, personal
from shared_schemas.personal import ERASED
from shared_schemas.words import CapturedAtSource, Original


class Evidence(Base):
    """A photo of the client's. `sha256` is hex, of the untouched original, which may still be awaited."""

    __tablename__ = "evidence"
    __table_args__ = (Index(None, "case_id", "received_at", "id"), Index(None, "sha256"))

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
