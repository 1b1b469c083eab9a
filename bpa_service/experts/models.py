"""The tables of people and of their sign-ins."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from bpa_service.experts.domain import Expert, Role
from service_kit.personal_columns import not_personal
from service_kit.sessions import SessionColumns, Sessions


class ExpertRow(Base):
    """Somebody who works here. Nobody is ever deleted: their name stays on what they decided."""

    __tablename__ = "experts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True, info=not_personal())
    display_name: Mapped[str] = mapped_column(String(200), info=not_personal())
    role: Mapped[str] = mapped_column(String(16), info=not_personal())
    password_hash: Mapped[str] = mapped_column(Text, info=not_personal())
    active: Mapped[bool]
    language: Mapped[str] = mapped_column(String(2), server_default="ru", info=not_personal())
    created_at: Mapped[datetime]

    def expert(self) -> Expert:
        return Expert(self.id, self.login, self.display_name, Role(self.role), self.active)


class ExpertSession(SessionColumns, Base):
    """A signed-in device of somebody who works here. `confirmed_at` is when it last showed a second factor."""

    __tablename__ = "expert_sessions"

    holder_id: Mapped[UUID] = mapped_column("expert_id", ForeignKey("experts.id"), index=True)
    stage: Mapped[str] = mapped_column(String(16), info=not_personal())
    confirmed_at: Mapped[datetime | None]


sign_ins: Final = Sessions(ExpertSession)


class AccountNotice(Base):
    """Something that others did to somebody's access, and that they have not read yet.

    `by_name` is None for an operator at the command line.
    """

    __tablename__ = "account_notices"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    expert_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(32), info=not_personal())
    by_name: Mapped[str | None] = mapped_column(String(200), info=not_personal())
    about_name: Mapped[str | None] = mapped_column(String(200), info=not_personal())
    at: Mapped[datetime]
