"""The table of decisions."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.cases.deciding.left_out import LeftOut
from bpa_service.db.base import Base
from service_kit.personal_columns import personal, personal_in
from shared_schemas.events.bpa_v1 import FindingView
from shared_schemas.personal import ERASED
from shared_schemas.words import Verdict


class DecisionKind(StrEnum):
    """Whether a decision is a first word, the answer, or a later version of the answer."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDMENT = "amendment"


class Decision(Base):
    """A version of the answer. `findings` are the findings as they were then, in the wire's form.

    `left_out` are those that the case had and the answer does not rest on: each a `LeftOut` with its reason.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("case_id", "version"),
        Index(None, "author_id", "decided_at"),
        Index(None, "decided_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[DecisionKind]
    verdict: Mapped[Verdict]
    summary: Mapped[str] = mapped_column(Text, info=personal(ERASED, is_exported=False))
    advice: Mapped[str | None] = mapped_column(Text, info=personal(is_exported=False))
    findings: Mapped[list[Any]] = mapped_column(JSONB, info=personal_in(FindingView, is_exported=False))
    left_out: Mapped[list[Any]] = mapped_column(
        JSONB, server_default=text("'[]'"), info=personal_in(LeftOut, is_exported=False)
    )
    not_covered: Mapped[list[str]] = mapped_column(ARRAY(Text), info=personal([], is_exported=False))
    reason: Mapped[str | None] = mapped_column(Text, info=personal(is_exported=False))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    decided_at: Mapped[datetime]
