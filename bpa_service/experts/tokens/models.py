"""The table of personal tokens."""

from typing import Final
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.api_keys import KeyColumns, Keys


class ExpertToken(KeyColumns, Base):
    """What a tool of an expert calls with: as they, within its scopes."""

    __tablename__ = "expert_tokens"

    holder_id: Mapped[UUID] = mapped_column("expert_id", ForeignKey("experts.id"), index=True)


tokens: Final = Keys(ExpertToken)
