"""The tables of templates and checks."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from shared_schemas.words import Shot


class TemplateKind(StrEnum):
    """Where the words belong."""

    QUESTION = "question"
    MESSAGE = "message"
    FINDING = "finding"
    SUMMARY = "summary"
    ADVICE = "advice"


class Template(Base):
    """Ready words. `text` may name what the case fills in: `{number}`, `{vin}`, `{car}`, `{shot}`.

    With a `shot` they are offered for that kind of marking only.
    """

    __tablename__ = "templates"
    __table_args__ = (Index(None, "kind", "title", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[TemplateKind] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    shot: Mapped[Shot | None] = mapped_column(String(32))
    changed_at: Mapped[datetime]


class Check(Base):
    """Something to look at on every photo of a kind of marking; without a `shot`, in every case.

    A retired one is asked for no more, and stays where it was answered.
    """

    __tablename__ = "checks"
    __table_args__ = (Index(None, "position", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    shot: Mapped[Shot | None] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    required: Mapped[bool] = mapped_column(Boolean)
    position: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None]
