"""The tables of chats. Whose a chat is stands among the addresses of notifications."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from service_kit.chats.tables import LinkColumns, UpdateColumns
from service_kit.personal_columns import erased_otherwise, not_personal
from shared_schemas.words import Shot


class Awaited(StrEnum):
    """What the next text in a chat is taken for."""

    NUMBER = "number"
    ANSWER = "answer"


class TelegramUpdate(UpdateColumns, Base):
    __tablename__ = "telegram_updates"


class TelegramLink(LinkColumns, Base):
    __tablename__ = "telegram_links"

    person_id: Mapped[UUID] = mapped_column(
        "account_id", ForeignKey("accounts.id"), index=True, info=not_personal(is_exported=False)
    )


class TelegramChat(Base):
    """What a chat is about: the draft that it fills, the shot that comes next, what a text is taken for.

    `number` is one that was read from a photo and is not confirmed yet.
    """

    __tablename__ = "telegram_chats"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(String(2), info=not_personal())
    draft_id: Mapped[UUID | None]
    task_id: Mapped[UUID | None]
    shot: Mapped[Shot | None]
    awaited: Mapped[Awaited | None]
    number: Mapped[str | None] = mapped_column(String(64), info=erased_otherwise(is_exported=False))
    changed_at: Mapped[datetime]


class TelegramPhoto(Base):
    """A photo or a file in a chat. It waits until it is said, or clear, what it is for: `inspection_id`.

    `file_id` is how to fetch it from Telegram, and `unique_id` how to know it again.
    """

    __tablename__ = "telegram_photos"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    unique_id: Mapped[str] = mapped_column(String(64), primary_key=True, info=not_personal(is_exported=False))
    file_id: Mapped[str] = mapped_column(String(256), info=erased_otherwise(is_exported=False))
    is_file: Mapped[bool] = mapped_column(Boolean)
    album: Mapped[str | None] = mapped_column(String(64), info=not_personal(is_exported=False))
    inspection_id: Mapped[UUID | None]
    task_id: Mapped[UUID | None]
    shot: Mapped[Shot | None]
    received_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        Index(
            "ix_telegram_photos_waiting",
            "chat_id",
            "received_at",
            postgresql_where=text("inspection_id IS NULL"),
        ),
    )


class TelegramStatus(Base):
    """A chat's one message about how an inspection stands. `shown_version` is that of the inspection it tells of.

    Without `message_id` it is still to be said.
    """

    __tablename__ = "telegram_statuses"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    shown_version: Mapped[int] = mapped_column(Integer)
    is_over: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (
        Index("ix_telegram_statuses_open", "inspection_id", postgresql_where=text("NOT is_over")),
    )
