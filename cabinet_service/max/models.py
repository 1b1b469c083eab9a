"""The tables of chats in MAX. Whose a chat is stands among the addresses of notifications."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from service_kit.chats.tables import LinkColumns, UpdateColumns
from service_kit.personal_columns import not_personal


class MaxUpdate(UpdateColumns, Base):
    __tablename__ = "max_updates"


class MaxLink(LinkColumns, Base):
    __tablename__ = "max_links"

    person_id: Mapped[UUID] = mapped_column(
        "account_id", ForeignKey("accounts.id"), index=True, info=not_personal(is_exported=False)
    )
