"""The table of verdicts that are being written."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import erased_otherwise
from shared_schemas.words import Verdict


class SavedDraft(Base):
    """The verdict that is being written, for whoever goes on with the case. Gone once there is an answer.

    `reasons` say by the id of a finding why it is left out; `reason` is why an answer changes. `ordered` are
    findings in the order in which they are to be told; those that are not in it follow.
    """

    __tablename__ = "drafts"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    verdict: Mapped[Verdict | None]
    summary: Mapped[str] = mapped_column(Text, info=erased_otherwise(is_exported=False))
    advice: Mapped[str] = mapped_column(Text, info=erased_otherwise(is_exported=False))
    not_covered: Mapped[str] = mapped_column(Text, info=erased_otherwise(is_exported=False))
    without: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    ordered: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    reasons: Mapped[dict[str, str]] = mapped_column(
        JSONB, server_default=text("'{}'"), info=erased_otherwise(is_exported=False)
    )
    reason: Mapped[str] = mapped_column(Text, server_default="", info=erased_otherwise(is_exported=False))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    saved_at: Mapped[datetime]
