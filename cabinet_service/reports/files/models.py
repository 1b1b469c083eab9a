"""The table of files that are made of reports."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from cabinet_service.reports.pdf.laying_out import Form
from service_kit.personal_columns import not_personal

FOLDER = "reports"


class ReportFile(Base):
    """A report as PDF, in a language and a form. It is there once `made_at` says when it was made.

    `due_at` is when a worker is to make it, or to try it again; what is made has none, nor what was given up.
    `tries` counts since it was asked for.
    `sha256` is the digest of the file, `certificate` that of the certificate that it is signed with, both in hex.
    The row goes with the file when its client is forgotten.
    """

    __tablename__ = "report_files"
    __table_args__ = (
        Index(None, "sha256"),
        Index("ix_report_files_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    report_id: Mapped[UUID] = mapped_column(ForeignKey("reports.report_id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(2), primary_key=True, info=not_personal())
    form: Mapped[Form] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    made_at: Mapped[datetime | None]
    size_bytes: Mapped[int | None] = mapped_column(Integer)
    sha256: Mapped[str | None] = mapped_column(String(64), info=not_personal())
    certificate: Mapped[str | None] = mapped_column(String(64), info=not_personal())

    @property
    def key(self) -> str:
        """Where the file is, or will be: made once more it takes the place of what a crash has left."""
        return f"{FOLDER}/{self.report_id.hex[-2:]}/{self.report_id.hex}.{self.language}.{self.form}"
