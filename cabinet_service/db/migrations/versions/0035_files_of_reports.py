"""Files of reports."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from service_kit import rls

revision: Final = "0035"
down_revision: Final[str | None] = "0034"
branch_labels: Final[Sequence[str] | None] = None
depends_on: Final[Sequence[str] | None] = None


def upgrade() -> None:
    op.create_table(
        "report_files",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("inspection_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("certificate", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_report_files_inspection_id_inspections")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.report_id"], name=op.f("fk_report_files_report_id_reports")
        ),
        sa.PrimaryKeyConstraint("report_id", "language", "form", name=op.f("pk_report_files")),
    )
    op.create_index(op.f("ix_report_files_inspection_id"), "report_files", ["inspection_id"])
    op.create_index(op.f("ix_report_files_sha256"), "report_files", ["sha256"])
    of_it = "EXISTS (SELECT FROM inspections WHERE inspections.id = report_files.inspection_id)"
    rls.enable("report_files", seen_by=of_it, written_by="false")


def downgrade() -> None:
    op.drop_table("report_files")
