"""The tables of exemplars. The bytes have one of their own, so that no list ever reads them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKey, Index, LargeBinary, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal


class Exemplar(Base):
    """What a picture shows. None is ever deleted: findings may point to one that was retired.

    `make_key` is the make as it is compared: PostgreSQL uses no index on `lower(make)` behind a wall, because
    `lower` might tell what it was called with. `sha256` is hex, of the file as it was uploaded; `width` and
    `height` are of the picture that is kept. One of a client's photo says `from_case_id` and `from_evidence_id`:
    with the client its picture, its note and its hash are forgotten, and it is retired.
    """

    __tablename__ = "exemplars"
    __table_args__ = (
        Index(None, "added_at", "id"),
        Index(None, "from_case_id"),
        Index(None, "make_key", "added_at", "id"),
        Index(
            "uq_exemplars_sha256_in_use", "sha256", unique=True, postgresql_where=text("retired_at IS NULL")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    make: Mapped[str] = mapped_column(String(64), info=not_personal())
    make_key: Mapped[str] = mapped_column(String(192), info=not_personal())
    model: Mapped[str | None] = mapped_column(String(64), info=not_personal())
    plant: Mapped[str | None] = mapped_column(String(100), info=not_personal())
    year_from: Mapped[int | None] = mapped_column(SmallInteger)
    year_to: Mapped[int | None] = mapped_column(SmallInteger)
    marking: Mapped[str] = mapped_column(String(32), info=not_personal())
    tags: Mapped[Sequence[str]] = mapped_column(ARRAY(String(40)), info=not_personal())
    note: Mapped[str | None] = mapped_column(Text, info=not_personal())
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    width: Mapped[int] = mapped_column(SmallInteger)
    height: Mapped[int] = mapped_column(SmallInteger)
    sha256: Mapped[str] = mapped_column(String(64), info=not_personal())
    from_case_id: Mapped[UUID | None]
    from_evidence_id: Mapped[UUID | None]


class ExemplarPicture(Base):
    """The picture itself, a JPEG. It never changes."""

    __tablename__ = "exemplar_pictures"

    exemplar_id: Mapped[UUID] = mapped_column(ForeignKey("exemplars.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column("bytes", LargeBinary, info=not_personal())
