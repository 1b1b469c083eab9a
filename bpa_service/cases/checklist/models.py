"""The table of what came of the checks."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base


class CheckOutcome(StrEnum):
    """What came of a check. `ODD` is for a finding to explain, `IMPOSSIBLE` for the verdict to tell."""

    OK = "ok"
    ODD = "odd"
    IMPOSSIBLE = "impossible"


class CheckResult(Base):
    """What came of one check of the checklist."""

    __tablename__ = "check_results"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("checks.id"), primary_key=True, index=True)
    outcome: Mapped[CheckOutcome]
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    recorded_at: Mapped[datetime]
