"""The table of the questions that experts keep."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import erased_otherwise


class SearchView(Base):
    """What somebody looks for again and again, under a name of theirs; for everybody if it is shared.

    An erasure deletes those that hold a number of the car; whatever else people type is known to nobody.
    """

    __tablename__ = "search_views"

    expert_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True, info=erased_otherwise(is_exported=False))
    query: Mapped[dict[str, Any]] = mapped_column(JSONB, info=erased_otherwise(is_exported=False))
    shared: Mapped[bool] = mapped_column(Boolean)
    saved_at: Mapped[datetime]
