"""Jobs that order many cars, and the rows of each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.bulk.states import BulkRowState
from cabinet_service.db.base import Base
from service_kit.personal_columns import erased_otherwise, personal

LABEL_CHARACTERS = 200


class BulkJob(Base):
    """Cars that somebody ordered at once for a company. `label` is what they call it: the file's name, say.

    `columns` are those of the sheet that it came from, of `BulkColumnIn`: the next one is read as it was.

    It goes, with its rows, 90 days later, or with the account of whoever made it; the inspections stay.
    """

    __tablename__ = "bulk_jobs"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))
    label: Mapped[str | None] = mapped_column(String(LABEL_CHARACTERS), info=erased_otherwise())
    rows: Mapped[int] = mapped_column(Integer)
    columns: Mapped[list[Any] | None] = mapped_column(JSONB, info=erased_otherwise())
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "company_id", "created_at", "id"),
        Index(None, "account_id"),
        Index(None, "created_at"),
    )


class BulkRow(Base):
    """A row of a job, the first at `place` 1. `given` and `remarks` are of `BulkRowIn` and `BulkRemarkOut`.

    `row` is its number in whatever it was read from.
    """

    __tablename__ = "bulk_rows"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_jobs.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    row: Mapped[int | None] = mapped_column(Integer)
    given: Mapped[dict[str, Any]] = mapped_column(JSONB, info=personal({}))
    remarks: Mapped[list[Any]] = mapped_column(JSONB, info=personal([]))
    state: Mapped[BulkRowState]
    inspection_id: Mapped[UUID | None] = mapped_column(ForeignKey("inspections.id"))
    done_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "inspection_id"),
        Index("ix_bulk_rows_waiting", "job_id", "place", postgresql_where=text("state = 'waiting'")),
    )
