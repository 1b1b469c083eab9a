"""The table of requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from service_kit.personal_columns import not_personal


class ApiRequest(Base):
    """A request with a key, and how it was answered: nothing of what was in it.

    `route` is the path as the contract has it, with names in place of ids; `public_id` is the key's. `problem` is
    the code of an answer that is one, `took_ms` how long it was until the answer began.
    """

    __tablename__ = "api_requests"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("companies.id"))
    key_id: Mapped[UUID]
    public_id: Mapped[str] = mapped_column(String(16), info=not_personal())
    at: Mapped[datetime]
    method: Mapped[str] = mapped_column(String(10), info=not_personal())
    route: Mapped[str] = mapped_column(String(200), info=not_personal())
    status: Mapped[int] = mapped_column(SmallInteger)
    problem: Mapped[str | None] = mapped_column(String(64), info=not_personal())
    request_id: Mapped[str] = mapped_column(String(64), info=not_personal())
    took_ms: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index(None, "company_id", "at", "id"),)
