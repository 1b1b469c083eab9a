"""Inspections, and what cabinet knows of the experts' work on them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, Sequence, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from cabinet_service.db.base import Base
from cabinet_service.inspections.domain import Kind, Role, TaskState
from shared_schemas.words import DeclineReason, IdentifierKind, InspectionState, Shot

# Seven digits from the first one on, without leading zeros that get lost when a number is read out.
number_sequence = Sequence("inspection_numbers", start=1_000_001, metadata=Base.metadata)


class Inspection(Base):
    """What a client ordered. `version` grows with every change that a client can see.

    `…_typed` is what the client typed and `identifier_kind_asked` how it is to be read, both kept even where they
    make no sense; `identifier` and `plate` are what was read, for comparison and search.
    `ended_reason` and `ended_note` say why there is no answer, or why the client cancelled.
    Of one with `erased_at` only ids, its number, times and states are left, here and in the tables below.
    """

    __tablename__ = "inspections"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    company_id: Mapped[UUID | None] = mapped_column(ForeignKey("companies.id"))
    branch_id: Mapped[UUID | None] = mapped_column(ForeignKey("branches.id"))
    state: Mapped[InspectionState]

    identifier_typed: Mapped[str | None] = mapped_column(String(200))
    identifier_kind_asked: Mapped[IdentifierKind | None]
    identifier: Mapped[str | None] = mapped_column(String(64))
    plate_typed: Mapped[str | None] = mapped_column(String(200))
    plate: Mapped[str | None] = mapped_column(String(64))
    make: Mapped[str | None] = mapped_column(String(200))
    model: Mapped[str | None] = mapped_column(String(200))
    year: Mapped[int | None] = mapped_column(SmallInteger)
    mileage_km: Mapped[int | None] = mapped_column(Integer)
    advert_url: Mapped[str | None] = mapped_column(Text)
    worry: Mapped[str | None] = mapped_column(Text)

    expert_id: Mapped[UUID | None]
    expert_name: Mapped[str | None] = mapped_column(String(200))
    ended_reason: Mapped[str | None] = mapped_column(Text)
    ended_note: Mapped[str | None] = mapped_column(Text)

    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "account_id", "created_at", "id"),
        Index(None, "company_id", "created_at", "id", postgresql_where=text("company_id IS NOT NULL")),
        Index(None, "branch_id", "created_at", "id", postgresql_where=text("branch_id IS NOT NULL")),
        # Not by updated_at: a column that every act changes would make every act rewrite every index.
        Index("ix_inspections_drafts", "created_at", postgresql_where=text("state = 'draft'")),
    )


class InfoTask(Base):
    """Something the experts asked of the client. `place` is a shared_schemas.evidence.PlaceOnEvidence."""

    __tablename__ = "info_tasks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    shot: Mapped[Shot | None]
    question: Mapped[str] = mapped_column(Text)
    place: Mapped[dict[str, Any] | None]
    blocking: Mapped[bool]
    asked_by_id: Mapped[UUID]
    asked_by_name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    state: Mapped[TaskState]
    ended_at: Mapped[datetime | None]
    evidence_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    answer: Mapped[str | None] = mapped_column(Text)
    decline_reason: Mapped[DeclineReason | None]
    decline_note: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index(None, "inspection_id", "created_at", "id"),)


class Message(Base):
    """One message between the client and the experts."""

    __tablename__ = "messages"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    author_role: Mapped[Role]
    author_id: Mapped[UUID]
    author_name: Mapped[str | None] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    posted_at: Mapped[datetime]

    __table_args__ = (Index(None, "inspection_id", "posted_at", "id"),)


class Decision(Base):
    """One version of the answer. `body` is a shared_schemas.events.bpa_v1.DecisionView."""

    __tablename__ = "decisions"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    preliminary: Mapped[bool]
    body: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime]


class ClockMirror(Base):
    """The experts' clock as they last told it. `facts` is a shared_schemas.clock.Clock."""

    __tablename__ = "clocks"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    facts: Mapped[dict[str, Any]]


class Dispute(Base):
    """The client does not accept a version of the answer. `settled_at` is when the next version came."""

    __tablename__ = "disputes"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    decision_version: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "inspection_id", "opened_at"),)


class TimelineEntry(Base):
    """Something that happened, as the client may read it. Never changed, but for erasing a name; never deleted.

    `at` is when it happened; `data` holds ids and small values by which it can be told in words.
    """

    __tablename__ = "timeline_entries"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    at: Mapped[datetime]
    kind: Mapped[Kind]
    actor_role: Mapped[Role]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str | None] = mapped_column(String(200))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)

    __table_args__ = (Index(None, "inspection_id", "at", "id"),)
