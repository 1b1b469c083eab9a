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

    A run that is `waiting` or `cancelled` has brought nothing, and its `number` means nothing: it gets a new one
    when it begins, by which the store knows it and the runs of a source lie in order. `portion`, `sent` (rows of
    the store) and `bytes_read` (of the file's `size`) are how far it was when it last showed life, which counts
    until `alive_until`; `tally` is the account of the rows by then, `added` and `withdrawn` what it came to.
    `reason` is a stable code that says why it failed or what it waits for.

    `holder` is the process that works on it, and `stalls` how often in a row one got no further. `stored` is
    where the file of one lies that was in the line: within the folder of uploads, or of drops, by `came_by`;
    `written_ns` is when a dropped one was written.
    """

    __tablename__ = "vehicle_imports"
    __table_args__ = (
        Index(
            "uq_vehicle_imports_source_running",
            "source",
            unique=True,
            postgresql_where=text("state = 'running'"),
        ),
        Index(
            "ix_vehicle_imports_to_do",
            "id",
            postgresql_where=text("state IN ('waiting', 'running', 'undoing')"),
        ),
        Index(None, "source", "number"),
        Index(None, "source", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    source: Mapped[str] = mapped_column(String(40), info=not_personal())
    file: Mapped[str] = mapped_column(String(200), info=not_personal())
    sha256: Mapped[str] = mapped_column(String(64), info=not_personal())
    size: Mapped[int | None] = mapped_column(BigInteger)
    as_of: Mapped[datetime]
    came_by: Mapped[str] = mapped_column(String(10), info=not_personal())
    started_by: Mapped[UUID | None]
    stored: Mapped[str | None] = mapped_column(String(400), info=not_personal())
    written_ns: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str] = mapped_column(String(10), info=not_personal())
    reason: Mapped[str | None] = mapped_column(String(40), info=not_personal())
    holder: Mapped[UUID | None]
    stalls: Mapped[int] = mapped_column(Integer, default=0)
    portion: Mapped[int] = mapped_column(Integer, default=0)
    sent: Mapped[int] = mapped_column(BigInteger, default=0)
    bytes_read: Mapped[int] = mapped_column(BigInteger, default=0)
    tally: Mapped[Mapping[str, Any]] = mapped_column(JSONB, info=not_personal())
    added: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn: Mapped[int | None] = mapped_column(BigInteger)
    came_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    alive_until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
