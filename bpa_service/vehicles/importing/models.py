"""The runs of imports: what was read, how far it is, and what it came to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal


class ImportRun(Base):
    """One file of one source. Of a source one run at a time is `running`, as long as it shows life.

    `number` names it in the store. `portion` and `sent` (rows of the store) are what it had brought in when it
    last showed life, which counts until `alive_until`; `tally` is the account of the rows by then, `added` and
    `withdrawn` what it came to. `reason` is a stable code that says why it failed.
    """

    __tablename__ = "vehicle_imports"
    __table_args__ = (
        Index(
            "uq_vehicle_imports_source_running",
            "source",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
        Index(None, "source", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    source: Mapped[str] = mapped_column(String(40), info=not_personal())
    file: Mapped[str] = mapped_column(String(200), info=not_personal())
    sha256: Mapped[str] = mapped_column(String(64), info=not_personal())
    as_of: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), info=not_personal())
    reason: Mapped[str | None] = mapped_column(String(40), info=not_personal())
    portion: Mapped[int] = mapped_column(Integer, default=0)
    sent: Mapped[int] = mapped_column(BigInteger, default=0)
    tally: Mapped[Mapping[str, Any]] = mapped_column(JSONB, info=not_personal())
    added: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn: Mapped[int | None] = mapped_column(BigInteger)
    started_at: Mapped[datetime]
    alive_until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
