"""The tables of cases. Rows of the past (decisions, messages, notes, disputes) are rewritten by nothing but the
erasure of their client.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Enum,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bpa_service.cases.domain import OPEN, Hold, Standing
from bpa_service.db.base import Base
from shared_schemas.events.bpa_v1 import FindingSeverity
from shared_schemas.words import DeclineReason, InspectionState, Shot, Verdict


def _values(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


def _word(words: type[StrEnum]) -> Enum:
    # As text without a CHECK: a new word of the vocabulary must not need a migration of a big table.
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=_values,
    )


_IS_OPEN: Final = text("state IN ({})".format(", ".join(f"'{state}'" for state in sorted(OPEN))))


class TaskState(StrEnum):
    """What became of an ask."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Side(StrEnum):
    """Who wrote a message."""

    CLIENT = "client"
    EXPERT = "expert"


class DecisionKind(StrEnum):
    """Whether a decision is a first word, the answer, or a later version of the answer."""

    PRELIMINARY = "preliminary"
    FINAL = "final"
    AMENDMENT = "amendment"


class Case(Base):
    """One inspection as experts work on it; `id` is the inspection's.

    `queue_place` orders the open cases by urgency and time left, `next_tick_at` says when time alone changes
    something next. Both are derived from the clock and rewritten with it. `version` counts the acts.
    `holder_changed_at` never goes back, although an act may have begun before the one that it had to wait for.
    Of one with `erased_at` only ids, numbers, times, states and verdicts are left, here and in the tables below.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_queue", "queue_place", "id", postgresql_where=_IS_OPEN),
        Index("ix_cases_holder", "holder_id", "queue_place", "id", postgresql_where=_IS_OPEN),
        Index("ix_cases_next_tick", "next_tick_at", postgresql_where=text("next_tick_at IS NOT NULL")),
        Index("ix_cases_opened", "opened_at", "id"),
        Index("ix_cases_client", text("(client ->> 'account_id')"), "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), index=True)
    state: Mapped[InspectionState] = mapped_column(_word(InspectionState))
    version: Mapped[int] = mapped_column(Integer, default=1)
    claim: Mapped[dict[str, Any]]
    client: Mapped[dict[str, Any]]
    worry: Mapped[str | None] = mapped_column(Text)
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
    disputed: Mapped[bool] = mapped_column(Boolean, default=False)
    holder_changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    claimed_at: Mapped[datetime | None]
    lease_expires_at: Mapped[datetime | None]
    second_opinion_asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
    claim_late: Mapped[bool] = mapped_column(Boolean, default=False)
    photo_count: Mapped[int] = mapped_column(Integer, default=0)
    needs_second_expert: Mapped[bool] = mapped_column(Boolean, default=False)
    urgent: Mapped[bool] = mapped_column(Boolean, server_default=false())
    clock_number: Mapped[int] = mapped_column(Integer, default=1)
    queue_place: Mapped[datetime]
    next_tick_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime]
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    @property
    def standing(self) -> Standing:
        return Standing(
            ended=None if self.state in OPEN else self.state,
            waiting=self.state is InspectionState.WAITING_CLIENT,
            disputed=self.disputed,
            asked_by=self.second_opinion_asked_by,
            hold=Hold(self.holder_id, self.lease_expires_at) if self.holder_id else None,
        )

    @standing.setter
    def standing(self, standing: Standing) -> None:
        self.state = standing.state
        self.disputed = standing.disputed
        self.second_opinion_asked_by = standing.asked_by
        self.holder_id = standing.hold and standing.hold.expert_id
        self.lease_expires_at = standing.hold and standing.hold.expires_at


class InfoTask(Base):
    """Something asked of the client. `ended_at` is when the client did it or declined, or we withdrew it."""

    __tablename__ = "info_tasks"
    __table_args__ = (Index(None, "case_id", "asked_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    state: Mapped[TaskState] = mapped_column(_word(TaskState), default=TaskState.OPEN)
    shot: Mapped[Shot | None] = mapped_column(_word(Shot))
    question: Mapped[str] = mapped_column(Text)
    place: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    blocking: Mapped[bool] = mapped_column(Boolean)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    asked_at: Mapped[datetime]
    notified_at: Mapped[datetime | None]
    channel: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None]
    evidence_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    answer: Mapped[str | None] = mapped_column(Text)
    decline_reason: Mapped[DeclineReason | None] = mapped_column(_word(DeclineReason))
    decline_note: Mapped[str | None] = mapped_column(Text)


class Finding(Base):
    """One statement of an expert, bound to places on evidence, to a vehicle record, or to a rule."""

    __tablename__ = "findings"
    __table_args__ = (Index(None, "case_id", "recorded_at"), Index(None, "author_id", "recorded_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    severity: Mapped[FindingSeverity] = mapped_column(_word(FindingSeverity))
    text: Mapped[str] = mapped_column(Text)
    record_ref: Mapped[str | None] = mapped_column(String(200))
    rule_ref: Mapped[str | None] = mapped_column(String(200))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    recorded_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    places: Mapped[list["FindingPlace"]] = relationship(
        lazy="raise", order_by="FindingPlace.position", cascade="all, delete-orphan", passive_deletes=True
    )


class FindingPlace(Base):
    """Where on which photo; without a region it is the whole photo. Shares of the upright picture, 0 to 1."""

    __tablename__ = "finding_places"

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("findings.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), index=True)
    region: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class Message(Base):
    """A word between client and experts. `author_id` is None for the client's."""

    __tablename__ = "messages"
    __table_args__ = (Index(None, "case_id", "posted_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    side: Mapped[Side] = mapped_column(_word(Side))
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
    text: Mapped[str] = mapped_column(Text)
    posted_at: Mapped[datetime]


class Note(Base):
    """A word among experts; the client never sees it."""

    __tablename__ = "notes"
    __table_args__ = (Index(None, "case_id", "written_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]


class Decision(Base):
    """A version of the answer. `findings` are the findings as they were then, in the wire's form."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("case_id", "version"),
        Index(None, "author_id", "decided_at"),
        Index(None, "decided_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[DecisionKind] = mapped_column(_word(DecisionKind))
    verdict: Mapped[Verdict] = mapped_column(_word(Verdict))
    summary: Mapped[str] = mapped_column(Text)
    advice: Mapped[str | None] = mapped_column(Text)
    findings: Mapped[list[Any]] = mapped_column(JSONB)
    not_covered: Mapped[list[str]] = mapped_column(ARRAY(Text))
    reason: Mapped[str | None] = mapped_column(Text)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    decided_at: Mapped[datetime]


class CheckOutcome(StrEnum):
    """What came of a check. `ODD` is for a finding to explain, `IMPOSSIBLE` for the verdict to tell."""

    OK = "ok"
    ODD = "odd"
    IMPOSSIBLE = "impossible"


class CheckResult(Base):
    """What came of one check of the checklist."""

    __tablename__ = "check_results"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("checks.id"), primary_key=True)
    outcome: Mapped[CheckOutcome] = mapped_column(_word(CheckOutcome))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    recorded_at: Mapped[datetime]


class SavedDraft(Base):
    """The verdict that is being written, for whoever goes on with the case. Gone once there is an answer."""

    __tablename__ = "drafts"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    verdict: Mapped[Verdict | None] = mapped_column(_word(Verdict))
    summary: Mapped[str] = mapped_column(Text)
    advice: Mapped[str] = mapped_column(Text)
    not_covered: Mapped[str] = mapped_column(Text)
    without: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    saved_at: Mapped[datetime]


class SecondOpinion(Base):
    """What a second expert was asked and said. Open until it is answered or withdrawn."""

    __tablename__ = "second_opinions"
    __table_args__ = (
        Index(
            "uq_second_opinions_open",
            "case_id",
            unique=True,
            postgresql_where=text("answered_at IS NULL AND withdrawn_at IS NULL"),
        ),
        Index(None, "case_id", "asked_at"),
        Index(None, "answered_by", "answered_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    question: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    asked_at: Mapped[datetime]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
    answered_at: Mapped[datetime | None]
    verdict: Mapped[Verdict | None] = mapped_column(_word(Verdict))
    text: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[datetime | None]


class Dispute(Base):
    """An answer that the client does not accept. Open until an amendment answers it."""

    __tablename__ = "disputes"
    __table_args__ = (Index(None, "case_id", "opened_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("cases.id"))
    reason: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    disputed_version: Mapped[int | None] = mapped_column(Integer)
    answered_version: Mapped[int | None] = mapped_column(Integer)


class Incident(Base):
    """A failure of the platform, declared by a shift lead. While it lasts every open clock stands still."""

    __tablename__ = "incidents"
    __table_args__ = (Index(None, "started_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    note: Mapped[str] = mapped_column(Text)
    started_by: Mapped[UUID] = mapped_column(ForeignKey("experts.id"))
    started_at: Mapped[datetime]
    ended_by: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
    ended_at: Mapped[datetime | None]
