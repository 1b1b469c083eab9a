"""The table of what came of the checks."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import personal


class CheckOutcome(StrEnum):
    """What came of a check. `ODD` is for a finding to explain, `IMPOSSIBLE` for the verdict to tell."""

    OK = "ok"
    ODD = "odd"
    IMPOSSIBLE = "impossible"


class CheckResult(Base):
    """What came of one check of the checklist. `reason` says why it is odd, where that was said."""

    __tablename__ = "check_results"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("checks.id"), primary_key=True, index=True)
    outcome: Mapped[CheckOutcome]
    reason: Mapped[str | None] = mapped_column(Text, info=personal(is_exported=False))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    recorded_at: Mapped[datetime]
