"""What clients say once they have the answer: what they think of it, and what came of it."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls

revision: Final = "0036"
down_revision: Final[str | None] = "0035"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_table(
        "outcomes",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_version", sa.Integer(), nullable=True),
        sa.Column("deal", sa.String(length=32), nullable=True),
        sa.Column("proved", sa.String(length=32), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_outcomes_inspection_id_inspections")
        ),
        sa.PrimaryKeyConstraint("inspection_id", name=op.f("pk_outcomes")),
    )
    op.create_table(
        "ratings",
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("decision_version", sa.Integer(), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_ratings_inspection_id_inspections")
        ),
        sa.PrimaryKeyConstraint("inspection_id", "decision_version", name=op.f("pk_ratings")),
    )
    op.create_index(op.f("ix_decisions_decided_at"), "decisions", ["decided_at"])
    for table in ("outcomes", "ratings"):
        of_it = f"EXISTS (SELECT FROM inspections WHERE inspections.id = {table}.inspection_id)"
        rls.enable(table, seen_by=of_it)


def downgrade() -> None:
    op.drop_index(op.f("ix_decisions_decided_at"), table_name="decisions")
    op.drop_table("ratings")
    op.drop_table("outcomes")
