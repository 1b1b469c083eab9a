"""The table of reports."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from cabinet_service.reports.subjects import AboutOne, one_subject
from service_kit.personal_columns import not_personal, personal_in
from shared_schemas.report.content import Report


class KeptReport(AboutOne, Base):
    """The report of a version of the answer, or of an ordered history, as it came.

    `body` is a shared_schemas.report.content.Report, and `sha256` the digest of it in hex. `code` is what a
    report is verified by: it cannot be guessed.

    Digest and code stay when the body is erased: of a report that is shown somewhere it can be said what became
    of it.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("inspection_id", "version"),
        UniqueConstraint("history_id", "version"),
        one_subject(),
    )

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    body: Mapped[dict[str, Any]] = mapped_column(info=personal_in(Report))
    sha256: Mapped[str] = mapped_column(String(64), info=not_personal())
    code: Mapped[str] = mapped_column(String(20), unique=True, info=not_personal())
    made_at: Mapped[datetime]
    received_at: Mapped[datetime]
