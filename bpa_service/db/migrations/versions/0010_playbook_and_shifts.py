"""Templates, checks, drafts of verdicts, urgent cases; shifts, and who has which case open."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls
from service_kit.rls import id_in, setting

revision: Final = "0010"
down_revision: Final[str | None] = "0009"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

ROLE: Final = setting("role")
AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"
WORKS_ON_CASES: Final = f"{ROLE} IN ('expert', 'senior', 'shift_lead')"
KEEPS_THE_PLAYBOOK: Final = f"{ROLE} IN ('senior', 'bpa_admin')"
MINE: Final = f"expert_id = {id_in('expert_id')}"


def upgrade() -> None:
    # The default also serves processes of the version before, which do not name the column.
    op.add_column("cases", sa.Column("urgent", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    _playbook()
    _cases()
    _shifts()


def _playbook() -> None:
    op.create_table(
        "templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("shot", sa.String(length=32), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
    )
    op.create_index(op.f("ix_templates_kind_title_id"), "templates", ["kind", "title", "id"])
    op.create_table(
        "checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shot", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks")),
    )
    op.create_index(op.f("ix_checks_position_id"), "checks", ["position", "id"])
    for table in ("templates", "checks"):
        rls.enable(table, seen_by=AT_THE_DESK, written_by=KEEPS_THE_PLAYBOOK)


def _cases() -> None:
    op.create_table(
        "check_results",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["experts.id"], name=op.f("fk_check_results_author_id_experts")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_check_results_case_id_cases")),
        sa.ForeignKeyConstraint(["check_id"], ["checks.id"], name=op.f("fk_check_results_check_id_checks")),
        sa.PrimaryKeyConstraint("case_id", "check_id", name=op.f("pk_check_results")),
    )
    op.create_index(op.f("ix_decisions_author_id_decided_at"), "decisions", ["author_id", "decided_at"])
    op.create_index(op.f("ix_decisions_decided_at"), "decisions", ["decided_at"])
    op.create_index(op.f("ix_findings_author_id_recorded_at"), "findings", ["author_id", "recorded_at"])
    op.create_index(
        op.f("ix_second_opinions_answered_by_answered_at"), "second_opinions", ["answered_by", "answered_at"]
    )
    op.create_table(
        "drafts",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("not_covered", sa.Text(), nullable=False),
        sa.Column("without", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["experts.id"], name=op.f("fk_drafts_author_id_experts")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_drafts_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_drafts")),
    )
    for table in ("check_results", "drafts"):
        rls.enable(table, seen_by=AT_THE_DESK, written_by=WORKS_ON_CASES)


def _shifts() -> None:
    op.create_table(
        "shifts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_shifts_expert_id_experts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shifts")),
    )
    op.create_index(op.f("ix_shifts_expert_id_started_at"), "shifts", ["expert_id", "started_at"])
    op.create_index(
        "uq_shifts_running",
        "shifts",
        ["expert_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "presence",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_presence_case_id_cases")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_presence_expert_id_experts")),
        sa.PrimaryKeyConstraint("case_id", "expert_id", name=op.f("pk_presence")),
    )
    op.create_index(op.f("ix_presence_seen_at"), "presence", ["seen_at"])
    for table in ("shifts", "presence"):
        rls.enable(table, seen_by=AT_THE_DESK, written_by=MINE)


def downgrade() -> None:
    for name in (
        "ix_decisions_author_id_decided_at",
        "ix_decisions_decided_at",
        "ix_findings_author_id_recorded_at",
        "ix_second_opinions_answered_by_answered_at",
    ):
        op.drop_index(name)
    for table in ("presence", "shifts", "drafts", "check_results", "checks", "templates"):
        op.drop_table(table)
    op.drop_column("cases", "urgent")
