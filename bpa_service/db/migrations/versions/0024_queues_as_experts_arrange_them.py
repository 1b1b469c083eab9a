"""What experts put off, and the views of the queue that they keep."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls
from service_kit.rls import id_in

revision: Final = "0024"
down_revision: Final[str | None] = "0023"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

MINE: Final = f"expert_id = {id_in('expert_id')}"


def upgrade() -> None:
    op.create_table(
        "snoozes",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_snoozes_case_id_cases")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_snoozes_expert_id_experts")),
        sa.PrimaryKeyConstraint("expert_id", "case_id", name=op.f("pk_snoozes")),
    )
    op.create_index(op.f("ix_snoozes_until"), "snoozes", ["until"])
    op.create_table(
        "kept_views",
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("view", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("queue_order", sa.String(length=32), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_kept_views_expert_id_experts")),
        sa.PrimaryKeyConstraint("expert_id", "name", name=op.f("pk_kept_views")),
    )
    for table in ("snoozes", "kept_views"):
        rls.enable(table, seen_by=MINE)


def downgrade() -> None:
    for table in ("kept_views", "snoozes"):
        op.drop_table(table)
