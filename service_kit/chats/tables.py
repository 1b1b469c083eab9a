"""The columns of what a bot is told, whom it knows, and what it has said of something."""

from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, LargeBinary, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from service_kit.personal_columns import erased_otherwise, not_personal

MAX_DEVICE: Final = 64


class UpdateColumns:
    """Something that happened in a chat, as its messenger tells it, answered once.

    `sayings` is what the bot says to it: written in the transaction of what it did about it, and said after that.
    `body` and `sayings` are forgotten once `answered_at`; that it came is kept as long as it may come again.
    """

    __tablename__: ClassVar[str]

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    album: Mapped[str | None] = mapped_column(String(64), info=not_personal(is_exported=False))
    body: Mapped[dict[str, Any] | None] = mapped_column(
        JSONB(none_as_null=True), info=erased_otherwise(is_exported=False)
    )
    sayings: Mapped[list[Any] | None] = mapped_column(
        JSONB(none_as_null=True), info=erased_otherwise(is_exported=False)
    )
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    received_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        unanswered = text("answered_at IS NULL")
        return (
            Index(f"ix_{cls.__tablename__}_waiting", "received_at", "update_id", postgresql_where=unanswered),
            Index(None, "chat_id"),
        )


class LinkColumns:
    """A link by which a person ties a chat to themself, or signs in, once. Whoever reads the table cannot use it.

    A service declares `person_id`, with its foreign key.
    """

    __tablename__: ClassVar[str]

    token_sha256: Mapped[bytes] = mapped_column(
        LargeBinary(32), primary_key=True, info=not_personal(is_exported=False)
    )
    person_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
