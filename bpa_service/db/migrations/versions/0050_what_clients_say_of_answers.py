"""What clients say once they have the answer: what they think of it, and what came of it."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls
from service_kit.rls import setting

revision: Final = "0050"
down_revision: Final[str | None] = "0049"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"


def upgrade() -> None:
    op.create_table(
        "outcomes",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("decision_version", sa.Integer(), nullable=False),
        sa.Column("deal", sa.String(length=32), nullable=False),
        sa.Column("proved", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outcomes_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_outcomes")),
    )
    op.create_index(op.f("ix_outcomes_reported_at"), "outcomes", ["reported_at"])
    op.create_table(
        "ratings",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("decision_version", sa.Integer(), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_ratings_case_id_cases")),
        sa.PrimaryKeyConstraint("case_id", "decision_version", name=op.f("pk_ratings")),
    )
    op.create_index(op.f("ix_ratings_rated_at"), "ratings", ["rated_at"])
    # Only cabinet's events write these.
    for table in ("outcomes", "ratings"):
        rls.enable(table, seen_by=AT_THE_DESK, written_by="false")


def downgrade() -> None:
    op.drop_table("ratings")
    op.drop_table("outcomes")
