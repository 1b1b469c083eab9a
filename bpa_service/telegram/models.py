"""The tables of chats. Whose a chat is stands among the addresses of notifications."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.chats.tables import LinkColumns, UpdateColumns


class TelegramUpdate(UpdateColumns, Base):
    __tablename__ = "telegram_updates"


class TelegramLink(LinkColumns, Base):
    __tablename__ = "telegram_links"

    person_id: Mapped[UUID] = mapped_column("expert_id", ForeignKey("experts.id"), index=True)


class TelegramOffer(Base):
    """A message in a chat, below which a button to take a case still stands."""

    __tablename__ = "telegram_offers"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    message_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # No foreign key: it would wait for whoever acts on the case just now.
    case_id: Mapped[UUID] = mapped_column(index=True)
    made_at: Mapped[datetime]
