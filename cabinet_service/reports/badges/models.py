"""The table of badges."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from service_kit.personal_columns import not_personal


class ReportBadge(Base):
    """A badge of an inspection; one at a time, beside those that were ended. Its token is worked out from `id`
    (`links`), and found by the hash.
    """

    __tablename__ = "report_badges"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    token_sha256: Mapped[bytes] = mapped_column(
        LargeBinary(32), unique=True, info=not_personal(is_exported=False)
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_report_badges_standing",
            "inspection_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    def is_live(self, now: datetime) -> bool:
        """Whether it shows anything, as far as the badge itself says."""
        return self.revoked_at is None and now < self.expires_at
