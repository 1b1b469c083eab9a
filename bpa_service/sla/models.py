"""The ledger of the clocks. Rows are added and never changed, but for those of tests, which are moved."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from bpa_service.sla.domain import Entry
from service_kit.personal_columns import not_personal


class ClockEntry(Base):
    """One line; `domain.Entry` says what its fields mean. Lines of one clock are in the order of `position`."""

    __tablename__ = "clock_entries"

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    case_id: Mapped[UUID]
    clock_number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(16), info=not_personal())
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    cause: Mapped[str | None] = mapped_column(String(32), info=not_personal())
    ref: Mapped[UUID | None]
    percent: Mapped[int | None] = mapped_column(Integer)
    budget_seconds: Mapped[int | None] = mapped_column(Integer)

    # The verbs never write twice what happens once; two of them at once on one case, without its lock, might.
    __table_args__ = (
        Index(None, "case_id", "clock_number", "position"),
        Index(
            "uq_clock_entries_start_and_stop",
            "case_id",
            "clock_number",
            "kind",
            unique=True,
            postgresql_where=text("kind IN ('started', 'stopped')"),
        ),
        Index(
            "uq_clock_entries_pause_and_resume",
            "case_id",
            "clock_number",
            "ref",
            "kind",
            unique=True,
            postgresql_where=text("ref IS NOT NULL"),
        ),
        Index(
            "uq_clock_entries_threshold",
            "case_id",
            "clock_number",
            "percent",
            unique=True,
            postgresql_where=text("percent IS NOT NULL"),
        ),
        CheckConstraint(
            "(kind IN ('paused', 'resumed')) = (ref IS NOT NULL AND cause IS NOT NULL)", name="pause"
        ),
        CheckConstraint("(kind = 'threshold') = (percent IS NOT NULL)", name="threshold"),
        CheckConstraint("(kind = 'started') = (budget_seconds IS NOT NULL)", name="start"),
    )

    @classmethod
    def of(cls, entry: Entry, *, case_id: UUID, clock_number: int, recorded_at: datetime) -> "ClockEntry":
        return cls(
            case_id=case_id,
            clock_number=clock_number,
            kind=entry.kind,
            at=entry.at,
            recorded_at=recorded_at,
            cause=entry.cause,
            ref=entry.ref,
            percent=entry.percent,
            budget_seconds=entry.budget_seconds,
        )
