"""The inspection, and what every act on it touches: its timeline, what is asked, and the experts' clock."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, Sequence, SmallInteger, String, Text, false, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Uuid

from cabinet_service.accounts.visibility import Order
from cabinet_service.db.base import Base
from cabinet_service.inspections.core.domain import Kind, Role, TaskState
from service_kit.personal_columns import not_personal, personal, personal_keys, personal_name
from shared_schemas.personal import ERASED
from shared_schemas.words import DeclineDetail, DeclineReason, IdentifierKind, InspectionState, Shot

# Seven digits from the first one on, without leading zeros that get lost when a number is read out.
Sequence("inspection_numbers", start=1_000_001, metadata=Base.metadata)


class Inspection(Order, Base):
    """What a client ordered. `version` grows with every change that a client can see.

    `…_typed` is what the client typed and `identifier_kind_asked` how it is to be read, both kept even where they
    make no sense; `identifier` and `plate` are what was read, for comparison and search. `as_seen` is the word of
    the client that the number stands so on the car, whatever is wrong with it. `shot_answers` are of
    shared_schemas.evidence.AnsweredShot.
    `claimed_at` is since when the expert has it, `usual_seconds` how long that usually takes, if that is known.
    `ended_reason` and `ended_note` say why there is no answer, or why the client cancelled.
    `reminded_at` is when whoever has to photograph it was reminded last, in its company.
    Of one with `erased_at` only ids, its number, times and states are left, here and in the tables below.
    `is_test` is how it was ordered, in a sandbox or not, and never changes.
    """

    __tablename__ = "inspections"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(
        String(16),
        unique=True,
        server_default=text("'A-' || nextval('inspection_numbers')"),
        info=not_personal(),
    )
    state: Mapped[InspectionState]
    is_test: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())

    identifier_typed: Mapped[str | None] = mapped_column(String(200), info=personal())
    identifier_kind_asked: Mapped[IdentifierKind | None] = mapped_column(info=personal())
    identifier: Mapped[str | None] = mapped_column(String(64), info=personal())
    as_seen: Mapped[bool] = mapped_column(
        Boolean, default=False, server_default=false(), info=personal(False)
    )
    plate_typed: Mapped[str | None] = mapped_column(String(200), info=personal())
    plate: Mapped[str | None] = mapped_column(String(64), info=personal())
    make: Mapped[str | None] = mapped_column(String(200), info=personal())
    model: Mapped[str | None] = mapped_column(String(200), info=personal())
    year: Mapped[int | None] = mapped_column(SmallInteger, info=personal())
    mileage_km: Mapped[int | None] = mapped_column(Integer, info=personal())
    advert_url: Mapped[str | None] = mapped_column(Text, info=personal())
    worry: Mapped[str | None] = mapped_column(Text, info=personal())
    shot_answers: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"), info=personal([]))

    expert_id: Mapped[UUID | None]
    expert_name: Mapped[str | None] = mapped_column(String(200), info=not_personal())
    claimed_at: Mapped[datetime | None]
    usual_seconds: Mapped[int | None] = mapped_column(Integer)
    ended_reason: Mapped[str | None] = mapped_column(Text, info=personal())
    ended_note: Mapped[str | None] = mapped_column(Text, info=personal())

    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "account_id", "created_at", "id"),
        Index(None, "company_id", "created_at", "id", postgresql_where=text("company_id IS NOT NULL")),
        Index(None, "branch_id", "created_at", "id", postgresql_where=text("branch_id IS NOT NULL")),
        # By what the same car is found again, as a whole or by how it begins.
        Index(
            "ix_inspections_identifiers_of_company",
            "company_id",
            "identifier",
            postgresql_ops={"identifier": "text_pattern_ops"},
            postgresql_where=text("company_id IS NOT NULL"),
        ),
        Index(
            "ix_inspections_plates_of_company",
            "company_id",
            "plate",
            postgresql_ops={"plate": "text_pattern_ops"},
            postgresql_where=text("company_id IS NOT NULL"),
        ),
        # What a company ordered in a month.
        Index(
            None,
            "company_id",
            "submitted_at",
            "id",
            postgresql_where=text("company_id IS NOT NULL AND submitted_at IS NOT NULL"),
        ),
        # What of a company, of a branch, or of a person in one, waits for photos, is with an expert, is answered.
        Index(
            "ix_inspections_board",
            "company_id",
            "state",
            "created_at",
            "id",
            postgresql_where=text("company_id IS NOT NULL"),
        ),
        Index(
            "ix_inspections_board_of_branch",
            "branch_id",
            "state",
            "created_at",
            "id",
            postgresql_where=text("branch_id IS NOT NULL"),
        ),
        Index(
            "ix_inspections_board_of_person",
            "account_id",
            "state",
            "created_at",
            "id",
            postgresql_where=text("company_id IS NOT NULL"),
        ),
        Index("ix_inspections_tests", "created_at", postgresql_where=text("is_test AND erased_at IS NULL")),
        # Not by updated_at: a column that every act changes would make every act rewrite every index.
        Index("ix_inspections_drafts", "created_at", postgresql_where=text("state = 'draft'")),
    )


class InfoTask(Base):
    """Something the experts asked of the client. `place` is a shared_schemas.evidence.PlaceOnEvidence."""

    __tablename__ = "info_tasks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"))
    shot: Mapped[Shot | None]
    question: Mapped[str] = mapped_column(Text, info=personal(ERASED))
    place: Mapped[dict[str, Any] | None] = mapped_column(info=personal())
    blocking: Mapped[bool]
    asked_by_id: Mapped[UUID]
    asked_by_name: Mapped[str] = mapped_column(String(200), info=not_personal())
    created_at: Mapped[datetime]
    state: Mapped[TaskState]
    ended_at: Mapped[datetime | None]
    evidence_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    answer: Mapped[str | None] = mapped_column(Text, info=personal())
    decline_reason: Mapped[DeclineReason | None]
    decline_detail: Mapped[DeclineDetail | None]
    decline_note: Mapped[str | None] = mapped_column(Text, info=personal())

    __table_args__ = (Index(None, "inspection_id", "created_at", "id"),)


class ClockMirror(Base):
    """The experts' clock as they last told it. `facts` is a shared_schemas.clock.Clock."""

    __tablename__ = "clocks"

    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspections.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    facts: Mapped[dict[str, Any]] = mapped_column(info=not_personal())


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
    actor_name: Mapped[str | None] = mapped_column(String(200), info=personal_name(of="actor_id"))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, info=personal_keys("reason"))

    __table_args__ = (Index(None, "inspection_id", "at", "id"),)
