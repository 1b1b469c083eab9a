"""The tables of links that show a report, and of who has opened one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from cabinet_service.reports.subjects import AboutOne, one_subject
from service_kit.personal_columns import erased_otherwise, not_personal, personal
from shared_schemas.report.presented import Reader, Scope

LABEL_CHARACTERS = 80


class ReportShare(AboutOne, Base):
    """A link. Its token is worked out from `id` (`links`), and found by the hash.

    `reader` says for whom it is worded, `photos` and `history` what it shows; `language` is null where whoever
    opens it chooses. `code_hash` is null where no code is asked for; `code_misses` counts the wrong ones, for
    good. `shown` are the versions that it has shown, which it goes on showing; `views` counts how often it was
    opened, of one browser within half an hour once.
    """

    __tablename__ = "report_shares"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    token_sha256: Mapped[bytes] = mapped_column(
        LargeBinary(32), unique=True, info=not_personal(is_exported=False)
    )
    label: Mapped[str | None] = mapped_column(String(LABEL_CHARACTERS), info=personal())
    reader: Mapped[Reader]
    language: Mapped[str | None] = mapped_column(String(2), info=not_personal())
    photos: Mapped[bool]
    history: Mapped[bool]
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), info=personal(is_exported=False))
    code_misses: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    code_locked_until: Mapped[datetime | None]
    shown: Mapped[list[int]] = mapped_column(ARRAY(Integer), server_default=text("'{}'"))
    views: Mapped[int] = mapped_column(Integer, default=0, server_default=text("0"))
    viewed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "inspection_id", "created_at"),
        Index(None, "history_id", "created_at", postgresql_where=text("history_id IS NOT NULL")),
        Index(None, "expires_at"),
        one_subject(),
    )

    @property
    def scope(self) -> Scope:
        return Scope(photos=self.photos, history=self.history)

    def is_live(self, now: datetime) -> bool:
        """Whether it shows anything, as far as the link itself says."""
        return self.revoked_at is None and now < self.expires_at


class ShareView(Base):
    """A browser has opened a version by a link. `browser` is a hash of what it was given for this link alone.

    The rows go with the link's end (`service.forget_old`) or its client; what the link counts stays.
    """

    __tablename__ = "share_views"

    share_id: Mapped[UUID] = mapped_column(
        ForeignKey("report_shares.id", ondelete="CASCADE"), primary_key=True
    )
    browser: Mapped[bytes] = mapped_column(
        LargeBinary(16), primary_key=True, info=erased_otherwise(is_exported=False)
    )
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
