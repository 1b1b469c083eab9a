"""Cases of one car that an expert tied."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls
from service_kit.rls import setting

revision: Final = "0038"
down_revision: Final[str | None] = "0037"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"
WORKS_ON_CASES: Final = f"{setting('role')} IN ('expert', 'senior', 'shift_lead')"


def upgrade() -> None:
    op.create_table(
        "tied_cases",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("tied_by", sa.Uuid(), nullable=False),
        sa.Column("tied_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tied_cases_case_id_cases")),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name=op.f("fk_tied_cases_other_id_cases")),
        sa.ForeignKeyConstraint(["tied_by"], ["experts.id"], name=op.f("fk_tied_cases_tied_by_experts")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_tied_cases")),
    )
    op.create_index(op.f("ix_tied_cases_other_id"), "tied_cases", ["other_id"])
    rls.enable("tied_cases", seen_by=AT_THE_DESK, written_by=WORKS_ON_CASES)


def downgrade() -> None:
    op.drop_table("tied_cases")
