"""Reports of answers, and findings in words for the reader."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from service_kit import rls
from service_kit.rls import setting

revision: Final = "0048"
down_revision: Final[str | None] = "0047"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None

AT_THE_DESK: Final = f"{setting('scope')} = 'desk'"


def upgrade() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_reports_case_id_cases")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
        sa.UniqueConstraint("case_id", "version", name=op.f("uq_reports_case_id_version")),
    )
    op.add_column("findings", sa.Column("meaning", sa.Text(), nullable=True))
    op.add_column("findings", sa.Column("to_do", sa.Text(), nullable=True))
    rls.enable("reports", seen_by=AT_THE_DESK, written_by="false")


def downgrade() -> None:
    op.drop_column("findings", "to_do")
    op.drop_column("findings", "meaning")
    op.drop_table("reports")
