"""The table of links for whoever stands at a car."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, LargeBinary, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from service_kit.personal_columns import not_personal, personal

LABEL_CHARACTERS: Final = 80


class YardLink(Base):
    """A link. Its token is worked out from `id` (`links`), and found by the hash.

    `account_id` gave it, a program by the key `key_id`. `may_submit`: done there is sent to the experts;
    `shows_note`: it shows what worries the client. `visits` counts how often it was opened, with half an hour in
    between; `used_at` is when it was opened or asked again last, `done_at` when whoever has it said that all is
    done.
    """

    __tablename__ = "yard_links"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    key_id: Mapped[UUID | None] = mapped_column(ForeignKey("api_keys.id"), index=True)
    token_sha256: Mapped[bytes] = mapped_column(
        LargeBinary(32), unique=True, info=not_personal(is_exported=False)
    )
    label: Mapped[str | None] = mapped_column(String(LABEL_CHARACTERS), info=personal())
    may_submit: Mapped[bool] = mapped_column(Boolean, server_default=false())
    shows_note: Mapped[bool] = mapped_column(Boolean, server_default=false())
    visits: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    used_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "inspection_id", "created_at"),)

    def is_live(self, now: datetime) -> bool:
        """Whether it opens anything, as far as the link itself says."""
        return self.revoked_at is None and now < self.expires_at
