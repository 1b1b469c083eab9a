"""The table of watched cars."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cabinet_service.db.base import Base
from service_kit.personal_columns import erased_otherwise


class WatchNews(StrEnum):
    """What there is that is new of a car: records of sources, or an answer to a check by the same company."""

    RECORDS = "records"
    CHECK = "check"


class Watch(Base):
    """That somebody watches the car of an inspection, until `ends_at`. Which car it is stands there alone.

    `records` is the most that there were of each source and kind whenever they were counted, by "source kind";
    `answers` the version of the answer to each check by a colleague at the last look, by the check's id. Either
    is null until it was looked for. `look_at` is when one looks next, and `looked_at` when one did. `news` is
    what was new when the person was told last, at `told_at`.

    The row goes with the inspection, with the person's account, and when they are done with it.
    """

    __tablename__ = "watches"

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    look_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    records: Mapped[dict[str, int] | None] = mapped_column(JSONB, info=erased_otherwise())
    answers: Mapped[dict[str, int] | None] = mapped_column(JSONB, info=erased_otherwise(is_exported=False))
    news: Mapped[list[str]] = mapped_column(
        ARRAY(String(16)), default=list, server_default="{}", info=erased_otherwise()
    )
    told_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "inspection_id"), Index(None, "look_at"))
