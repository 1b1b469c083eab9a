"""The table of ordered histories."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, Index, Sequence, String, false, text
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.accounts.visibility import Order
from cabinet_service.db.base import Base
from service_kit.personal_columns import not_personal, personal
from shared_schemas.personal import ERASED
from shared_schemas.words import IdentifierKind

Sequence("history_numbers", start=1_000_001, metadata=Base.metadata)


class HistoryOrder(Order, Base):
    """What a client wants to know of the car with a number, which nobody looks at.

    `made_at` is when its report was made, null while it is; `has_gaps`: a source has not answered for it. Of one
    with `erased_at` only ids, its number and times are left; `forgotten_at` is when the experts' side had erased
    it too. `is_test` is how it was ordered, in a sandbox or not, and never changes.
    """

    __tablename__ = "history_orders"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(
        String(16),
        unique=True,
        server_default=text("'H-' || nextval('history_numbers')"),
        info=not_personal(),
    )
    identifier_kind: Mapped[IdentifierKind]
    identifier: Mapped[str] = mapped_column(String(64), info=personal(ERASED))
    created_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    has_gaps: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    is_test: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    erased_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_history_orders_tests", "created_at", postgresql_where=text("is_test AND erased_at IS NULL")
        ),
        Index(None, "account_id", "created_at", "id"),
        Index(None, "company_id", "created_at", "id", postgresql_where=text("company_id IS NOT NULL")),
        Index(None, "branch_id", "created_at", "id", postgresql_where=text("branch_id IS NOT NULL")),
    )
