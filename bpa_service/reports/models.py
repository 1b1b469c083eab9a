"""The table of reports."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal, personal_in
from shared_schemas.report.content import Report


class KeptReport(Base):
    """The report of a version of the answer. `body` is a shared_schemas.report.content.Report; `sha256` is the
    digest of it as it was made, in hex, and stays when the body is erased.
    """

    __tablename__ = "reports"
    __table_args__ = (UniqueConstraint("case_id", "version"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(info=personal_in(Report, is_exported=False))
    sha256: Mapped[str] = mapped_column(String(64), info=not_personal())
    made_at: Mapped[datetime]
