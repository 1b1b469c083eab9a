"""The tables of findings."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal, personal
from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.personal import ERASED


class FindingPlace(Base):
    """Where on which photo; without a region it is the whole photo. Shares of the upright picture, 0 to 1."""

    __tablename__ = "finding_places"

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("findings.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), index=True)
    region: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), info=not_personal())


class Finding(Base):
    """One statement of an expert, bound to places on evidence, to a vehicle record, or to a rule.

    `text` is the fact; `meaning` is what it means for who buys or sells the car, and `to_do` what to do about it,
    where the expert has put that into words. One that is explained is so, but innocently (a legal re-marking,
    say). One that is withdrawn is held no longer; it stays on record with who took it back, and why if it spoke
    against the car.
    """

    __tablename__ = "findings"
    __allow_unmapped__ = True
    __table_args__ = (Index(None, "case_id", "recorded_at"), Index(None, "author_id", "recorded_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    severity: Mapped[FindingSeverity]
    text: Mapped[str] = mapped_column(Text, info=personal(ERASED, is_exported=False))
    meaning: Mapped[str | None] = mapped_column(Text, info=personal(is_exported=False))
    to_do: Mapped[str | None] = mapped_column(Text, info=personal(is_exported=False))
    record_ref: Mapped[str | None] = mapped_column(String(200), info=personal(is_exported=False))
    rule_ref: Mapped[str | None] = mapped_column(String(200), info=not_personal())
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    recorded_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    explanation: Mapped[str | None] = mapped_column(Text, info=personal(ERASED, is_exported=False))
    explained_by: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
    explained_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None] = mapped_column(Text, info=personal(ERASED, is_exported=False))
    withdrawn_by: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
    withdrawn_at: Mapped[datetime | None]
    places: list[FindingPlace]
    """In their order; set by whoever makes a finding, and by `queries.placed`."""
