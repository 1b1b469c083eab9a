"""The case itself: the table that all slices are about."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, false, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bpa_service.cases.core.domain import OPEN, Hold, Standing
from bpa_service.db.base import Base
from service_kit.personal_columns import not_personal, personal, personal_in
from shared_schemas.events.cabinet_v1 import ClientRef, VehicleClaim
from shared_schemas.words import InspectionState

_IS_OPEN: Final = text("state IN ({})".format(", ".join(f"'{state}'" for state in sorted(OPEN))))


class Case(Base):
    """One inspection as experts work on it; `id` is the inspection's.

    `queue_place` orders the open cases by urgency and time left, `next_tick_at` says when time alone changes
    something next. Both are derived from the clock and rewritten with it. `version` counts the acts.
    `shot_answers` are of shared_schemas.evidence.AnsweredShot.
    `holder_changed_at` never goes back, although an act may have begun before the one that it had to wait for.
    `answered_by` is the author of the answer that counts, who neither amends it nor looks at a dispute of it.
    `number_key` and `plate_key` are what the car is found by (`claims`).
    Of one with `erased_at` only ids, numbers, times, states and verdicts are left, here and in the tables below.
    `is_test`: it was ordered in a sandbox, and a script decides it.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_queue", "queue_place", "id", postgresql_where=_IS_OPEN),
        Index("ix_cases_holder", "holder_id", "queue_place", "id", postgresql_where=_IS_OPEN),
        Index("ix_cases_open", "id", postgresql_where=_IS_OPEN),
        Index("ix_cases_tests", "id", postgresql_where=text("is_test")),
        Index("ix_cases_next_tick", "next_tick_at", postgresql_where=text("next_tick_at IS NOT NULL")),
        Index("ix_cases_opened", "opened_at", "id"),
        Index("ix_cases_client", text("(client ->> 'account_id')"), "id"),
        Index(None, "number_key"),
        Index(None, "plate_key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(32), index=True, info=not_personal())
    state: Mapped[InspectionState]
    is_test: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    version: Mapped[int] = mapped_column(Integer, default=1)
    claim: Mapped[dict[str, Any]] = mapped_column(info=personal_in(VehicleClaim))
    # Columns, and no indexes of expressions: behind row level security PostgreSQL uses none of a function that
    # might tell what it was given.
    number_key: Mapped[str | None] = mapped_column(Text, info=personal(is_exported=False))
    plate_key: Mapped[str | None] = mapped_column(Text, info=personal(is_exported=False))
    client: Mapped[dict[str, Any]] = mapped_column(info=personal_in(ClientRef, is_exported=False))
    worry: Mapped[str | None] = mapped_column(Text, info=personal())
    shot_answers: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"), info=personal([]))
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
    disputed: Mapped[bool] = mapped_column(Boolean, default=False)
    holder_changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    claimed_at: Mapped[datetime | None]
    lease_expires_at: Mapped[datetime | None]
    second_opinion_asked_by: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("experts.id"))
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
            answered_by=self.answered_by,
            hold=Hold(self.holder_id, self.lease_expires_at) if self.holder_id else None,
        )

    @standing.setter
    def standing(self, standing: Standing) -> None:
        self.state = standing.state
        self.disputed = standing.disputed
        self.second_opinion_asked_by = standing.asked_by
        self.answered_by = standing.answered_by
        self.holder_id = standing.hold and standing.hold.expert_id
        self.lease_expires_at = standing.hold and standing.hold.expires_at
