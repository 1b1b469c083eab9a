"""The tables of templates and checks."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal
from shared_schemas.words import Shot, Verdict


class TemplateKind(StrEnum):
    """Where the words belong."""

    QUESTION = "question"
    MESSAGE = "message"
    FINDING = "finding"
    SUMMARY = "summary"
    ADVICE = "advice"


class Language(StrEnum):
    """The languages of clients and of the desk."""

    RU = "ru"
    EN = "en"


class Template(Base):
    """Ready words. `text` may name what the case fills in: `{number}`, `{vin}`, `{car}`, `{shot}`.

    With a `shot` they are offered for that kind of marking only, with a `verdict` under that one only: under
    another they would be false. `language` is the one they are in, None where they fit any.
    """

    __tablename__ = "templates"
    __table_args__ = (Index(None, "kind", "title", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[TemplateKind] = mapped_column(String(32), info=not_personal())
    title: Mapped[str] = mapped_column(String(200), info=not_personal())
    text: Mapped[str] = mapped_column(Text, info=not_personal())
    shot: Mapped[Shot | None] = mapped_column(String(32), info=not_personal())
    verdict: Mapped[Verdict | None] = mapped_column(String(32), info=not_personal())
    language: Mapped[Language | None] = mapped_column(String(8), info=not_personal())
    changed_at: Mapped[datetime]


class Check(Base):
    """Something to look at on every photo of a kind of marking; without a `shot`, in every case.

    `text` is in the language of the desk; whoever has it in English reads `text_en` where there is one.
    `odd_text` and `odd_text_en` are what a finding says where it is odd, ready before.
    A retired one is asked for no more, and stays where it was answered.
    """

    __tablename__ = "checks"
    __table_args__ = (Index(None, "position", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    shot: Mapped[Shot | None] = mapped_column(String(32), info=not_personal())
    text: Mapped[str] = mapped_column(Text, info=not_personal())
    text_en: Mapped[str | None] = mapped_column(Text, info=not_personal())
    odd_text: Mapped[str | None] = mapped_column(Text, info=not_personal())
    odd_text_en: Mapped[str | None] = mapped_column(Text, info=not_personal())
    required: Mapped[bool] = mapped_column(Boolean)
    position: Mapped[int] = mapped_column(Integer)
    retired_at: Mapped[datetime | None]
