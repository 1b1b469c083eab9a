"""The rules that were learned last."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal


class LearnedVins(Base):
    """One row: what the records taught at `learned_at`. `rules` are packed (`packing`), `count` of them."""

    __tablename__ = "learned_vins"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    learned_at: Mapped[datetime]
    count: Mapped[int] = mapped_column(Integer)
    rules: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal(is_exported=False))
