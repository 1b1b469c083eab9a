"""The tables of chats. Whose a chat is stands among the addresses of notifications."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.telegram.tables import LinkColumns, UpdateColumns


class TelegramUpdate(UpdateColumns, Base):
    __tablename__ = "telegram_updates"


class TelegramLink(LinkColumns, Base):
    __tablename__ = "telegram_links"

    person_id: Mapped[UUID] = mapped_column("expert_id", ForeignKey("experts.id"), index=True)
