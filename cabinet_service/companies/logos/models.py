"""The table of logos."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from service_kit.personal_columns import not_personal


class CompanyLogo(Base):
    """The logo of a company: a PNG that we drew of the file that was sent, which is not kept."""

    __tablename__ = "company_logos"

    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    png: Mapped[bytes] = mapped_column(LargeBinary, info=not_personal(is_exported=False))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    set_at: Mapped[datetime]
