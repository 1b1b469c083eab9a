"""The tables of people and of their sign-ins."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from bpa_service.experts.domain import Expert, Role
from service_kit.sessions import SessionColumns


class ExpertRow(Base):
    """Somebody who works here. Nobody is ever deleted: their name stays on what they decided."""

    __tablename__ = "experts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    display_name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(Text)
    active: Mapped[bool]
    created_at: Mapped[datetime]

    def expert(self) -> Expert:
        return Expert(self.id, self.login, self.display_name, Role(self.role), self.active)


class ExpertSession(SessionColumns, Base):
    """A signed-in device of somebody who works here."""

    __tablename__ = "expert_sessions"

    expert_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"), index=True)
    stage: Mapped[str] = mapped_column(String(16))

    @property
    def holder_id(self) -> UUID:
        return self.expert_id
